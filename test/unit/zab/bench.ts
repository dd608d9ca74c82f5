import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import type { DiskWrite, Effect, Entry, Input, LearnerMessage, LinkId } from '../../../src/zab/contract.ts'
import { createZabState, type Recovered, type ZabSettings, type ZabState } from '../../../src/zab/state.ts'
import { step } from '../../../src/zab/step.ts'
import { makeZxid } from '../../../src/zab/zxid.ts'
import { makeEntry } from '../../sim/zab/member.ts'
import { configOf, fastSettings } from '../../sim/zab/simulate.ts'

/** Entries `epoch`:`from` to `epoch`:`to`. */
export function entriesOf(epoch: number, from: number, to: number): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, index) => makeEntry(makeZxid(epoch, from + index), 0n, 0, null))
}

export function recoveredWith(overrides: Partial<Recovered>): Recovered {
  const config = parseEnsembleConfig(configOf({ voters: 3, observers: 0 }))
  if (config === undefined) throw new Error('the configuration can be read')
  return {
    acceptedEpoch: 0,
    currentEpoch: 0,
    lastZxid: overrides.newestEntries?.at(-1)?.zxid ?? 0,
    snapshotZxid: 0,
    newestEntries: [],
    config,
    nextConfig: null,
    ...overrides,
  }
}

/** One server by itself; the test is its disk, its network and its clock. */
export class Bench {
  readonly state: ZabState
  nowMs = 0
  /** Effects of the last input. */
  last: readonly Effect[] = []

  constructor(serverId: number, recovered: Partial<Recovered> = {}, settings: Partial<ZabSettings> = {}) {
    this.state = createZabState({ ...fastSettings, ...settings, serverId }, recoveredWith(recovered))
    this.input({ kind: 'start' })
  }

  input(input: Input): readonly Effect[] {
    this.last = step(this.state, this.nowMs, input)
    return this.last
  }

  message(link: LinkId, message: LearnerMessage): readonly Effect[] {
    return this.input({ kind: 'message', link, message })
  }

  /** The disk has done all it was asked. */
  persisted(): readonly Effect[] {
    return this.input({ kind: 'persisted', sequence: this.state.nextSequence - 1 })
  }

  /** Everybody votes for `leader`, who says so. */
  elect(leader: number): void {
    const me = this.state.settings.serverId
    const vote = { leader, zxid: makeZxid(0x1000, 0), peerEpoch: 0x1000, config: null, round: this.state.round }
    if (leader === me) {
      const own = {
        ...vote,
        zxid: this.state.lastLoggedZxid,
        peerEpoch: this.state.currentEpoch,
        role: 'looking' as const,
      }
      for (const from of [1, 2, 3]) if (from !== me) this.input({ kind: 'notification', from, notification: own })
      this.nowMs += 1
      this.input({ kind: 'tick' })
      return
    }
    for (const from of [1, 2, 3]) {
      if (from === me) continue
      const role = from === leader ? 'leading' : 'following'
      this.input({ kind: 'notification', from, notification: { ...vote, role } })
    }
  }

  /** A follower that has acknowledged the leader's epoch and waits for its history. */
  followUntilSync(leader: number, epoch: number, link: LinkId): void {
    this.elect(leader)
    this.input({ kind: 'linkUp', link, dialed: leader })
    this.message(link, { type: 'leaderInfo', epoch, protocolVersion: 0x10000 })
    this.persisted()
  }

  /** A serving leader with server `followerId` synced over `link`. */
  leadWith(followerId: number, link: LinkId, followerZxid: number = this.state.lastLoggedZxid): void {
    this.elect(this.state.settings.serverId)
    this.join(followerId, link, followerZxid)
    this.persisted()
    this.message(link, { type: 'ack', zxid: this.newLeaderZxid })
    this.message(link, { type: 'ack', zxid: this.newLeaderZxid })
  }

  /** A follower comes and acknowledges the epoch. @returns what it was sent then */
  join(
    followerId: number,
    link: LinkId,
    lastZxid: number,
    currentEpoch: number = this.state.currentEpoch,
  ): readonly Effect[] {
    this.input({ kind: 'linkUp', link, dialed: null })
    this.message(link, {
      type: 'followerInfo',
      acceptedEpoch: 0,
      serverId: followerId,
      protocolVersion: 0x10000,
      configVersion: 0,
    })
    this.persisted()
    return this.message(link, { type: 'ackEpoch', lastZxid, currentEpoch })
  }

  get newLeaderZxid(): number {
    const { role } = this.state
    return makeZxid(role.kind === 'looking' ? 0 : role.epoch, 0)
  }
}

export function sent(effects: readonly Effect[]): LearnerMessage[] {
  return effects.flatMap((effect) => {
    if (effect.kind === 'send') return [effect.message]
    if (effect.kind !== 'sendHistory') return []
    return effect.entries.flatMap((entry): LearnerMessage[] => [
      { type: 'proposal', entry },
      { type: 'commit', zxid: entry.zxid },
    ])
  })
}

export function written(effects: readonly Effect[]): DiskWrite[] {
  return effects.flatMap((effect) => (effect.kind === 'persist' ? effect.writes : []))
}

export function kinds(effects: readonly Effect[]): string[] {
  return effects.map((effect) => effect.kind)
}
