import { ShellError } from './failure.ts'

/** Breaks a line into words; quotes of either kind hold words together and are taken off. */
export function splitLine(line: string): string[] {
  const words: string[] = []
  for (const [, word = ''] of line.matchAll(/\s*([^"']\S*|"[^"]*"|'[^']*')\s*/g)) {
    const isQuoted = word.length >= 2 && /^["']/.test(word) && word.at(-1) === word[0]
    words.push(isQuoted ? word.slice(1, -1) : word)
  }
  return words
}

/** What a command takes: flags stand alone, values take the next word. Both are single letters, as in zkCli. */
export interface OptionSet {
  readonly flags?: string
  readonly values?: string
}

export interface ParsedArguments {
  /** Words that are no options, without the command. */
  readonly words: readonly string[]
  has(option: string): boolean
  value(option: string): string | undefined
}

/** Options may stand anywhere among the words; `--` ends them; a negative number is a word. @throws ShellError */
export function parseArguments(args: readonly string[], { flags = '', values = '' }: OptionSet): ParsedArguments {
  const words: string[] = []
  const given = new Map<string, string>()
  const rest = [...args]
  let areOptionsOver = false
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--' && !areOptionsOver) {
      areOptionsOver = true
      continue
    }
    if (areOptionsOver || !word.startsWith('-') || word === '-' || isNumber(word)) {
      words.push(word)
      continue
    }
    for (const [at, letter] of [...word].entries()) {
      if (at === 0) continue
      if (flags.includes(letter)) {
        given.set(letter, '')
        continue
      }
      if (!values.includes(letter)) throw new ShellError(`Unrecognized option: ${word}`)
      const joined = word.slice(at + 1).replace(/^=/, '')
      const value = joined === '' ? rest.shift() : joined
      if (value === undefined) throw new ShellError(`Missing argument for option: ${letter}`)
      given.set(letter, value)
      break
    }
  }
  return { words, has: (option) => given.has(option), value: (option) => given.get(option) }
}

function isNumber(word: string): boolean {
  return /^-\d+(\.\d+)?$/.test(word)
}

/** @throws ShellError */
export function wholeNumberOf(text: string, what: string): number {
  const value = Number(text)
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new ShellError(what)
  return value
}
