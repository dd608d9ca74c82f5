/**
 * The far end of a client's byte stream, whatever carries it: a socket, a message port, a test. The server calls these;
 * none of them may call back into the server before returning.
 */
export interface KeeperChannel {
  /** The peer's address without its port, for `ip` access lists: '127.0.0.1', '::1'. */
  readonly remoteAddress: string
  /** The peer's port, shown by the monitoring commands; 0 where there is none. */
  readonly remotePort: number
  /** The stream is encrypted. Absent = no. */
  readonly isSecure?: boolean
  /** The peer's certificate in DER, checked by whoever carries the stream. */
  readonly peerCertificate?: Uint8Array | undefined
  /** Takes bytes to send; ownership of the array goes with them. */
  send(bytes: Uint8Array): void
  /**
   * The same for bytes that are to stay the caller's; absent where it would save nothing.
   *
   * @returns false when the array went with them after all
   */
  sendWindow?(bytes: Uint8Array): boolean
  /** Sends what was taken and ends the stream. */
  close(): void
  /** Stops calling `feed` until {@link KeeperChannel.resume}: the server has enough to do. */
  pause(): void
  resume(): void
}

/** The server's end of the stream: what carries the bytes calls these. */
export interface KeeperConnection {
  /** Brings bytes as they came; they are not kept after the call. */
  feed(bytes: Uint8Array): void
  /** The stream has ended, by whichever side. */
  closed(): void
}
