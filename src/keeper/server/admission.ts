import type { Entropy } from '../../io/ports.ts'
import type { KeeperChannel } from './channel.ts'

/** How many clients come in, and how fast. Names of ZooKeeper's own keys are beside the fields. */
export interface AdmissionRules {
  /** `maxClientCnxns`: connections from one address; 0 = any number. */
  readonly perAddressMax: number
  /** `maxCnxns`: connections of all; 0 = any number. */
  readonly connectionsMax: number
  /** `connection_throttle_tokens`: sessions that may be asked for at once; 0 = no throttle at all. */
  readonly tokens: number
  /** `connection_throttle_fill_count` tokens come back every `connection_throttle_fill_time`. */
  readonly fillCount: number
  readonly fillTimeMs: number
  /** `connection_throttle_freeze_time`: between changes of the chance to be dropped; -1 = nobody is dropped by chance. */
  readonly freezeTimeMs: number
  /** `connection_throttle_drop_increase`, when there are no tokens left. */
  readonly dropIncrease: number
  /** `connection_throttle_drop_decrease`, when no more of them are out than `connection_throttle_decrease_ratio` of all. */
  readonly dropDecrease: number
  readonly decreaseRatio: number
  /** `connection_throttle_*_session_weight`: tokens that a session costs; undefined = one each. */
  readonly weights: { readonly global: number; readonly local: number; readonly renewed: number } | undefined
}

export const defaultAdmissionRules: AdmissionRules = {
  perAddressMax: 60,
  connectionsMax: 0,
  tokens: 0,
  fillCount: 1,
  fillTimeMs: 1,
  freezeTimeMs: -1,
  dropIncrease: 0.02,
  dropDecrease: 0.002,
  decreaseRatio: 0,
  weights: undefined,
}

/**
 * Decides who comes in. Sessions are throttled by a bucket of tokens, with, where it is asked for, a chance to be dropped
 * that grows while the bucket is empty: so that those who ask again at the wrong moment each time get their turn too
 * (BLUE, Feng et al. 1999).
 */
export class Admission {
  readonly #rules: AdmissionRules
  readonly #entropy: Entropy
  readonly #tokensMax: number
  #tokens: number
  #filledAtMs: number | undefined
  #frozenAtMs: number | undefined
  #dropChance = 0

  constructor(rules: AdmissionRules, entropy: Entropy) {
    this.#rules = rules
    this.#entropy = entropy
    // The numbers in the file are meant for global sessions.
    this.#tokensMax = rules.tokens * (rules.weights?.global ?? 1)
    this.#tokens = this.#tokensMax
  }

  /** The chance that a session is dropped although there are tokens. */
  get dropChance(): number {
    return this.#dropChance
  }

  /** Tokens that are out. */
  get deficit(): number {
    return this.#tokensMax - this.#tokens
  }

  /**
   * @param channel the new one
   * @param others connections that are there, the new one not among them; those inside the process (port 0) are free
   * @returns why there is no room for it, undefined when there is
   */
  whyFull(channel: KeeperChannel, others: Iterable<{ readonly channel: KeeperChannel }>): string | undefined {
    const { perAddressMax, connectionsMax } = this.#rules
    if (channel.remotePort === 0 || (perAddressMax === 0 && connectionsMax === 0)) return undefined
    let count = 0
    let sameCount = 0
    for (const { channel: other } of others) {
      if (other.remotePort === 0) continue
      count += 1
      if (other.remoteAddress === channel.remoteAddress) sameCount += 1
    }
    if (connectionsMax > 0 && count >= connectionsMax) return `there are ${connectionsMax} connections (maxCnxns)`
    if (perAddressMax > 0 && sameCount >= perAddressMax) {
      return `there are ${perAddressMax} connections from its address (maxClientCnxns)`
    }
    return undefined
  }

  /** @returns whether a session may be made, or taken up again, now */
  allows(kind: 'global' | 'local' | 'renewed', nowMs: number): boolean {
    if (this.#tokensMax === 0) return true
    this.#fill(nowMs)
    if (this.#rules.freezeTimeMs >= 0 && this.#isDropped(nowMs)) return false
    const cost = this.#rules.weights?.[kind] ?? 1
    if (this.#tokens < cost) return false
    this.#tokens -= cost
    return true
  }

  #fill(nowMs: number): void {
    const { fillTimeMs, fillCount, weights } = this.#rules
    this.#filledAtMs ??= nowMs
    const passedMs = nowMs - this.#filledAtMs
    if (passedMs <= fillTimeMs) return
    const filled = Math.floor((passedMs * fillCount * (weights?.global ?? 1)) / fillTimeMs)
    this.#tokens = Math.min(this.#tokens + filled, this.#tokensMax)
    this.#filledAtMs = nowMs
  }

  #isDropped(nowMs: number): boolean {
    const { freezeTimeMs, dropIncrease, dropDecrease, decreaseRatio } = this.#rules
    this.#frozenAtMs ??= nowMs
    if (nowMs - this.#frozenAtMs > freezeTimeMs) {
      if (this.#tokens === 0) this.#dropChance = Math.min(1, this.#dropChance + dropIncrease)
      else if (this.deficit <= Math.round(this.#tokensMax * decreaseRatio)) {
        this.#dropChance = Math.max(0, this.#dropChance - dropDecrease)
      }
      this.#frozenAtMs = nowMs
    }
    return this.#entropy.unit() < this.#dropChance
  }
}
