import { API_TABLE } from './generated/api-table.ts'
import type { ApiLayout } from './wire/layout.ts'

const byKey: ReadonlyMap<number, ApiLayout> = new Map(API_TABLE.map((api) => [api.key, api]))

/**
 * What is known of an API, without loading its codecs.
 *
 * @param apiKey number of the API
 * @returns `undefined` for a key that no release has
 */
export function apiLayout(apiKey: number): ApiLayout | undefined {
  return byKey.get(apiKey)
}

/** Name of an API for logs and metrics; an unknown key gives `Api` and its number. */
export function apiName(apiKey: number): string {
  return byKey.get(apiKey)?.name ?? `Api${apiKey}`
}

/** Whether a request of this version, and the answer to it, use compact types and tagged fields. */
export function isFlexible(apiKey: number, apiVersion: number): boolean {
  const api = byKey.get(apiKey)
  return api !== undefined && apiVersion >= api.flexibleVersion
}
