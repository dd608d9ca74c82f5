import { type ConfigKey, keysOf } from '../key.ts'

/** What can be set for one client-metrics subscription (KIP-714). */
export const CLIENT_METRICS_KEYS: readonly ConfigKey[] = keysOf(`
interval.ms | int  | 300000 | -      | -
match       | list | ""     | unique | -
metrics     | list | ""     | unique | -
`)
