/**
 * Writes to the tree as the controller: every multi first checks that the controller epoch is still ours, so that a
 * controller that was paused while another took over can change nothing any more.
 */
import { KeeperError, KeeperErrorCode, type MultiOperation, type ZooKeeperClient } from '../zookeeper/contract.ts'
import { CONTROLLER_EPOCH_PATH } from './znodes.ts'

/** Another controller has been elected. */
export class ControllerMovedError extends Error {
  override readonly name: string = 'ControllerMovedError'
}

/** Operations that belong together: one topic, one configuration. */
export interface WriteGroup {
  readonly operations: readonly MultiOperation[]
}

/** ZooKeeper refuses requests above 1 MiB (`jute.maxbuffer`); half of it leaves room for what is estimated. */
const MULTI_SIZE_BYTES_MAX = 512 * 1024
/**
 * Groups share a multi up to here. In one large multi every server waits for the one before it; of several the servers write
 * one down while their leader judges the next, and what each of them makes is gone before a collector copies it.
 */
const SHARED_MULTI_SIZE_BYTES_MAX = 48 * 1024
/** Path length, version, flags and the ACL of one operation, about. */
const OPERATION_OVERHEAD_BYTES = 64

export class GuardedWriter {
  readonly #zookeeper: ZooKeeperClient
  readonly #version: number
  readonly #path: string

  /**
   * @param version that the guarding znode must have: of `/controller_epoch` from our own election, or, for what any broker
   *   may write, of `/controller`
   */
  constructor(zookeeper: ZooKeeperClient, version: number, path: string = CONTROLLER_EPOCH_PATH) {
    this.#zookeeper = zookeeper
    this.#version = version
    this.#path = path
  }

  /**
   * Writes many groups in few multis. A group that ZooKeeper refuses is left out and the others are written all the same.
   * A group larger than one multi may be, when refused or cut off, be left half written: readers of the tree know that.
   *
   * @returns ZooKeeper's code by group, 0 for written
   * @throws ControllerMovedError when another controller has been elected
   * @throws KeeperError when the outcome is unknown: connection or session lost
   */
  async write(groups: readonly WriteGroup[]): Promise<readonly number[]> {
    const codes = groups.map(() => KeeperErrorCode.ok as number)
    const writes: Promise<void>[] = []
    for (const pack of packs(groups)) writes.push(this.#writePack(groups, pack, codes))
    await Promise.all(writes)
    return codes
  }

  async #writePack(groups: readonly WriteGroup[], pack: readonly number[], codes: number[]): Promise<void> {
    const first = groups[pack[0] ?? 0]
    if (pack.length === 1 && first !== undefined && sizeOf(first) > MULTI_SIZE_BYTES_MAX) {
      codes[pack[0] ?? 0] = await this.#writeLarge(first)
      return
    }
    let rest = [...pack]
    while (rest.length > 0) {
      const operations = rest.flatMap((index) => groups[index]?.operations ?? [])
      const failure = await this.#multi(operations)
      if (failure === undefined) return
      let at = failure.operation
      const culprit = rest.find((index) => {
        const count = groups[index]?.operations.length ?? 0
        if (at < count) return true
        at -= count
        return false
      })
      if (culprit === undefined) throw new KeeperError(failure.code, '', 'a multi failed at none of its operations')
      codes[culprit] = failure.code
      rest = rest.filter((index) => index !== culprit)
    }
  }

  async #writeLarge(group: WriteGroup): Promise<number> {
    let part: MultiOperation[] = []
    let sizeBytes = 0
    for (const operation of group.operations) {
      const next = operationSize(operation)
      if (sizeBytes + next > MULTI_SIZE_BYTES_MAX && part.length > 0) {
        const failure = await this.#multi(part)
        if (failure !== undefined) return failure.code
        part = []
        sizeBytes = 0
      }
      part.push(operation)
      sizeBytes += next
    }
    return (await this.#multi(part))?.code ?? KeeperErrorCode.ok
  }

  /** @returns the operation that was refused, or undefined when all are done */
  async #multi(operations: readonly MultiOperation[]): Promise<{ operation: number; code: number } | undefined> {
    const guard: MultiOperation = { kind: 'check', path: this.#path, version: this.#version }
    const results = await this.#zookeeper.multi([guard, ...operations])
    // Operations before the refused one report 0, those after it "not tried": the first real code tells which it was.
    const failed = results.findIndex(
      (result) => result.kind === 'error' && result.code !== KeeperErrorCode.ok && result.code !== NOT_TRIED,
    )
    if (failed < 0) return undefined
    const result = results[failed]
    const code = result?.kind === 'error' ? result.code : KeeperErrorCode.ok
    if (failed === 0)
      throw new ControllerMovedError('the controller epoch has moved on: another controller was elected')
    return { operation: failed - 1, code }
  }
}

/** What ZooKeeper answers for operations behind the one that failed. */
const NOT_TRIED = -2

function packs(groups: readonly WriteGroup[]): readonly (readonly number[])[] {
  const all: number[][] = []
  let current: number[] = []
  let sizeBytes = 0
  for (const [index, group] of groups.entries()) {
    if (group.operations.length === 0) continue
    const next = sizeOf(group)
    if (current.length > 0 && sizeBytes + next > SHARED_MULTI_SIZE_BYTES_MAX) {
      all.push(current)
      current = []
      sizeBytes = 0
    }
    current.push(index)
    sizeBytes += next
  }
  if (current.length > 0) all.push(current)
  return all
}

function sizeOf(group: WriteGroup): number {
  let sizeBytes = 0
  for (const operation of group.operations) sizeBytes += operationSize(operation)
  return sizeBytes
}

function operationSize(operation: MultiOperation): number {
  const data = operation.kind === 'create' || operation.kind === 'set' ? (operation.data?.length ?? 0) : 0
  return operation.path.length + data + OPERATION_OVERHEAD_BYTES
}
