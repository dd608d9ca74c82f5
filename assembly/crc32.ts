// CRC by tables, sixteen bytes a step, for both polynomials that Kafka uses.              hot: per batch
//
// Table k (1 KiB each, k = 0…15) maps a byte to its contribution when 8k zero bits follow it.

import { CRC32C_TABLES_AT, CRC32_TABLES_AT, SHIFT_128_AT, SHIFT_512_AT } from '../src/wasm/core-layout.ts'

const CASTAGNOLI_REFLECTED: u32 = 0x82f63b78
const IEEE_REFLECTED: u32 = 0xedb88320
const TABLE_SIZE_BYTES: usize = 1024

function fillTables(tablesAt: usize, polynomial: u32): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc: u32 = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (polynomial & (0 - (crc & 1)))
    store<u32>(tablesAt + ((<usize>byte) << 2), crc)
  }
  for (let at: usize = tablesAt; at < tablesAt + 15 * TABLE_SIZE_BYTES; at += 4) {
    const shorter = load<u32>(at)
    store<u32>(at + TABLE_SIZE_BYTES, (shorter >>> 8) ^ load<u32>(tablesAt + ((<usize>(shorter & 0xff)) << 2)))
  }
}

/** Fills the tables. Once per memory, by whoever made it, before other threads use it. */
export function initialiseTables(): void {
  fillTables(CRC32C_TABLES_AT, CASTAGNOLI_REFLECTED)
  fillTables(CRC32_TABLES_AT, IEEE_REFLECTED)
  initialiseShift(SHIFT_128_AT, 128)
  initialiseShift(SHIFT_512_AT, 512)
}

// A byte's place in a table is its value times four: cut out of a word and scaled in one go. The tables are addressed by
// constants, which cost nothing inside a load; passed around they would cost an addition for every byte.

function look3(word: u32): u32 {
  return (
    load<u32>((word << 2) & 0x3fc, CRC32C_TABLES_AT + 15 * 1024) ^
    load<u32>((word >>> 6) & 0x3fc, CRC32C_TABLES_AT + 14 * 1024) ^
    load<u32>((word >>> 14) & 0x3fc, CRC32C_TABLES_AT + 13 * 1024) ^
    load<u32>((word >>> 22) & 0x3fc, CRC32C_TABLES_AT + 12 * 1024)
  )
}

function look2(word: u32): u32 {
  return (
    load<u32>((word << 2) & 0x3fc, CRC32C_TABLES_AT + 11 * 1024) ^
    load<u32>((word >>> 6) & 0x3fc, CRC32C_TABLES_AT + 10 * 1024) ^
    load<u32>((word >>> 14) & 0x3fc, CRC32C_TABLES_AT + 9 * 1024) ^
    load<u32>((word >>> 22) & 0x3fc, CRC32C_TABLES_AT + 8 * 1024)
  )
}

function look1(word: u32): u32 {
  return (
    load<u32>((word << 2) & 0x3fc, CRC32C_TABLES_AT + 7 * 1024) ^
    load<u32>((word >>> 6) & 0x3fc, CRC32C_TABLES_AT + 6 * 1024) ^
    load<u32>((word >>> 14) & 0x3fc, CRC32C_TABLES_AT + 5 * 1024) ^
    load<u32>((word >>> 22) & 0x3fc, CRC32C_TABLES_AT + 4 * 1024)
  )
}

function look0(word: u32): u32 {
  return (
    load<u32>((word << 2) & 0x3fc, CRC32C_TABLES_AT + 3 * 1024) ^
    load<u32>((word >>> 6) & 0x3fc, CRC32C_TABLES_AT + 2 * 1024) ^
    load<u32>((word >>> 14) & 0x3fc, CRC32C_TABLES_AT + 1024) ^
    load<u32>((word >>> 22) & 0x3fc, CRC32C_TABLES_AT)
  )
}

/** Carries the raw register `crc` over `sizeBytes` bytes at `at`. */
function slice(crc: u32, at: usize, sizeBytes: usize): u32 {
  const end = at + sizeBytes
  while (at + 16 <= end) {
    const later = look0(load<u32>(at, 12)) ^ look1(load<u32>(at, 8)) ^ look2(load<u32>(at, 4))
    crc = later ^ look3(load<u32>(at) ^ crc)
    at += 16
  }
  if (at + 8 <= end) {
    crc = look0(load<u32>(at, 4)) ^ look1(load<u32>(at) ^ crc)
    at += 8
  }
  if (at + 4 <= end) {
    crc = look0(load<u32>(at) ^ crc)
    at += 4
  }
  while (at < end) {
    crc = (crc >>> 8) ^ load<u32>(((crc ^ load<u8>(at)) << 2) & 0x3fc, CRC32C_TABLES_AT)
    at += 1
  }
  return crc
}

/** Fills the four tables that carry a CRC-32C register over `sizeBytes` zero bytes. */
export function initialiseShift(shiftAt: usize, sizeBytes: i32): void {
  for (let position: usize = 0; position < 4; position++) {
    for (let byte: u32 = 0; byte < 256; byte++) {
      let crc: u32 = byte << (<u32>(position << 3))
      for (let left = sizeBytes; left > 0; left--) {
        crc = (crc >>> 8) ^ load<u32>(((<usize>(crc & 0xff)) << 2) + CRC32C_TABLES_AT)
      }
      store<u32>(shiftAt + (position << 10) + ((<usize>byte) << 2), crc)
    }
  }
}

/**
 * Carries a CRC-32C register over two neighbouring halves of `half` bytes each, a multiple of 16. The halves run side by
 * side, so that the second's look-ups fill the time in which the first waits for its own; then the first's register is
 * moved over the second half by the tables at `shiftAt`.
 */
function slicePair(crc: u32, from: usize, half: usize, shiftAt: usize): u32 {
  let at = from
  const end = from + half
  let second: u32 = 0
  while (at < end) {
    const other = at + half
    const left = look0(load<u32>(at, 12)) ^ look1(load<u32>(at, 8)) ^ look2(load<u32>(at, 4))
    const right = look0(load<u32>(other, 12)) ^ look1(load<u32>(other, 8)) ^ look2(load<u32>(other, 4))
    crc = left ^ look3(load<u32>(at) ^ crc)
    second = right ^ look3(load<u32>(other) ^ second)
    at += 16
  }
  return (
    second ^
    load<u32>(shiftAt + ((<usize>(crc & 0xff)) << 2)) ^
    load<u32>(shiftAt + ((<usize>((crc >>> 8) & 0xff)) << 2), 1024) ^
    load<u32>(shiftAt + ((<usize>((crc >>> 16) & 0xff)) << 2), 2048) ^
    load<u32>(shiftAt + ((<usize>(crc >>> 24)) << 2), 3072)
  )
}

/** Carries a CRC-32C register, without the inversions at start and end. */
export function sliceCrc32c(crc: u32, at: usize, sizeBytes: usize): u32 {
  while (sizeBytes >= 1024) {
    crc = slicePair(crc, at, 512, SHIFT_512_AT)
    at += 1024
    sizeBytes -= 1024
  }
  while (sizeBytes >= 256) {
    crc = slicePair(crc, at, 128, SHIFT_128_AT)
    at += 256
    sizeBytes -= 256
  }
  return slice(crc, at, sizeBytes)
}

/** CRC-32 (IEEE), the checksum of message formats 0 and 1: rare enough for eight bytes a step. */
export function crc32(at: usize, sizeBytes: usize): u32 {
  const end = at + sizeBytes
  let crc: u32 = 0xffffffff
  while (at + 8 <= end) {
    const low = load<u32>(at) ^ crc
    const high = load<u32>(at, 4)
    crc =
      load<u32>((low << 2) & 0x3fc, CRC32_TABLES_AT + 7 * 1024) ^
      load<u32>((low >>> 6) & 0x3fc, CRC32_TABLES_AT + 6 * 1024) ^
      load<u32>((low >>> 14) & 0x3fc, CRC32_TABLES_AT + 5 * 1024) ^
      load<u32>((low >>> 22) & 0x3fc, CRC32_TABLES_AT + 4 * 1024) ^
      load<u32>((high << 2) & 0x3fc, CRC32_TABLES_AT + 3 * 1024) ^
      load<u32>((high >>> 6) & 0x3fc, CRC32_TABLES_AT + 2 * 1024) ^
      load<u32>((high >>> 14) & 0x3fc, CRC32_TABLES_AT + 1024) ^
      load<u32>((high >>> 22) & 0x3fc, CRC32_TABLES_AT)
    at += 8
  }
  while (at < end) {
    crc = (crc >>> 8) ^ load<u32>(((crc ^ load<u8>(at)) << 2) & 0x3fc, CRC32_TABLES_AT)
    at += 1
  }
  return ~crc
}
