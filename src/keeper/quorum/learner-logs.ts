import type { Logger, Timers } from '../../io/ports.ts'
import type { Entry, LinkId } from '../../zab/contract.ts'
import type { LogStretch } from './log-entries.ts'
import type { MemberHistory } from './member-history.ts'

/** Stretches of the log that are being read for learners, a slice a turn: the loop goes on meanwhile. */
export class LearnerLogs {
  readonly #history: MemberHistory
  readonly #timers: Timers
  readonly #log: Logger
  readonly #onRead: (link: LinkId, entries: readonly Entry[] | null) => void
  readonly #links = new Set<LinkId>()

  /** @param onRead null when a snapshot is the better choice; not called for a learner that was dropped */
  constructor(
    history: MemberHistory,
    timers: Timers,
    log: Logger,
    onRead: (link: LinkId, entries: readonly Entry[] | null) => void,
  ) {
    this.#history = history
    this.#timers = timers
    this.#log = log
    this.#onRead = onRead
  }

  /** Off the present step: what it decided may not be in the file yet. */
  read(link: LinkId, fromZxid: number): void {
    this.#links.add(link)
    this.#timers.start(0, () => {
      let stretch: LogStretch | undefined
      try {
        stretch = this.#history.logStretch(fromZxid)
      } catch (error) {
        this.#refused(link, error)
      }
      if (stretch !== undefined) this.#go(link, stretch)
    })
  }

  /** The learner is gone. */
  drop(link: LinkId): void {
    this.#links.delete(link)
  }

  dropAll(): void {
    this.#links.clear()
  }

  #go(link: LinkId, stretch: LogStretch): void {
    if (!this.#links.has(link)) {
      stretch.close()
      return
    }
    let entries: readonly Entry[] | null | undefined
    try {
      entries = stretch.slice(this.#history.tree.lastZxid)
    } catch (error) {
      stretch.close()
      this.#refused(link, error)
      return
    }
    if (entries === undefined) {
      this.#timers.start(0, () => this.#go(link, stretch))
      return
    }
    stretch.close()
    this.#finished(link, entries)
  }

  #refused(link: LinkId, error: unknown): void {
    this.#log.warn('the log cannot be read for a learner, which gets a snapshot instead', { error })
    this.#finished(link, null)
  }

  #finished(link: LinkId, entries: readonly Entry[] | null): void {
    if (this.#links.delete(link)) this.#onRead(link, entries)
  }
}
