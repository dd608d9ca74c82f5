import { gunzipSync } from 'node:zlib'

/** Regular files of a .tar.gz, by path. Plain ustar as GNU tar writes it for short names. */
export function readTarGz(bytes: Uint8Array): Map<string, Uint8Array> {
  const tar = gunzipSync(bytes)
  const files = new Map<string, Uint8Array>()
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = text(tar, at, 100)
    if (name === '') break
    const sizeBytes = Number.parseInt(text(tar, at + 124, 12).trim() || '0', 8)
    const type = text(tar, at + 156, 1)
    const prefix = text(tar, at + 345, 155)
    const path = (prefix === '' ? name : `${prefix}/${name}`).replace(/^\.\//, '')
    if (type === '0' || type === '') files.set(path, new Uint8Array(tar.subarray(at + 512, at + 512 + sizeBytes)))
    at += 512 + Math.ceil(sizeBytes / 512) * 512
  }
  return files
}

function text(bytes: Uint8Array, at: number, sizeBytes: number): string {
  const end = bytes.subarray(at, at + sizeBytes).indexOf(0)
  return new TextDecoder().decode(bytes.subarray(at, at + (end < 0 ? sizeBytes : end)))
}
