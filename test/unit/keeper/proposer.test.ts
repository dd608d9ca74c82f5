import { expect, test } from 'vitest'
import { LocalProposer } from '../../../src/keeper/server/proposer.ts'
import type { LogWriter } from '../../../src/keeper/storage/log-writer.ts'
import type { Txn } from '../../../src/keeper/tree/txn.ts'

/** A log whose syncs end when told to, or at once where the proposer asks for that. */
class SlowLog {
  stagedBytes = 0
  isQuick = true
  readonly #done: (() => void)[] = []

  append(): void {
    this.stagedBytes += 1
  }

  flushNow(): void {
    this.stagedBytes = 0
  }

  flush(): Promise<void> {
    this.stagedBytes = 0
    return new Promise((resolve) => this.#done.push(resolve))
  }

  async finish(): Promise<void> {
    this.#done.shift()?.()
    await Promise.resolve()
  }
}

// A lone write that gathered behind a group was synced at once and committed before the group.
test('transactions are committed in order, also when one alone has gathered behind a group on a quick disk', async () => {
  const log = new SlowLog()
  const committed: number[] = []
  const proposer = new LocalProposer(log as unknown as LogWriter, {
    committed: (txns) => committed.push(...txns.map((txn) => txn.header.zxid)),
    failed: (error) => expect(error).toBeUndefined(),
  })
  const propose = (zxid: number): void => proposer.propose({ header: { zxid } } as unknown as Txn)
  propose(1)
  propose(2)
  proposer.flush()
  propose(3)
  await log.finish()
  await log.finish()
  expect(committed).toEqual([1, 2, 3])
  propose(4)
  proposer.flush()
  expect(committed).toEqual([1, 2, 3, 4])
  expect(proposer.outstandingCount).toBe(0)
})
