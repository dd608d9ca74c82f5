import { UsageError } from './failure.ts'

// Reads the values of flags, for the program and for the Kafka-named commands alike.

/** @throws UsageError */
export function wholeNumber(name: string, text: string, min: number = 0): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < min) {
    throw new UsageError(`${name} '${text}': write a whole number, at least ${min}`)
  }
  return value
}

/** Reads `key=value` pairs; the value may hold more `=`. @throws UsageError */
export function keyValues(name: string, texts: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at <= 0) throw new UsageError(`${name} '${text}': write key=value`)
    values[text.slice(0, at).trim()] = text.slice(at + 1)
  }
  return values
}

/** Backslash escapes as people type them in a shell. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\([tn0\\])/g, (_, letter: string) => {
    if (letter === 't') return '\t'
    if (letter === 'n') return '\n'
    return letter === '0' ? '\0' : '\\'
  })
}

/** Reads `1:2,3:4`: partitions by comma, brokers of each by colon. @throws UsageError */
export function replicaAssignment(text: string): readonly (readonly number[])[] {
  return text.split(',').map((brokers) => brokers.split(':').map((broker) => wholeNumber('broker id', broker)))
}
