import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { GroupCrowd } from '../../support/group-crowd.ts'
import { GroupWorld } from '../../support/group-world.ts'

// Method: consumers come, go, die and come back under their static ids at random moments of a simulated clock, then
// everything is left alone. Judges know only what clients were told and the group's own invariants.

const VERSIONS = [0, 3, 5, 9]

type Action =
  | { readonly kind: 'start'; readonly instance: number; readonly version: number; readonly protocol: boolean }
  | { readonly kind: 'kill' | 'leave'; readonly who: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'hold' | 'release' }
  | { readonly kind: 'fail' | 'reload' }

const calm: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('start' as const),
      instance: fc.integer({ min: -3, max: 2 }),
      version: fc.constantFrom(...VERSIONS),
      protocol: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constantFrom('kill' as const, 'leave' as const), who: fc.nat(7) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constantFrom('hold' as const, 'release' as const) }),
)
const stormy: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: calm },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fail' as const, 'reload' as const) }) },
)

function run(actions: readonly Action[]): GroupCrowd {
  const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
  const crowd = new GroupCrowd(world)
  for (const action of actions) {
    switch (action.kind) {
      case 'start': {
        // A static id needs a version that knows it; the same id again takes over from whoever has it.
        const instanceId = action.instance < 0 ? null : `i${action.instance}`
        const version = instanceId === null ? action.version : Math.max(5, action.version)
        const protocols = action.protocol ? ['range', 'sticky'] : ['sticky', 'range']
        crowd.start(instanceId, { version, protocols })
        break
      }
      case 'kill':
      case 'leave': {
        const consumer = crowd.living[action.who % Math.max(1, crowd.living.length)]
        if (consumer === undefined) break
        if (action.kind === 'kill') crowd.kill(consumer)
        else crowd.leave(consumer)
        break
      }
      case 'wait':
        crowd.settle(action.seconds)
        break
      case 'hold':
        world.isHolding = true
        break
      case 'release':
        world.isHolding = false
        world.release()
        break
      case 'fail':
        world.release(ErrorCode.coordinatorNotAvailable, 1)
        break
      case 'reload':
        // What was appended and not confirmed may have survived: here it has not.
        world.held.length = 0
        world.reload()
        break
    }
    crowd.tick()
  }
  world.isHolding = false
  world.release()
  crowd.settle(400)
  return crowd
}

test('whoever lives ends up with a part of one stable generation', () => {
  fc.assert(
    fc.property(fc.array(calm, { maxLength: 40, size: 'max' }), (actions) => {
      const crowd = run(actions)
      expect(crowd.violations).toEqual([])
      expect(crowd.isSettled).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('a member that heartbeats and rejoins in time is never told that it is unknown, however rebalances overlap', () => {
  fc.assert(
    fc.property(fc.array(calm, { maxLength: 40, size: 'max' }), (actions) => {
      const crowd = run(actions)
      const wronged = crowd.living.filter(({ disownedCount, isDisplaced }) => disownedCount > 0 && !isDisplaced)
      expect(wronged.map(({ client }) => client.name)).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('failed appends and new coordinators never split a generation and everybody recovers', () => {
  fc.assert(
    fc.property(fc.array(stormy, { maxLength: 40, size: 'max' }), (actions) => {
      const crowd = run(actions)
      expect(crowd.violations).toEqual([])
      expect(crowd.isSettled).toBe(true)
    }),
    { numRuns: 200 },
  )
})

for (const version of VERSIONS) {
  for (const size of [1, 2, 5]) {
    test(`one change of membership costs one rebalance: ${size} members, JoinGroup ${version}`, () => {
      const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
      const crowd = new GroupCrowd(world)
      for (let index = 0; index < size; index += 1) crowd.start(null, { version })
      crowd.settle(30)
      expect(crowd.isSettled).toBe(true)
      expect(world.group().generationId).toBe(1)

      const late = crowd.start(null, { version })
      crowd.settle(30)
      expect(crowd.isSettled).toBe(true)
      expect(world.group().generationId).toBe(2)

      crowd.leave(late)
      crowd.settle(30)
      expect(crowd.isSettled).toBe(true)
      expect(world.group().generationId).toBe(3)

      const victim = crowd.living.at(-1)
      if (victim !== undefined) crowd.kill(victim)
      crowd.settle(90)
      expect(crowd.isSettled).toBe(true)
      expect(world.group().generationId).toBe(4)
    })
  }
}

test('a static member that restarts within its session costs no rebalance', () => {
  const world = new GroupWorld({ initialRebalanceDelayMs: 3_000 })
  const crowd = new GroupCrowd(world)
  for (const id of ['i0', 'i1', 'i2']) crowd.start(id)
  crowd.settle(30)
  for (const id of ['i0', 'i1', 'i2']) {
    const old = crowd.living.find(({ client }) => client.instanceId === id)
    if (old !== undefined) crowd.kill(old)
    crowd.start(id)
    crowd.settle(5)
  }
  crowd.settle(60)
  expect(crowd.violations).toEqual([])
  expect(crowd.isSettled).toBe(true)
  expect(world.group().generationId).toBe(1)
})
