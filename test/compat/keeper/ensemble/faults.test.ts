import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { Ensemble, type Kind, type Member } from './ensemble.ts'
import { expectSameState } from './same-state.ts'
import { Ledger, WriteLoad } from './write-load.ts'

/*
 * Random faults under writes: servers killed, standing still, restarted too early, all killed at once, by a seed. What
 * happens on the machine is not the seed's to say, so a failure's message has what was done.
 * JACKDAW_COMPAT_LONG=1 goes on for longer, JACKDAW_COMPAT_SEED=n takes other chances.
 */

const isLong = process.env['JACKDAW_COMPAT_LONG'] !== undefined
const FAULTS = isLong ? 80 : 8
const SYNC_LIMIT_MS = 2500
let ensemble: Ensemble

afterEach(() => ensemble.close())

function chance(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1
    return state % bound
  }
}

/** @returns what was done */
async function disturb(random: (bound: number) => number): Promise<string> {
  const members = ensemble.members
  const victim = members[random(members.length)] as Member
  const name = `${victim.id} (${victim.kind})`
  switch (random(6)) {
    case 0: {
      await Promise.all(members.map((each) => each.end('SIGKILL')))
      await ensemble.start()
      return 'all killed'
    }
    case 1: {
      const leader = await ensemble.nextLeader()
      await leader.end('SIGKILL')
      await sleep(random(1500))
      leader.start()
      return `the leader, ${leader.id} (${leader.kind}), killed and started again soon`
    }
    case 2: {
      const pauseMs = random(2 * SYNC_LIMIT_MS)
      victim.pause()
      await sleep(pauseMs)
      victim.resume()
      return `${name} stood still for ${pauseMs} ms`
    }
    case 3: {
      // Once more while it is being brought up to date.
      await victim.end('SIGKILL')
      victim.start()
      await sleep(200 + random(1500))
      await victim.end('SIGKILL')
      victim.start()
      return `${name} killed twice`
    }
    case 4: {
      const other = members[(victim.id + random(2)) % members.length] as Member
      await Promise.all([victim.end('SIGKILL'), other.end('SIGKILL')])
      await sleep(random(500))
      for (const each of new Set([victim, other])) each.start()
      return `${name} and ${other.id} (${other.kind}) killed`
    }
    default: {
      await victim.end('SIGTERM')
      victim.start()
      return `${name} restarted`
    }
  }
}

const compositions: readonly (readonly Kind[])[] = [
  ['real', 'real', 'jackdaw'],
  ['jackdaw', 'jackdaw', 'real'],
  ...(isLong ? [['jackdaw', 'jackdaw', 'jackdaw'] as const] : []),
]

test.each(compositions)(
  '%s, %s and %s lose nothing that was acknowledged',
  async (...kinds) => {
    ensemble = await Ensemble.create(kinds)
    await ensemble.start()
    const seed = Number(process.env['JACKDAW_COMPAT_SEED'] ?? 1)
    const random = chance(seed)
    const ledger = new Ledger()
    const load = await WriteLoad.start(ensemble, ledger, 4)
    const done: string[] = []
    try {
      for (let fault = 0; fault < FAULTS; fault += 1) {
        done.push(await disturb(random))
        if (random(2) === 0) await ensemble.serving([1, 2, 3])
        await load.progress(20)
      }
      await ensemble.serving([1, 2, 3])
      await load.progress(20)
      await load.stop()
      await expectSameState(ensemble, ledger)
    } catch (error) {
      throw new Error(`seed ${seed}: ${done.join(', then ')}`, { cause: error })
    }
    expect(done).toHaveLength(FAULTS)
  },
  isLong ? 1_200_000 : 180_000,
)
