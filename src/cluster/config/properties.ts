/**
 * Java's `.properties` text, which Kafka's and ZooKeeper's configuration files are written in.
 *
 * A logical line is one or more lines joined where one ends with an odd number of backslashes; leading blanks of every
 * line are dropped. The key ends at the first unescaped `=`, `:` or blank; one `=` or `:` and the blanks around it belong
 * to neither side. `#` and `!` start a comment only at the beginning of a logical line.
 */

const BLANK = /[ \t\f]/
const SEPARATOR = /[=:]/

/**
 * @returns keys and values in the order of the file; a key that stands there twice has its last value
 * @throws PropertiesError for a broken `\uXXXX` escape, naming the line
 */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const keyEnd = endOfKey(line.text)
    const key = unescaped(line.text.slice(0, keyEnd), line.number)
    const value = unescaped(line.text.slice(startOfValue(line.text, keyEnd)), line.number)
    properties.set(key, value)
  }
  return properties
}

/** A file that cannot be read as properties. */
export class PropertiesError extends Error {
  override readonly name: string = 'PropertiesError'
}

interface LogicalLine {
  readonly text: string
  /** Of its first line, from 1. */
  readonly number: number
}

function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = []
  let pending: string | undefined
  let startedAt = 0
  const natural = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [index, raw] of natural.entries()) {
    const trimmed = raw.replace(/^[ \t\f]+/, '')
    if (pending === undefined) {
      if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('!')) continue
      startedAt = index + 1
    }
    const soFar: string = (pending ?? '') + trimmed
    const isContinued = endsInOddBackslashes(trimmed)
    if (isContinued) {
      pending = soFar.slice(0, -1)
      continue
    }
    lines.push({ text: soFar, number: startedAt })
    pending = undefined
  }
  if (pending !== undefined) lines.push({ text: pending, number: startedAt })
  return lines
}

function endsInOddBackslashes(line: string): boolean {
  let count = 0
  while (count < line.length && line[line.length - 1 - count] === '\\') count += 1
  return count % 2 === 1
}

function endOfKey(line: string): number {
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? ''
    if (letter === '\\') at += 1
    else if (SEPARATOR.test(letter) || BLANK.test(letter)) return at
  }
  return line.length
}

function startOfValue(line: string, keyEnd: number): number {
  let at = skipBlanks(line, keyEnd)
  if (SEPARATOR.test(line[at] ?? '')) at = skipBlanks(line, at + 1)
  return at
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (BLANK.test(line[at] ?? '')) at += 1
  return at
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(text: string, lineNumber: number): string {
  if (!text.includes('\\')) return text
  let plain = ''
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (letter !== '\\') {
      plain += letter
      continue
    }
    at += 1
    const escaped = text[at] ?? ''
    if (escaped !== 'u') {
      plain += ESCAPES[escaped] ?? escaped
      continue
    }
    const digits = text.slice(at + 1, at + 5)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw new PropertiesError(
        `line ${lineNumber}: '\\u${digits}' is no character: \\u needs four hexadecimal digits (write \\\\u for a backslash)`,
      )
    }
    plain += String.fromCharCode(Number.parseInt(digits, 16))
    at += 4
  }
  return plain
}
