/**
 * The notation of `src/protocol/schema`: what a message is made of, version by version. `src/protocol/README.md` explains it.
 *
 * Parsing is strict: an unknown word, a range outside the one around it or a name used twice stops the generator.
 */

const SCALAR_TYPES = [
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'uuid',
  'string',
  'bytes',
  'records',
] as const

type ScalarType = (typeof SCALAR_TYPES)[number]

/** Versions `from` to `to`, both included. */
export interface VersionRange {
  readonly from: number
  readonly to: number
}

export type FieldType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'struct'; readonly struct: Struct }
  | { readonly kind: 'array'; readonly of: FieldType }

/** A default; `undefined` where the field has the type's own zero. */
type DefaultValue = string | number | boolean | bigint | null | undefined

export interface Field {
  readonly name: string
  readonly type: FieldType
  /** Versions in which the field is on the wire. */
  readonly versions: VersionRange
  /** Versions in which it may be null. */
  readonly nullable: VersionRange | undefined
  readonly defaultValue: DefaultValue
  /** Number in the tagged section; `undefined` for a field in line. */
  readonly tag: number | undefined
  /** Whether a value is dropped, rather than refused, in a version that lacks the field. */
  readonly ignorable: boolean
  /** Versions in which a string keeps the old length although the message is flexible. */
  readonly notCompact: VersionRange | undefined
}

export interface Struct {
  readonly name: string
  /** Versions in which the struct is used. */
  readonly versions: VersionRange
  readonly fields: Field[]
}

type MessageKind = 'request' | 'response' | 'header' | 'data' | 'record'

/** What family of stored bytes a record belongs to, and whether it is a key, a value, an entry or a file. */
interface Framing {
  readonly family: string
  readonly part: string
}

export interface Message {
  readonly kind: MessageKind
  /** With `Request` or `Response` at its end where it is one. */
  readonly name: string
  readonly apiKey: number | undefined
  readonly versions: VersionRange
  /** First version with compact lengths and tagged fields; `undefined` for none. */
  readonly flexible: number | undefined
  readonly framing: Framing | undefined
  readonly root: Struct
  /** Every struct below the root, those used last first. */
  readonly structs: readonly Struct[]
}

interface Line {
  readonly number: number
  readonly indent: number
  readonly words: readonly string[]
}

/**
 * Reads one schema file.
 *
 * @param text the file
 * @param file its name, for messages
 * @throws Error that names file and line when the notation is broken
 */
export function parseSchema(text: string, file: string): Message[] {
  const lines = splitLines(text)
  const messages: Message[] = []
  let next = 0
  while (next < lines.length) {
    let end = next + 1
    while ((lines[end]?.indent ?? 0) > 0) end += 1
    messages.push(new MessageParser(file, lines.slice(next, end)).parse())
    next = end
  }
  if (messages.length === 0) throw new Error(`${file}: no message in it`)
  return messages
}

function splitLines(text: string): Line[] {
  const lines: Line[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const code = raw.replace(/(^|\s)\/\/.*$/, '').trimEnd()
    if (code === '') continue
    const words = code.trim().split(/\s+/)
    lines.push({ number: index + 1, indent: code.length - code.trimStart().length, words })
  }
  return lines
}

class MessageParser {
  readonly #file: string
  readonly #lines: readonly Line[]
  readonly #structs: Map<string, Struct> = new Map()
  readonly #shared: Map<string, Line[]> = new Map()
  #at: number = 0
  #isFlexible: boolean = false

  constructor(file: string, lines: readonly Line[]) {
    this.#file = file
    this.#lines = lines
  }

  parse(): Message {
    const head = this.#line(0)
    const words = new Words(head.words, this.#where(head))
    const kind = words.oneOf(['request', 'response', 'header', 'data', 'record'])
    const suffix = kind === 'request' ? 'Request' : kind === 'response' ? 'Response' : ''
    const name = words.next() + suffix
    const apiKey = words.accept('key') ? words.integer() : undefined
    words.expect('versions')
    const versions = words.fullRange()
    const flexible = words.accept('flexible') ? words.integer() : undefined
    const framing = words.accept('framing') ? { family: words.next(), part: words.next() } : undefined
    words.done()
    this.#isFlexible = flexible !== undefined
    const root: Struct = { name, versions, fields: [] }
    this.#collectShared(versions)
    this.#at = 1
    this.#fields(root, 0)
    return { kind, name, apiKey, versions, flexible, framing, root, structs: [...this.#structs.values()] }
  }

  /** Structs used more than once are declared by name; their fields are read first, in the order of declaration. */
  #collectShared(versions: VersionRange): void {
    for (const line of this.#lines) {
      if (line.words[0] !== 'struct' || line.words.length < 2 || line.indent !== 2) continue
      const words = new Words(line.words.slice(1), this.#where(line))
      const name = words.next()
      const range = words.range(versions) ?? versions
      words.done()
      if (this.#structs.has(name)) throw new Error(`${this.#where(line)}: struct ${name} is declared twice`)
      this.#structs.set(name, { name, versions: range, fields: [] })
      this.#shared.set(name, [])
    }
  }

  #fields(struct: Struct, parentIndent: number): void {
    const first = this.#lines[this.#at]
    if (first === undefined || first.indent <= parentIndent) return
    const indent = first.indent
    for (;;) {
      const line = this.#lines[this.#at]
      if (line === undefined || line.indent <= parentIndent) return
      if (line.indent !== indent) throw new Error(`${this.#where(line)}: indentation`)
      this.#at += 1
      if (line.words[0] === 'struct' && this.#shared.has(line.words[1] ?? '') && indent === 2) {
        const shared = this.#structs.get(line.words[1] ?? '')
        if (shared !== undefined) this.#fields(shared, indent)
        continue
      }
      const field = this.#field(line, struct)
      if (struct.fields.some((other) => other.name === field.name)) {
        throw new Error(`${this.#where(line)}: field ${field.name} twice`)
      }
      struct.fields.push(field)
    }
  }

  #field(line: Line, parent: Struct): Field {
    const words = new Words(line.words, this.#where(line))
    const name = words.next()
    const typeWord = words.next()
    let nullable: VersionRange | undefined
    let defaultValue: DefaultValue
    let tag: number | undefined
    let ignorable = false
    let notCompact: VersionRange | undefined
    const versions = words.range(parent.versions) ?? parent.versions
    if (typeWord.endsWith('?')) nullable = versions
    while (words.left()) {
      const word = words.oneOf(['nullable', '=', 'tag', 'ignorable', 'not-compact'])
      if (word === 'nullable') nullable = words.range(versions)
      else if (word === '=') defaultValue = words.literal()
      else if (word === 'tag') tag = words.integer()
      else if (word === 'ignorable') ignorable = true
      else notCompact = words.range(versions) ?? versions
    }
    if (tag !== undefined && !this.#isFlexible) {
      throw new Error(`${this.#where(line)}: a tag in a message that is never flexible`)
    }
    const type = this.#type(typeWord.replace(/\?$/, ''), versions, line)
    return { name, type, versions, nullable, defaultValue, tag, ignorable, notCompact }
  }

  #type(word: string, versions: VersionRange, line: Line): FieldType {
    const element = /^\[(.+)\]$/.exec(word)?.[1]
    if (element !== undefined) return { kind: 'array', of: this.#type(element, versions, line) }
    const scalar = SCALAR_TYPES.find((name) => name === word)
    if (scalar !== undefined) return { kind: 'scalar', scalar }
    const shared = this.#structs.get(word)
    if (shared !== undefined) {
      if (this.#shared.has(word)) return { kind: 'struct', struct: shared }
      throw new Error(`${this.#where(line)}: struct ${word} is used twice and not declared by its own`)
    }
    const struct: Struct = { name: word, versions, fields: [] }
    this.#structs.set(word, struct)
    this.#fields(struct, line.indent)
    if (struct.fields.length === 0) {
      throw new Error(`${this.#where(line)}: ${word} is no type, and no struct with fields below it`)
    }
    return { kind: 'struct', struct }
  }

  #line(index: number): Line {
    const line = this.#lines[index]
    if (line === undefined) throw new Error(`${this.#file}: ends too early`)
    return line
  }

  #where(line: Line): string {
    return `${this.#file}:${line.number}`
  }
}

/** The words of one line, taken one after the other. */
class Words {
  readonly #words: readonly string[]
  readonly #where: string
  #at: number = 0

  constructor(words: readonly string[], where: string) {
    this.#words = words
    this.#where = where
  }

  left(): boolean {
    return this.#at < this.#words.length
  }

  next(): string {
    const word = this.#words[this.#at]
    if (word === undefined) throw new Error(`${this.#where}: a word is missing`)
    this.#at += 1
    return word
  }

  accept(word: string): boolean {
    if (this.#words[this.#at] !== word) return false
    this.#at += 1
    return true
  }

  expect(word: string): void {
    if (!this.accept(word))
      throw new Error(`${this.#where}: expected ${word}, found ${this.#words[this.#at] ?? 'nothing'}`)
  }

  oneOf<const Word extends string>(words: readonly Word[]): Word {
    const word = this.next()
    const found = words.find((candidate) => candidate === word)
    if (found === undefined) throw new Error(`${this.#where}: ${word} is none of ${words.join(', ')}`)
    return found
  }

  integer(): number {
    const word = this.next()
    if (!/^\d+$/.test(word)) throw new Error(`${this.#where}: ${word} is no number`)
    return Number(word)
  }

  /** `a..b`. */
  fullRange(): VersionRange {
    const word = this.next()
    const parts = /^(\d+)\.\.(\d+)$/.exec(word)
    if (parts === null) throw new Error(`${this.#where}: ${word} is no range such as 0..3`)
    return { from: Number(parts[1]), to: Number(parts[2]) }
  }

  /** `since a`, `until b`, `at a` or `a..b`, within `around`; `undefined` when none of them comes next. */
  range(around: VersionRange): VersionRange | undefined {
    const range = this.#rangeWords(around)
    if (range === undefined) return undefined
    if (range.from < around.from || range.to > around.to || range.from > range.to) {
      throw new Error(`${this.#where}: versions ${range.from}..${range.to} are not within ${around.from}..${around.to}`)
    }
    return range
  }

  literal(): DefaultValue {
    const word = this.next()
    if (word === 'null') return null
    if (word === 'true' || word === 'false') return word === 'true'
    if (/^-?\d+$/.test(word)) {
      const number = Number(word)
      return Number.isSafeInteger(number) ? number : BigInt(word)
    }
    throw new Error(`${this.#where}: ${word} is no default`)
  }

  done(): void {
    if (this.left()) throw new Error(`${this.#where}: ${this.next()} is too much`)
  }

  #rangeWords(around: VersionRange): VersionRange | undefined {
    if (this.accept('since')) return { from: this.integer(), to: around.to }
    if (this.accept('until')) return { from: around.from, to: this.integer() }
    if (this.accept('at')) {
      const version = this.integer()
      return { from: version, to: version }
    }
    return /^\d+\.\.\d+$/.test(this.#words[this.#at] ?? '') ? this.fullRange() : undefined
  }
}
