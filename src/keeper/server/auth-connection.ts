import type { Id } from '../../jute/generated/data.ts'
import type { Entropy, Hash } from '../../io/ports.ts'
import { DigestMd5Server } from '../../security/digest-md5.ts'
import { subjectName } from '../../security/distinguished-name.ts'
import { digestOf } from './access.ts'
import type { AuthRules } from './auth-rules.ts'
import type { KeeperChannel } from './channel.ts'

const NONCE_BYTES = 20

/** The server's rules with what is needed to follow them. */
export class Authenticator {
  readonly rules: AuthRules
  readonly entropy: Entropy
  /** Undefined = SASL and other digests than SHA1 cannot be had. */
  readonly hash: Hash | undefined

  constructor(rules: AuthRules, entropy: Entropy, hash: Hash | undefined) {
    this.rules = rules
    this.entropy = entropy
    this.hash = hash
  }

  /** @returns whether who proved `ids` may go on; true where nothing must be proved */
  isEnough(ids: readonly Id[]): boolean {
    const { enforcedSchemes } = this.rules
    return enforcedSchemes.length === 0 || ids.some(({ scheme }) => enforcedSchemes.includes(scheme ?? ''))
  }

  /** @returns `user:hash` of `user:password`; undefined when the platform lacks the hash function */
  digestOf(userAndPassword: Uint8Array): string | undefined {
    return digestOf(userAndPassword, this.rules.digestAlgorithm, this.hash)
  }

  /** @returns the ids that a checked certificate gives; undefined when it has no subject that can be read */
  x509Ids(certificate: Uint8Array): readonly Id[] | undefined {
    const name = subjectName(certificate)
    if (name === undefined) return undefined
    const own: Id = { scheme: 'x509', id: name }
    return name === this.rules.x509SuperUser ? [{ scheme: 'super', id: name }, own] : [own]
  }

  beginSasl(): DigestMd5Server | undefined {
    const { saslUsers } = this.rules
    if (saslUsers === undefined || this.hash === undefined) return undefined
    return new DigestMd5Server(this.hash, this.entropy.bytes(NONCE_BYTES), (user) => saslUsers.get(user))
  }
}

/** What became of an auth packet. `closed`: without an answer, so that the client tries another server. */
export type AuthOutcome = 'proved' | 'closed' | { readonly refused: string }

/** What is answered to a packet of SASL. */
export interface SaslOutcome {
  readonly token: Uint8Array | null
  /** Why the exchange failed; undefined = it goes on or is done. */
  readonly refused: string | undefined
  readonly mustClose: boolean
}

/** Who one connection has proved to be. */
export class ConnectionAuth {
  /** Never changed, only replaced: a request that waits is judged by what was proved when it came. */
  ids: readonly Id[]
  readonly #authenticator: Authenticator
  readonly #channel: KeeperChannel
  #sasl: DigestMd5Server | undefined

  constructor(authenticator: Authenticator, channel: KeeperChannel) {
    this.#authenticator = authenticator
    this.#channel = channel
    this.ids = [{ scheme: 'ip', id: channel.remoteAddress }]
    if (channel.peerCertificate !== undefined) this.#addAll(authenticator.x509Ids(channel.peerCertificate) ?? [])
  }

  get isEnough(): boolean {
    return this.#authenticator.isEnough(this.ids)
  }

  /** Takes an auth packet. */
  prove(scheme: string | null, proof: Uint8Array | null): AuthOutcome {
    const { rules } = this.#authenticator
    if (scheme === 'ensemble' && rules.ensembleNames !== undefined) {
      if (proof === null || proof.length === 0) return 'proved'
      return rules.ensembleNames.has(new TextDecoder().decode(proof)) ? 'proved' : 'closed'
    }
    if (scheme === null || !rules.schemes.has(scheme)) return { refused: `scheme '${scheme ?? ''}' is not offered` }
    switch (scheme) {
      case 'ip':
        return 'proved'
      case 'digest':
        return this.#proveDigest(proof)
      case 'x509': {
        const { peerCertificate } = this.#channel
        const ids = peerCertificate === undefined ? undefined : this.#authenticator.x509Ids(peerCertificate)
        if (ids === undefined) return { refused: 'the connection has no checked certificate' }
        this.#addAll(ids)
        return 'proved'
      }
      default:
        // SASL has packets of its own.
        return { refused: `scheme '${scheme}' is not proved by an auth packet` }
    }
  }

  /**
   * Takes a token of SASL.
   *
   * Where SASL is not set up ZooKeeper answers with no error and no token, which its clients take for a failure.
   */
  sasl(token: Uint8Array): SaslOutcome {
    const { rules } = this.#authenticator
    this.#sasl ??= this.#authenticator.beginSasl()
    if (this.#sasl === undefined) return { token: null, refused: 'SASL is not set up here', mustClose: false }
    const step = this.#sasl.step(token)
    if (step.kind === 'challenge') return { token: step.token, refused: undefined, mustClose: false }
    this.#sasl = undefined
    if (step.kind === 'failed') {
      const mustClose = !rules.isSaslFailureTolerated || rules.enforcedSchemes.includes('sasl')
      return { token: null, refused: step.cause, mustClose }
    }
    this.#addAll([{ scheme: 'sasl', id: step.user }])
    if (rules.saslSuperUsers.has(step.user)) this.#addAll([{ scheme: 'super', id: '' }])
    return { token: step.token, refused: undefined, mustClose: false }
  }

  /** ZooKeeper has a code of its own for clients that must use SASL. */
  get isSaslEnforced(): boolean {
    return this.#authenticator.rules.enforcedSchemes.includes('sasl')
  }

  #proveDigest(proof: Uint8Array | null): AuthOutcome {
    const digest = proof === null ? undefined : this.#authenticator.digestOf(proof)
    if (digest === undefined) return { refused: 'there is no digest to be made of it' }
    const { superDigest } = this.#authenticator.rules
    if (digest === superDigest) this.#addAll([{ scheme: 'super', id: '' }])
    this.#addAll([{ scheme: 'digest', id: digest }])
    return 'proved'
  }

  #addAll(ids: readonly Id[]): void {
    for (const id of ids) {
      if (!this.ids.some((known) => known.scheme === id.scheme && known.id === id.id)) this.ids = [...this.ids, id]
    }
  }
}
