/** @returns the 20-byte SHA-1 of `bytes`: what the digest scheme stores of a password */
export function sha1(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x2000_0000))
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0)
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  const words = new Uint32Array(80)
  for (let at = 0; at < padded.length; at += 64) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(at + index * 4)
    addBlock(state, words)
  }
  const digest = new Uint8Array(20)
  const digestView = new DataView(digest.buffer)
  for (const [index, word] of state.entries()) digestView.setUint32(index * 4, word)
  return digest
}

function addBlock(state: Uint32Array, words: Uint32Array): void {
  const word = (index: number): number => words[index] ?? 0
  for (let index = 16; index < 80; index += 1) {
    words[index] = rotate(word(index - 3) ^ word(index - 8) ^ word(index - 14) ^ word(index - 16), 1)
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
  for (let index = 0; index < 80; index += 1) {
    const mixed = (rotate(a, 5) + roundValue(index, b, c, d) + e + word(index)) | 0
    e = d
    d = c
    c = rotate(b, 30)
    b = a
    a = mixed
  }
  for (const [index, value] of [a, b, c, d, e].entries()) state[index] = (state[index] ?? 0) + value
}

function roundValue(index: number, b: number, c: number, d: number): number {
  if (index < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (index < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (index < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
