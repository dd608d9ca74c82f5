/** From a configuration value's text to what it means, and why a text is refused. */
import type { ConfigKey, ConfigRule } from './key.ts'

const INTEGER_BITS: Readonly<Record<string, number>> = { short: 16, int: 32, long: 64 }
const INTEGER_PATTERN = /^[+-]?\d+$/
const DOUBLE_PATTERN = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/
const THROTTLED_PATTERN = /^(\*|(none)|(\d+:\d+(,\d+:\d+)*))$/
const RESET_DURATION_PATTERN = /^by_duration:P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/i

/**
 * Why `text` cannot be the value of `key`, in the words that Kafka's clients know (`Invalid value … for configuration …`);
 * undefined when it can.
 */
export function whyInvalidValue(key: ConfigKey, text: string): string | undefined {
  const problem = whyWrongType(key, text) ?? firstBrokenRule(key, text)
  if (problem === undefined) return undefined
  const shown = key.type === 'password' ? '[hidden]' : text
  return `Invalid value ${shown} for configuration ${key.name}: ${problem}`
}

/** What a value of this key may be, as a phrase for an error message. */
export function allowedValues(key: ConfigKey): string {
  const rules = key.rules.map((rule) => rulePhrase(rule)).join(', ')
  const type = key.type === 'boolean' ? 'true or false' : `a value of type ${key.type}`
  return rules === '' ? type : `${type}, ${rules}`
}

function whyWrongType(key: ConfigKey, text: string): string | undefined {
  const trimmed = text.trim()
  switch (key.type) {
    case 'boolean':
      return /^(true|false)$/i.test(trimmed) ? undefined : 'Expected value to be either true or false'
    case 'short':
    case 'int':
    case 'long': {
      const isInteger = INTEGER_PATTERN.test(trimmed) && fitsBits(BigInt(trimmed), INTEGER_BITS[key.type] ?? 64)
      return isInteger ? undefined : `Not a number of type ${key.type.toUpperCase()}`
    }
    case 'double':
      return DOUBLE_PATTERN.test(trimmed) ? undefined : 'Not a number of type DOUBLE'
    case 'string':
    case 'list':
    case 'class':
    case 'password':
      return undefined
  }
}

function fitsBits(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value
}

function firstBrokenRule(key: ConfigKey, text: string): string | undefined {
  for (const rule of key.rules) {
    const problem = whyBroken(rule, key, text.trim())
    if (problem !== undefined) return problem
  }
  return undefined
}

function whyBroken(rule: ConfigRule, key: ConfigKey, text: string): string | undefined {
  switch (rule.kind) {
    case 'atLeast':
      return isBelow(text, rule.min, key) ? `Value must be at least ${rule.min}` : undefined
    case 'between':
      if (rule.or !== null && text === rule.or) return undefined
      if (isBelow(text, rule.min, key)) return `Value must be at least ${rule.min}`
      return isBelow(rule.max, text, key) ? `Value must be no more than ${rule.max}` : undefined
    case 'oneOf':
      return whyNoChoice(rule, key, text)
    case 'notEmpty':
      return text === '' ? 'Configuration cannot be empty' : undefined
    case 'unique': {
      const items = listItems(text)
      return new Set(items).size < items.length ? 'Configuration cannot contain duplicates' : undefined
    }
    case 'throttledReplicas':
      return text === '' || THROTTLED_PATTERN.test(text.replaceAll(' ', ''))
        ? undefined
        : "Value must be the literal '*' or a list of replicas: [partition]:[broker],[partition]:[broker],..."
    case 'offsetReset':
      return text === 'latest' || text === 'earliest' || RESET_DURATION_PATTERN.test(text)
        ? undefined
        : 'Value must be latest, earliest or by_duration: with an ISO-8601 duration'
  }
}

function whyNoChoice(rule: Extract<ConfigRule, { kind: 'oneOf' }>, key: ConfigKey, text: string): string | undefined {
  const choices = rule.ignoreCase ? rule.choices.map((choice) => choice.toLowerCase()) : rule.choices
  const given = rule.ignoreCase ? text.toLowerCase() : text
  const items = key.type === 'list' ? listItems(given) : [given]
  return items.every((item) => choices.includes(item)) ? undefined : `String must be one of: ${rule.choices.join(', ')}`
}

/** Compares as 64-bit integers where both are: a double cannot tell the largest longs apart. */
function isBelow(left: string, right: string, key: ConfigKey): boolean {
  return key.type === 'double' ? Number.parseFloat(left) < Number.parseFloat(right) : BigInt(left) < BigInt(right)
}

function rulePhrase(rule: ConfigRule): string {
  switch (rule.kind) {
    case 'atLeast':
      return `at least ${rule.min}`
    case 'between':
      return `${rule.or === null ? '' : `${rule.or} or `}from ${rule.min} to ${rule.max}`
    case 'oneOf':
      return `one of ${rule.choices.join(', ')}`
    case 'notEmpty':
      return 'not empty'
    case 'unique':
      return 'without duplicates'
    case 'throttledReplicas':
      return '* or partition:broker pairs'
    case 'offsetReset':
      return 'latest, earliest or by_duration:<ISO-8601 duration>'
  }
}

/** The items of a list value; blanks around them do not count. */
export function listItems(text: string): readonly string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : trimmed.split(',').map((item) => item.trim())
}

/** A number value. Longs beyond 2^53 lose their last digits, which no use of them can tell. */
export function numberValue(text: string): number {
  return Number(text.trim())
}

export function booleanValue(text: string): boolean {
  return text.trim().toLowerCase() === 'true'
}
