import { assert } from '../../base/assert.ts'
import { Operation } from '../../jute/operations.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { Entry } from '../../zab/contract.ts'
import { entryOf } from '../../zab/wire/entry.ts'
import { mayFollow } from '../../zab/zxid.ts'
import { readTxn, type Txn, writeTxn } from '../tree/txn.ts'

const decoder = new TextDecoder()
const scratch = new JuteWriter(1 << 12)

/** An entry that this server prepared: the transaction need not be read back from the bytes. */
class PreparedEntry implements Entry {
  readonly zxid: number
  readonly bytes: Uint8Array
  readonly config: string | null
  readonly txn: Txn

  constructor(txn: Txn, bytes: Uint8Array, config: string | null) {
    this.zxid = txn.header.zxid
    this.bytes = bytes
    this.config = config
    this.txn = txn
  }
}

/** @returns the transaction as consensus carries it */
export function entryOfTxn(txn: Txn): Entry {
  scratch.clear()
  writeTxn(scratch, txn)
  const { body } = txn
  const config = body.type === Operation.reconfig && body.record.data !== null ? decoder.decode(body.record.data) : null
  return new PreparedEntry(txn, scratch.finish(), config)
}

/** @returns the transaction in an entry, undefined when it is of a kind that nobody knows */
export function txnOf(entry: Entry): Txn | undefined {
  return entry instanceof PreparedEntry ? entry.txn : readTxn(entry.bytes)
}

/** Gathers the newest entries while a log is read. */
export class NewestEntries {
  readonly #max: number
  #entries: Entry[] = []

  constructor(max: number) {
    this.#max = max
  }

  /** @param bytes borrowed */
  add(zxid: number, bytes: Uint8Array): void {
    const last = this.#entries.at(-1)
    // Behind a hole everything before it is of no use to a learner.
    if (last !== undefined && !mayFollow(last.zxid, zxid)) this.#entries = []
    const entry = entryOf(bytes.slice())
    assert(entry !== undefined, 'what the log reader could read begins with a header')
    this.#entries.push(entry)
    if (this.#entries.length >= 2 * this.#max) this.#entries = this.#entries.slice(-this.#max)
  }

  /** @returns those that end at `lastZxid`, none when the log ends elsewhere */
  upTo(lastZxid: number): readonly Entry[] {
    return this.#entries.at(-1)?.zxid === lastZxid ? this.#entries.slice(-this.#max) : []
  }
}
