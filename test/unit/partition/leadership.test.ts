import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { InSyncDecision } from '../../../src/partition/contract.ts'
import { truncationOffset } from '../../../src/partition/divergence.ts'
import { Leadership } from '../../../src/partition/leadership.ts'
import { leaderRole } from '../../support/roles.ts'

const LAG_MS = 1000
const everybody = (): boolean => true
const nobody = (): boolean => false

/** Broker 1 leads 1, 2, 3 from offset 10 on, at time 0. */
function leading(inSyncReplicas: readonly number[] = [1, 2, 3], logEndOffset: number = 10): Leadership {
  return new Leadership(leaderRole(5, { replicas: [1, 2, 3], inSyncReplicas }), 1, logEndOffset, 0)
}

function fetched(leadership: Leadership, id: number, offset: number, logEndOffset: number, nowMs: number): void {
  leadership.follower(id)?.noteFetch(offset, 0, logEndOffset, nowMs)
}

function granted(inSyncReplicas: readonly number[], partitionEpoch: number): InSyncDecision {
  return { code: ErrorCode.none, leaderEpoch: 5, partitionEpoch, inSyncReplicas }
}

function refused(code: ErrorCode): InSyncDecision {
  return { code, leaderEpoch: 5, partitionEpoch: 0, inSyncReplicas: [] }
}

test('nothing is confirmed before every member of the in-sync set has been heard of', () => {
  const leadership = leading()
  expect(leadership.confirmedOffset(10, 1, 0, LAG_MS, everybody)).toBe(-1)
  fetched(leadership, 2, 10, 10, 1)
  expect(leadership.confirmedOffset(10, 1, 1, LAG_MS, everybody)).toBe(-1)
  fetched(leadership, 3, 8, 10, 1)
  expect(leadership.confirmedOffset(10, 1, 1, LAG_MS, everybody)).toBe(8)
})

test('a follower outside the set that has caught up is waited for, unless it may not join', () => {
  const leadership = leading([1, 2])
  fetched(leadership, 2, 12, 12, 1)
  fetched(leadership, 3, 11, 11, 1)
  expect(leadership.confirmedOffset(12, 1, 1, LAG_MS, everybody)).toBe(11)
  expect(leadership.confirmedOffset(12, 1, 1, LAG_MS, nobody)).toBe(12)
  expect(leadership.confirmedOffset(12, 1, 5000, LAG_MS, everybody)).toBe(12)
})

test('with fewer in sync than the topic demands nothing is confirmed; a lone replica is enough for itself', () => {
  const leadership = leading([1])
  expect(leadership.confirmedOffset(10, 2, 0, LAG_MS, everybody)).toBe(-1)
  expect([leadership.isUnderMinimum(2), leadership.isUnderMinimum(1)]).toEqual([true, false])
  const alone = new Leadership(leaderRole(5, { replicas: [1, 2], inSyncReplicas: [1, 2] }), 1, 10, 0)
  expect(alone.isUnderMinimum(7)).toBe(false)
})

test('a follower joins when it has the high watermark and the begin of the term', () => {
  const leadership = leading([1, 2])
  const follower = leadership.follower(3)
  if (follower === undefined) throw new Error('3 is a replica')
  fetched(leadership, 3, 9, 15, 1)
  // At the high watermark of the old term, but below the first offset of this one.
  expect(leadership.expansion(follower, 8, 1, everybody)).toBeUndefined()
  fetched(leadership, 3, 11, 15, 2)
  expect(leadership.expansion(follower, 12, 2, everybody)).toBeUndefined()
  expect(leadership.expansion(follower, 11, 2, nobody)).toBeUndefined()
  expect(leadership.expansion(follower, 11, 2, everybody)).toEqual([1, 2, 3])
  expect(leadership.expansion(follower, 11, 2, everybody)).toBeUndefined()
})

test('while a proposal is under way both sets count, and afterwards the decided one', () => {
  const leadership = leading([1, 2])
  const follower = leadership.follower(3)
  if (follower === undefined) throw new Error('3 is a replica')
  fetched(leadership, 2, 20, 20, 1)
  fetched(leadership, 3, 12, 20, 1)
  expect(leadership.expansion(follower, 12, 1, everybody)).toEqual([1, 2, 3])
  // It has long stopped fetching: nobody knows whether it is a member, so it counts.
  expect(leadership.confirmedOffset(20, 1, 60_000, LAG_MS, everybody)).toBe(12)
  expect(leadership.isMaximalSetUnderMinimum(3)).toBe(false)
  expect(leadership.isUnderMinimum(3)).toBe(true)
  expect(leadership.decide(granted([1, 2, 3], 1), 2, 0)).toBe(true)
  expect(leadership.confirmedOffset(20, 1, 60_000, LAG_MS, everybody)).toBe(12)
  // Leaving: it counts until the controller has agreed.
  expect(leadership.reduction(20, 60_000, LAG_MS)).toEqual([1, 2])
  expect(leadership.confirmedOffset(20, 1, 60_000, LAG_MS, everybody)).toBe(12)
  expect(leadership.decide(granted([1, 2], 2), 60_000, 0)).toBe(true)
  expect(leadership.confirmedOffset(20, 1, 60_000, LAG_MS, everybody)).toBe(20)
})

test('keeping up: who reaches at each fetch what the log was at the one before stays', () => {
  const leadership = leading()
  let logEndOffset = 10
  for (let nowMs = 500; nowMs <= 5000; nowMs += 500) {
    const behind = logEndOffset
    logEndOffset += 100
    fetched(leadership, 2, behind, logEndOffset, nowMs)
    fetched(leadership, 3, 10 + nowMs / 500, logEndOffset, nowMs)
  }
  expect(leadership.reduction(logEndOffset, 5000, LAG_MS)).toEqual([1, 2])
})

test('who has everything stays in sync however long nothing is written', () => {
  const leadership = leading()
  fetched(leadership, 2, 10, 10, 1)
  fetched(leadership, 3, 10, 10, 1)
  expect(leadership.reduction(10, 1e9, LAG_MS)).toBeUndefined()
})

test('what becomes of a refused proposal depends on why', () => {
  const of = (code: ErrorCode): Leadership => {
    const leadership = leading()
    fetched(leadership, 2, 10, 10, 1)
    expect(leadership.reduction(11, 5000, LAG_MS)).toEqual([1])
    expect(leadership.decide(refused(code), 5000, 100)).toBe(false)
    return leadership
  }
  // Refused for good: forgotten, and tried again a little later.
  const ineligible = of(ErrorCode.ineligibleReplica)
  expect(ineligible.reduction(11, 5050, LAG_MS)).toBeUndefined()
  expect(ineligible.reduction(11, 5200, LAG_MS)).toEqual([1])
  // Nobody knows: the same proposal again.
  const unknown = of(ErrorCode.requestTimedOut)
  expect(unknown.reduction(11, 9000, LAG_MS)).toBeUndefined()
  expect(unknown.repetition()).toEqual([1])
  expect(unknown.repetition()).toBeUndefined()
  // A newer role is on its way: it goes on counting until that comes.
  const stale = of(ErrorCode.invalidUpdateVersion)
  expect([stale.repetition(), stale.reduction(11, 9000, LAG_MS)]).toEqual([undefined, undefined])
  const role = leaderRole(5, { partitionEpoch: 3, replicas: [1, 2, 3], inSyncReplicas: [1, 3] })
  expect(stale.update(role, 11, 9000)).toBe(true)
  expect(stale.update(role, 11, 9000)).toBe(false)
  expect(stale.inSyncReplicas).toEqual([1, 3])
  expect(stale.reduction(11, 20_000, LAG_MS)).toEqual([1])
})

test('a decision of another term, or older than what is known, changes nothing', () => {
  const leadership = leading()
  expect(leadership.decide(granted([1], 9), 0, 0)).toBe(false)
  expect(leadership.reduction(11, 5000, LAG_MS)).toEqual([1])
  expect(leadership.decide({ ...granted([1], 9), leaderEpoch: 6 }, 5000, 0)).toBe(false)
  expect(leadership.inSyncReplicas).toEqual([1, 2, 3])
})

/** A dumb twin: knows every offset that every replica has, and every set that may be in force. */
interface Twin {
  readonly ends: Map<number, number>
  possible: Set<string>
  highWatermark: number
}

test('twin: what is confirmed is in the log of every member of every in-sync set that may be in force', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const) }),
    fc.record({ kind: fc.constant('fetch' as const), id: fc.constantFrom(2, 3) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(10, 400, 3000) }),
    fc.record({ kind: fc.constant('look' as const) }),
    fc.record({
      kind: fc.constant('answer' as const),
      outcome: fc.constantFrom('granted', 'lostGranted', 'lost', 'refused'),
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const leadership = leading([1, 2, 3], 0)
      const key = (set: readonly number[]): string => [...set].sort().join(',')
      const twin: Twin = {
        ends: new Map([
          [2, 0],
          [3, 0],
        ]),
        possible: new Set(['1,2,3']),
        highWatermark: 0,
      }
      let [logEnd, nowMs, partitionEpoch] = [0, 0, 0]
      let committed: readonly number[] = [1, 2, 3]
      let asked: readonly number[] | undefined
      const ask = (wanted: readonly number[] | undefined): void => {
        if (wanted === undefined) return
        asked = wanted
        twin.possible.add(key(wanted))
      }
      for (const one of steps) {
        if (one.kind === 'append') logEnd += 1
        else if (one.kind === 'pass') nowMs += one.ms
        else if (one.kind === 'look') ask(leadership.repetition() ?? leadership.reduction(logEnd, nowMs, LAG_MS))
        else if (one.kind === 'fetch') {
          // A fetch says how far the log was; its answer brings the rest.
          const end = twin.ends.get(one.id) ?? 0
          const follower = leadership.follower(one.id)
          if (follower === undefined) continue
          follower.noteFetch(end, 0, logEnd, nowMs)
          ask(leadership.expansion(follower, twin.highWatermark, nowMs, everybody))
          twin.ends.set(one.id, logEnd)
        } else if (asked !== undefined) {
          const isInForce = one.outcome === 'granted' || one.outcome === 'lostGranted'
          if (isInForce && key(asked) !== key(committed)) partitionEpoch += 1
          if (isInForce) committed = asked
          if (one.outcome === 'granted') {
            leadership.decide(granted(asked, partitionEpoch), nowMs, 0)
            twin.possible = new Set([key(asked)])
          } else if (one.outcome === 'refused' && key(committed) !== key(asked)) {
            leadership.decide(refused(ErrorCode.ineligibleReplica), nowMs, 0)
            twin.possible = new Set([key(committed)])
          } else {
            leadership.decide(refused(ErrorCode.requestTimedOut), nowMs, 0)
          }
          asked = undefined
        }
        const confirmed = leadership.confirmedOffset(logEnd, 1, nowMs, LAG_MS, everybody)
        twin.highWatermark = Math.max(twin.highWatermark, Math.min(confirmed, logEnd))
        for (const set of twin.possible) {
          for (const id of set.split(',').map(Number)) {
            if (id !== 1) expect(twin.ends.get(id)).toBeGreaterThanOrEqual(twin.highWatermark)
          }
        }
      }
    }),
    { numRuns: 2000 },
  )
})

/** Epochs and where each begins, as two replicas may have them after different leaders. */
test('twin: following divergences ends where the histories part, and never beyond it', () => {
  const history = fc.array(
    fc.record({ epochStep: fc.integer({ min: 1, max: 3 }), count: fc.integer({ min: 0, max: 4 }) }),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(history, history, history, (common, ours, theirs) => {
      // One epoch has one leader, and so one history: the two sides part with epochs that the other does not have.
      const grow = (into: number[], list: typeof common, isOdd: boolean): number[] => {
        const log = [...into]
        let epoch = log.at(-1) ?? 0
        for (const { epochStep, count } of list) {
          epoch += epochStep
          if (list !== common && epoch % 2 === (isOdd ? 0 : 1)) epoch += 1
          for (let left = count; left > 0; left -= 1) log.push(epoch)
        }
        return log
      }
      const shared = grow([], common, false)
      const leader = grow(shared, theirs, true)
      let follower = grow(shared, ours, false)
      const endOf = (log: readonly number[], epoch: number) => {
        if (log.length === 0 || epoch > (log.at(-1) ?? -1)) return { leaderEpoch: -1, endOffset: -1 }
        const count = log.filter((one) => one <= epoch).length
        return count === 0
          ? { leaderEpoch: epoch, endOffset: 0 }
          : { leaderEpoch: log[count - 1] ?? -1, endOffset: count }
      }
      // What the leader answers to a fetch: its largest epoch at or below the follower's.
      const divergence = (): { leaderEpoch: number; endOffset: number } | undefined => {
        const last = follower.at(-1) ?? -1
        if (last < 0) return undefined
        const known = leader.filter((one) => one <= last)
        const answer = { leaderEpoch: known.at(-1) ?? -1, endOffset: known.length }
        return answer.leaderEpoch < last || answer.endOffset < follower.length ? answer : undefined
      }
      let prefix = 0
      while (prefix < leader.length && prefix < follower.length && leader[prefix] === follower[prefix]) prefix += 1
      for (let found = divergence(); found !== undefined; found = divergence()) {
        const offset = truncationOffset(found, endOf(follower, found.leaderEpoch), follower.length)
        expect(offset).toBeLessThan(follower.length)
        expect(offset).toBeGreaterThanOrEqual(prefix)
        follower = follower.slice(0, offset)
      }
      expect(follower).toEqual(leader.slice(0, follower.length))
      expect(follower.length).toBe(prefix)
    }),
    { numRuns: 2000 },
  )
})
