import { assert } from '../../base/assert.ts'
import type { Disk, DiskError } from '../../io/ports.ts'
import type { DiskWrite, Effect, LinkId } from '../../zab/contract.ts'
import type { StorageError } from '../storage/files.ts'
import type { LogWriter } from '../storage/log-writer.ts'
import { writeEpoch } from './epoch-files.ts'
import { cutHistory, type HistoryPlaces, installSnapshot, type SnapshotReceiver } from './history-files.ts'

type Persist = Extract<Effect, { kind: 'persist' }>

interface Waiting {
  readonly sequence: number
  readonly writes: readonly DiskWrite[]
  /** Taken from its connection when it was asked for: the connection may close before the disk gets there. */
  readonly received: SnapshotReceiver | undefined
}

export interface PersisterPorts {
  readonly disk: Disk
  readonly places: HistoryPlaces
  readonly log: LogWriter
  /** The snapshot that came over a link, handed over for good. */
  readonly takeReceived: (link: LinkId) => SnapshotReceiver | undefined
  /** The log was cut or replaced: the tree has to be built anew, before anything else happens. */
  readonly rebuild: () => void
  readonly writeConfig: (which: 'current' | 'next', text: string) => void
  /** Everything up to this sequence is durable. */
  readonly persisted: (sequence: number) => void
  /** Nothing can be promised any more. */
  readonly failed: (error: DiskError | StorageError) => void
}

/**
 * Carries out what consensus wants on the disk, strictly in order. Entries that wait while a sync is under way go to the
 * disk together in the next one. Everything else is durable before the next write begins, and begins only when all before
 * it is durable.
 */
export class Persister {
  readonly #ports: PersisterPorts
  #waiting: Waiting[] = []
  #isWriting = false
  #isStopped = false
  #idle: (() => void) | undefined

  constructor(ports: PersisterPorts) {
    this.#ports = ports
  }

  /** Takes an effect; {@link Persister.kick} lets it go. */
  take(effect: Persist): void {
    const install = effect.writes.find((write) => write.kind === 'installSnapshot')
    this.#waiting.push({
      sequence: effect.sequence,
      writes: effect.writes,
      received: install?.kind === 'installSnapshot' ? this.#ports.takeReceived(install.link) : undefined,
    })
  }

  /**
   * The turn is over: whatever gathered in it may go to the disk.
   *
   * @returns the sequence up to which all is durable already, undefined when `persisted` will tell
   */
  kick(): number | undefined {
    if (this.#isWriting || this.#isStopped || this.#waiting.length === 0) return undefined
    const group = this.#waiting
    this.#waiting = []
    const sequence = group.at(-1)?.sequence ?? 0
    const onlyWrite = group.length === 1 && group[0]?.writes.length === 1 ? group[0].writes[0] : undefined
    const { log } = this.#ports
    // A lone entry on a quick disk: another thread's work and news would cost as much again.
    if (onlyWrite?.kind === 'append' && log.isQuick) {
      try {
        log.appendBytes(onlyWrite.entry.zxid, onlyWrite.entry.bytes)
        log.flushNow()
      } catch (error) {
        this.#fail(error)
        return undefined
      }
      return sequence
    }
    this.#isWriting = true
    this.#write(group).then(
      () => this.#done(sequence),
      (error: unknown) => this.#fail(error),
    )
    return undefined
  }

  /** Waits for what is on its way; nothing is written afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#waiting = []
    if (!this.#isWriting) return
    await new Promise<void>((resolve) => {
      this.#idle = resolve
    })
  }

  #done(sequence: number): void {
    this.#isWriting = false
    if (this.#isStopped) {
      this.#idle?.()
      return
    }
    this.#ports.persisted(sequence)
  }

  #fail(error: unknown): void {
    this.#isWriting = false
    const wasStopped = this.#isStopped
    this.#isStopped = true
    this.#idle?.()
    if (!isDiskTrouble(error)) throw error
    if (!wasStopped) this.#ports.failed(error)
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const { log } = this.#ports
    for (const { writes, received } of group) {
      for (const write of writes) {
        if (write.kind === 'append') {
          log.appendBytes(write.entry.zxid, write.entry.bytes)
          continue
        }
        if (log.stagedBytes > 0) await log.flush()
        await this.#barrier(write, received)
      }
    }
    if (log.stagedBytes > 0) await log.flush()
  }

  async #barrier(write: Exclude<DiskWrite, { kind: 'append' }>, received: SnapshotReceiver | undefined): Promise<void> {
    const { disk, places, log, rebuild, writeConfig } = this.#ports
    switch (write.kind) {
      case 'truncate':
        await log.stop()
        cutHistory(places, write.zxid)
        rebuild()
        return
      case 'installSnapshot': {
        assert(received !== undefined, 'a snapshot is installed only when it has come')
        const whole = await received.finish()
        await log.stop()
        installSnapshot(places, whole, write.zxid)
        rebuild()
        return
      }
      case 'acceptedEpoch':
      case 'currentEpoch':
        writeEpoch(disk, places.snapshotDirectory, write.kind, write.epoch)
        return
      case 'config':
        writeConfig(write.which, write.text)
    }
  }
}

function isDiskTrouble(error: unknown): error is DiskError | StorageError {
  return error instanceof Error && (error.name === 'DiskError' || error.name === 'StorageError')
}
