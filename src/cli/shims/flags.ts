import { UsageError } from '../failure.ts'

/** What a flag of a Kafka tool takes. `several`: it may be repeated. `maybe`: its value may be left out. */
export type FlagKind = 'none' | 'one' | 'several' | 'maybe'
export type FlagTable = Readonly<Record<string, FlagKind>>

/** Flags as given: names without dashes, each with its values; an empty list for a flag without one. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The last value; undefined without one. */
  one(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  /** @throws UsageError in the words of Kafka's tools */
  required(name: string): string {
    const value = this.one(name)
    if (value === undefined) throw new UsageError(`Missing required option(s) [${name}]`)
    return value
  }

  all(...names: readonly string[]): readonly string[] {
    return names.flatMap((name) => this.#values.get(name) ?? [])
  }
}

/**
 * Reads a command line as Kafka's tools do: `--flag value` or `--flag=value`, names may be shortened as long as they are
 * unambiguous.
 *
 * @throws UsageError in the words of Kafka's tools
 */
export function parseFlags(args: readonly string[], table: FlagTable): Flags {
  const values = new Map<string, string[]>()
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    const match = /^--?(?<name>[^=]+)(?:=(?<value>[\s\S]*))?$/.exec(arg)
    if (match?.groups?.['name'] === undefined)
      throw new UsageError(`'${arg}' is not expected here: flags begin with --`)
    const name = fullName(match.groups['name'], table)
    const given = values.get(name) ?? []
    values.set(name, given)
    const kind = table[name]
    let value = match.groups['value']
    if (kind === 'none') continue
    const next = args[index + 1]
    if (value === undefined && next !== undefined && !isFlag(next, table)) {
      value = next
      index += 1
    }
    if (value !== undefined) given.push(value)
    else if (kind !== 'maybe') throw new UsageError(`Option ${name} requires an argument`)
    if (kind === 'one' && given.length > 1)
      throw new UsageError(`Found multiple arguments for option ${name}, but you asked for only one`)
  }
  return new Flags(values)
}

/** A value may begin with a dash (`--shift-by -3`); only what is known is a flag. */
function isFlag(text: string, table: FlagTable): boolean {
  return /^--?[a-z]/.test(text) && Object.hasOwn(table, text.replace(/^--?/, '').split('=')[0] ?? '')
}

function fullName(name: string, table: FlagTable): string {
  if (Object.hasOwn(table, name)) return name
  const longer = Object.keys(table).filter((known) => known.startsWith(name))
  const [only, ...others] = longer
  if (only === undefined) throw new UsageError(`${name} is not a recognized option`)
  if (others.length > 0) throw new UsageError(`${name} is ambiguous: ${longer.join(', ')}`)
  return only
}
