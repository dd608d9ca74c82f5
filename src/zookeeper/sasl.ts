import type { Entropy, Hash } from '../io/ports.ts'
import { readSetSASLResponse, writeGetSASLRequest } from '../jute/generated/proto.ts'
import { Operation } from '../jute/operations.ts'
import type { JuteReader } from '../jute/reader.ts'
import type { JuteWriter } from '../jute/writer.ts'
import { DigestMd5Client } from '../security/digest-md5.ts'
import { KeeperErrorCode } from './contract.ts'

const NONCE_BYTES = 16

/** Who a session is to be by SASL DIGEST-MD5, on every server that it comes to. */
export interface SaslLogin {
  readonly user: string
  readonly password: string
  readonly hash: Hash
  readonly entropy: Entropy
}

/** One exchange on one stream, before anything else is asked there. */
export class SaslExchange {
  readonly #client: DigestMd5Client

  constructor({ user, password, hash, entropy }: SaslLogin) {
    this.#client = new DigestMd5Client(hash, user, password, entropy.bytes(NONCE_BYTES))
  }

  /** Writes a token as a request; the first is empty. */
  write(writer: JuteWriter, xid: number, token: Uint8Array): void {
    const frame = writer.beginFrame()
    writer.int32(xid)
    writer.int32(Operation.sasl)
    writeGetSASLRequest(writer, { token })
    writer.endFrame(frame)
  }

  /**
   * Takes an answer.
   *
   * @returns the next token to send, undefined when we are known now, or why we are not
   */
  take(code: number, reader: JuteReader): Uint8Array | undefined | { readonly refused: string } {
    if (code !== KeeperErrorCode.ok) return { refused: `the server answers with code ${code}` }
    const { token } = readSetSASLResponse(reader)
    // Servers without SASL answer with no error and no token.
    if (!reader.ok || token === null) return { refused: 'the server offers no SASL' }
    const step = this.#client.step(token)
    if (step.kind === 'answer') return step.token
    return step.kind === 'done' ? undefined : { refused: step.cause }
  }
}
