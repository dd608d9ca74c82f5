/** UTF-8 text files of the log directory. */
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8')

export function textBytes(text: string): Uint8Array {
  return encoder.encode(text)
}

export function bytesText(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Lines without their ends; the empty rest behind the last line end is no line. */
export function readLines(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (lines.at(-1) === '') lines.pop()
  return lines
}
