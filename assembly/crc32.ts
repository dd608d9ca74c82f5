// CRC by tables, sixteen bytes a step, for both polynomials that Kafka uses.              hot: per batch
//
// Table k (1 KiB each, k = 0…15) maps a byte to its contribution when 8k zero bits follow it.

import { CRC32C_TABLES_AT, CRC32_TABLES_AT } from '../src/wasm/core-layout.ts'

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
}

/** Contribution of the four bytes of `word` when `tableAt` is the table of its last byte. */
function look(tableAt: usize, word: u32): u32 {
  return (
    load<u32>(tableAt + ((<usize>(word & 0xff)) << 2), 3072) ^
    load<u32>(tableAt + ((<usize>((word >>> 8) & 0xff)) << 2), 2048) ^
    load<u32>(tableAt + ((<usize>((word >>> 16) & 0xff)) << 2), 1024) ^
    load<u32>(tableAt + ((<usize>(word >>> 24)) << 2))
  )
}

/** Carries the raw register `crc` over `sizeBytes` bytes at `from`. */
function slice(tablesAt: usize, crc: u32, from: usize, sizeBytes: usize): u32 {
  let at = from
  const end = from + sizeBytes
  while (at + 16 <= end) {
    crc =
      look(tablesAt + 12288, load<u32>(at) ^ crc) ^
      look(tablesAt + 8192, load<u32>(at, 4)) ^
      look(tablesAt + 4096, load<u32>(at, 8)) ^
      look(tablesAt, load<u32>(at, 12))
    at += 16
  }
  if (at + 8 <= end) {
    crc = look(tablesAt + 4096, load<u32>(at) ^ crc) ^ look(tablesAt, load<u32>(at, 4))
    at += 8
  }
  if (at + 4 <= end) {
    crc = look(tablesAt, load<u32>(at) ^ crc)
    at += 4
  }
  while (at < end) {
    crc = (crc >>> 8) ^ load<u32>(tablesAt + ((<usize>((crc ^ load<u8>(at)) & 0xff)) << 2))
    at += 1
  }
  return crc
}

/** Carries a CRC-32C register, without the inversions at start and end. */
export function sliceCrc32c(crc: u32, at: usize, sizeBytes: usize): u32 {
  return slice(CRC32C_TABLES_AT, crc, at, sizeBytes)
}

/** CRC-32 (IEEE), the checksum of message formats 0 and 1. */
export function crc32(at: usize, sizeBytes: usize): u32 {
  return ~slice(CRC32_TABLES_AT, 0xffffffff, at, sizeBytes)
}
