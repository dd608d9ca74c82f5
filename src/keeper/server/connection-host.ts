import type { ConnectRequest } from '../../jute/generated/proto.ts'
import type { ClientConnection } from './client-connection.ts'
import type { WriteRequest } from './prepare.ts'
import type { ReadRequest } from './requests.ts'

/** What a connection needs of the server behind it. */
export interface ConnectionHost {
  /** The server has as many undecided writes as it takes: connections stop reading. */
  readonly isBusy: boolean
  /** Answers with `sessionReady`, `sessionRefused` or a close, now or later. */
  connectRequested(connection: ClientConnection, request: ConnectRequest): void
  /** Something was heard of the connection's session. @returns the monotonic time */
  touched(connection: ClientConnection): number
  read(connection: ClientConnection, xid: number, request: ReadRequest, receivedAtMs: number): void
  /** @param request undefined for operations that are always refused */
  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
  ): void
  closeSession(connection: ClientConnection, xid: number): void
  /** @returns whether the bytes were a monitoring command, which is then answered and done with */
  fourLetterWord(connection: ClientConnection, bytes: Uint8Array): boolean
  isSuperDigest(digest: string): boolean
  /** The peer announced a frame that is too long: most likely it speaks something else. */
  frameRefused(connection: ClientConnection, sizeBytes: number): void
  /** The connection has something to send when the turn ends. */
  hasOutput(connection: ClientConnection): void
  /** All frames of one read are in: what was written may go to the disk, what was answered to the peers. */
  turnEnded(): void
  connectionClosed(connection: ClientConnection): void
}
