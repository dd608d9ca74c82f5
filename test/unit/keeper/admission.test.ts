import { expect, test } from 'vitest'
import { parseZooCfg } from '../../../src/keeper/config/zoo-cfg.ts'
import { Admission, type AdmissionRules, defaultAdmissionRules } from '../../../src/keeper/server/admission.ts'
import { KeeperWorld, steadyEntropy } from './support.ts'

function admission(rules: Partial<AdmissionRules>, unit = 0.5): Admission {
  return new Admission({ ...defaultAdmissionRules, ...rules }, { ...steadyEntropy, unit: () => unit })
}

const channel = (remoteAddress: string, remotePort = 1) => ({
  channel: { remoteAddress, remotePort, send() {}, close() {}, pause() {}, resume() {} },
})

test('no more connections than allowed, of one address and of all; those inside the process are free', () => {
  const there = [channel('a'), channel('a'), channel('b'), channel('c', 0)]
  const { whyFull } = {
    whyFull: (rules: Partial<AdmissionRules>, of: string, port = 1) =>
      admission(rules).whyFull(channel(of, port).channel, there),
  }
  expect(whyFull({ perAddressMax: 2 }, 'a')).toContain('maxClientCnxns')
  expect(whyFull({ perAddressMax: 2 }, 'b')).toBeUndefined()
  expect(whyFull({ perAddressMax: 0, connectionsMax: 3 }, 'd')).toContain('maxCnxns')
  expect(whyFull({ perAddressMax: 0, connectionsMax: 4 }, 'd')).toBeUndefined()
  expect(whyFull({ perAddressMax: 1, connectionsMax: 1 }, 'a', 0)).toBeUndefined()
})

test('a bucket of tokens lets a burst through, then as many as come back', () => {
  const throttle = admission({ tokens: 3, fillCount: 1, fillTimeMs: 100 })
  const burst = [0, 0, 0, 0].map((nowMs) => throttle.allows('global', nowMs))
  expect(burst).toEqual([true, true, true, false])
  expect(throttle.allows('global', 100)).toBe(false)
  expect(throttle.allows('global', 101)).toBe(true)
  expect(throttle.allows('global', 101)).toBe(false)
  expect([1000, 1000, 1000, 1000].map((nowMs) => throttle.allows('global', nowMs))).toEqual([true, true, true, false])
})

test('with weights a local session costs less than one taken up again, and that less than a new one', () => {
  const weights = { global: 3, local: 1, renewed: 2 }
  const count = (kind: 'global' | 'local' | 'renewed'): number => {
    const throttle = admission({ tokens: 2, fillTimeMs: 1e9, weights })
    let allowed = 0
    while (throttle.allows(kind, 0)) allowed += 1
    return allowed
  }
  expect([count('global'), count('renewed'), count('local')]).toEqual([2, 3, 6])
})

test('while the bucket stays empty the chance to be dropped grows, and shrinks when it is full', () => {
  const rules = { tokens: 1, fillTimeMs: 1_000_000, freezeTimeMs: 10, dropIncrease: 0.4, dropDecrease: 0.3 }
  const throttle = admission(rules)
  expect(throttle.allows('global', 0)).toBe(true)
  for (const nowMs of [11, 22, 33, 44]) throttle.allows('global', nowMs)
  expect(throttle.dropChance).toBe(1)
  // Full again: it shrinks, and below a half the steady chance of these tests lets a session through.
  throttle.allows('global', 2_000_000)
  throttle.allows('global', 2_000_011)
  expect(throttle.dropChance).toBeCloseTo(0.4)
  expect(throttle.allows('global', 2_000_012)).toBe(false)
})

test('without tokens in the file nobody is throttled', () => {
  const throttle = admission({})
  expect(Array.from({ length: 1000 }, () => throttle.allows('global', 0)).every(Boolean)).toBe(true)
})

test('a throttled client is closed without a word and gets its session when there are tokens again', async () => {
  const world = new KeeperWorld({ admission: { tokens: 1, fillTimeMs: 1000 } }).start()
  const first = await world.connect()
  const second = world.connect()
  await world.time.advance(20)
  expect(world.keeper.server?.stats.connectionRejectedCount).toBeGreaterThan(0)
  await world.time.advance(3000)
  const sessions = await Promise.all([first.sessionId, (await second).sessionId])
  expect(new Set(sessions).size).toBe(2)
})

test('keys in both spellings; a request limit is a limit of undecided writes', () => {
  const { settings, errors } = parseZooCfg(
    [
      'maxCnxns=500',
      'maxClientCnxns=0',
      'connection_throttle_tokens=100',
      'connectionTokenFillTime=20',
      'connection_throttle_drop_increase=0.5',
      'zookeeper.connection_throttle_weight_enabled=true',
      'connection_throttle_local_session_weight=5',
      'requestThrottleLimit=300',
      'globalOutstandingLimit=2000',
    ].join('\n'),
  )
  expect(errors).toEqual([])
  expect(settings.outstandingMax).toBe(300)
  expect(settings.admission).toMatchObject({
    connectionsMax: 500,
    perAddressMax: 0,
    tokens: 100,
    fillTimeMs: 20,
    fillCount: 1,
    dropIncrease: 0.5,
    weights: { local: 5, global: 5, renewed: 5 },
  })
  expect(parseZooCfg('connection_throttle_drop_increase=2').errors[0]).toContain('a number from 0 to 1 is wanted')
  expect(parseZooCfg('maxCnxns=many').errors).toEqual(['maxCnxns=many: a whole number is wanted'])
})
