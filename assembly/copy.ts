// Copying in codecs.                                                                       hot: per match
//
// Both copies work in strides of sixteen bytes and may write up to fifteen bytes past the end they were given (and read
// as many past the source): whoever makes the buffers leaves CODEC_SLACK_BYTES behind each.

/** Copies sixteen bytes. */
export function copy16(target: usize, source: usize): void {
  if (ASC_FEATURE_SIMD) {
    v128.store(target, v128.load(source))
  } else {
    const low = load<u64>(source)
    const high = load<u64>(source, 8)
    store<u64>(target, low)
    store<u64>(target, high, 8)
  }
}

/** Copies `size` bytes that do not overlap within sixteen bytes. */
export function copyStrides(target: usize, source: usize, size: usize): void {
  const end = target + size
  while (target < end) {
    copy16(target, source)
    target += 16
    source += 16
  }
}

/** Repeats the last `distance` bytes before `target` until `size` bytes are written: what a match of LZ77 means. */
export function copyMatch(target: usize, distance: usize, size: usize): void {
  if (distance >= 16) {
    copyStrides(target, target - distance, size)
    return
  }
  const end = target + size
  if (distance >= 8) {
    while (target < end) {
      store<u64>(target, load<u64>(target - distance))
      target += 8
    }
    return
  }
  while (target < end) {
    store<u8>(target, load<u8>(target - distance))
    target += 1
  }
}

/** How many bytes at `left` and `right` agree, looking no further than `leftEnd`. */
export function agreeing(left: usize, right: usize, leftEnd: usize): usize {
  const from = left
  while (left + 8 <= leftEnd) {
    const difference = load<u64>(left) ^ load<u64>(right)
    if (difference !== 0) return left - from + <usize>(ctz(difference) >> 3)
    left += 8
    right += 8
  }
  while (left < leftEnd && load<u8>(left) === load<u8>(right)) {
    left += 1
    right += 1
  }
  return left - from
}
