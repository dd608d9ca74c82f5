// AssemblyScript. The table method that CRC-32C is measured against: sixteen bytes a step, one register, nothing else.

const TABLES_AT: usize = 65536

export function initialiseTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc: u32 = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & (0 - (crc & 1)))
    store<u32>(TABLES_AT + ((<usize>byte) << 2), crc)
  }
  for (let at: usize = TABLES_AT; at < TABLES_AT + 15360; at += 4) {
    const shorter = load<u32>(at)
    store<u32>(at + 1024, (shorter >>> 8) ^ load<u32>(TABLES_AT + ((<usize>(shorter & 0xff)) << 2)))
  }
}

function look(tableAt: usize, word: u32): u32 {
  return (
    load<u32>(tableAt + ((<usize>(word & 0xff)) << 2), 3072) ^
    load<u32>(tableAt + ((<usize>((word >>> 8) & 0xff)) << 2), 2048) ^
    load<u32>(tableAt + ((<usize>((word >>> 16) & 0xff)) << 2), 1024) ^
    load<u32>(tableAt + ((<usize>(word >>> 24)) << 2))
  )
}

export function crc32c(at: usize, sizeBytes: usize): u32 {
  const end = at + sizeBytes
  let crc: u32 = 0xffffffff
  while (at + 16 <= end) {
    crc =
      look(TABLES_AT + 12288, load<u32>(at) ^ crc) ^
      look(TABLES_AT + 8192, load<u32>(at, 4)) ^
      look(TABLES_AT + 4096, load<u32>(at, 8)) ^
      look(TABLES_AT, load<u32>(at, 12))
    at += 16
  }
  while (at < end) {
    crc = (crc >>> 8) ^ load<u32>(TABLES_AT + ((<usize>((crc ^ load<u8>(at)) & 0xff)) << 2))
    at += 1
  }
  return ~crc
}
