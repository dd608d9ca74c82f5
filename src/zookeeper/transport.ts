/** What a stream of bytes tells the client. Never called from inside `connect`, `send` or `close`. */
export interface TransportHandlers {
  /** The stream is there: bytes may be sent. */
  opened(): void
  /** Bytes as they came; not kept after the call. */
  received(bytes: Uint8Array): void
  /** The stream has ended or never came to be. Nothing follows. */
  closed(reason: string): void
}

/** One attempt at a stream. */
export interface TransportStream {
  /** Sends bytes in order; they belong to the stream from here on. */
  send(bytes: Uint8Array): void
  /** Ends the stream after what was sent; `closed` follows or not, the client does not care any more. */
  close(): void
}

/**
 * Where the server is: a socket to one of the configured hosts (the transport goes round them, one per call), a message
 * port to the keeper's thread, or a keeper in the same thread.
 */
export interface Transport {
  /** How many servers it goes round; default 1. One that accepts and says nothing must not cost the others their turn. */
  readonly serverCount?: number
  connect(handlers: TransportHandlers): TransportStream
}
