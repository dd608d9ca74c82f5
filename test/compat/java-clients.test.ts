import { expect, inject, test } from 'vitest'
import { has, java } from './support/peers.ts'

// The same program with four generations of Kafka's own client, and what each must be able to do.
const SCENARIOS: readonly (readonly string[])[] = [
  ['codec', 'none'],
  ['codec', 'gzip'],
  ['codec', 'snappy'],
  ['codec', 'lz4'],
  ['codec', 'zstd'],
  ['records'],
  ['times'],
  ['seek'],
  ['group', ''],
  ['group', 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor'],
  ['static'],
  ['pause'],
  ['offsets'],
  ['admin'],
  ['idempotent'],
]

const CLIENTS: readonly { readonly peer: string; readonly without: readonly string[] }[] = [
  { peer: 'kafka-4.3.1', without: [] },
  { peer: 'clients-3.9.1', without: [] },
  { peer: 'clients-2.8.2', without: [] },
  // zstd came to the broker protocol with 2.1 but static members and cooperative rebalancing came later.
  { peer: 'clients-2.1.1', without: ['static', 'group org.apache.kafka.clients.consumer.CooperativeStickyAssignor'] },
]

for (const client of CLIENTS) {
  for (const scenario of SCENARIOS) {
    const name = scenario.join(' ').trim()
    if (client.without.includes(name)) continue
    test.skipIf(!has('java') || !has('mvn'))(`java ${client.peer}: ${name}`, async () => {
      const prefix = `c${Math.floor(performance.now())}-${client.peer}`
      const outcome = await java(client.peer, 'Exercise', [inject('bootstrap'), prefix, ...scenario])
      expect(outcome.output).toContain(`ok ${scenario[0]}`)
      expect(outcome.code).toBe(0)
    })
  }
}
