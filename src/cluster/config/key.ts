import { BugError } from '../../base/assert.ts'

/** Kafka's types of a configuration value. */
export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password'

/** How DescribeConfigs (version 3 and up) numbers the types. */
export const CONFIG_TYPE_CODES: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
}

/** How a running broker lets a key be changed. */
type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide'

/** What a value must be besides having the right type. Numbers are compared as 64-bit integers or doubles. */
export type ConfigRule =
  | { readonly kind: 'atLeast'; readonly min: string }
  | { readonly kind: 'between'; readonly min: string; readonly max: string; readonly or: string | null }
  | { readonly kind: 'oneOf'; readonly choices: readonly string[]; readonly ignoreCase: boolean }
  | { readonly kind: 'notEmpty' }
  | { readonly kind: 'unique' }
  | { readonly kind: 'throttledReplicas' }
  | { readonly kind: 'offsetReset' }

/** One configuration key. */
export interface ConfigKey {
  readonly name: string
  readonly type: ConfigType
  /** As text, the way DescribeConfigs shows it; null when there is none. */
  readonly defaultValue: string | null
  readonly rules: readonly ConfigRule[]
  readonly update: UpdateMode
  /** Broker keys that it falls back to, nearest first. Empty for broker keys themselves. */
  readonly synonyms: readonly string[]
  /** Accepted but never listed. */
  readonly isInternal: boolean
}

const UPDATE_MODES: ReadonlySet<string> = new Set(['read-only', 'per-broker', 'cluster-wide'])

/**
 * Reads a table of keys: one per line, `name | type | default | rules | last`, where `last` is an update mode or a list
 * of synonyms, with `internal` after it for keys that are not listed. A default of `null` is none, of `""` the empty text.
 */
export function keysOf(table: string): readonly ConfigKey[] {
  return table
    .trim()
    .split('\n')
    .map((line) => keyOf(line))
}

function keyOf(line: string): ConfigKey {
  const [name, type, defaultText, rules, last] = line.split(' | ').map((column) => column.trim())
  if (!name || type === undefined || defaultText === undefined || rules === undefined || last === undefined) {
    throw new BugError(`a configuration table has a line without five columns: ${line}`)
  }
  if (!(type in CONFIG_TYPE_CODES)) throw new BugError(`configuration ${name} has the unknown type ${type}`)
  const [modeOrSynonyms = '-', internal] = last.split(' ')
  const isMode = UPDATE_MODES.has(modeOrSynonyms)
  return {
    name,
    type: type as ConfigType,
    defaultValue: defaultText === 'null' ? null : defaultText === '""' ? '' : defaultText,
    rules: rules === '-' ? [] : rules.split('; ').map((rule) => ruleOf(name, rule)),
    update: isMode ? (modeOrSynonyms as UpdateMode) : 'cluster-wide',
    synonyms: isMode || modeOrSynonyms === '-' ? [] : modeOrSynonyms.split(','),
    isInternal: internal === 'internal',
  }
}

function ruleOf(name: string, text: string): ConfigRule {
  if (text.startsWith('>=')) return { kind: 'atLeast', min: text.slice(2) }
  const range = /^(?:(-?\d+) or )?(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(text)
  if (range) return { kind: 'between', min: range[2] ?? '', max: range[3] ?? '', or: range[1] ?? null }
  const choice = /^(one|any case) of (.+)$/.exec(text)
  if (choice) return { kind: 'oneOf', choices: (choice[2] ?? '').split(','), ignoreCase: choice[1] === 'any case' }
  switch (text) {
    case 'not empty':
      return { kind: 'notEmpty' }
    case 'unique':
      return { kind: 'unique' }
    case 'throttled replicas':
      return { kind: 'throttledReplicas' }
    case 'offset reset':
      return { kind: 'offsetReset' }
    default:
      throw new BugError(`configuration ${name} has the unknown rule ${text}`)
  }
}
