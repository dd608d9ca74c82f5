/**
 * The doors through which time, chance, disk and compression enter. Everything above `io` sees only these interfaces;
 * the real implementations are in `io/node`, the simulated ones in `test/`.
 */

/** Two clocks: one for what people and clients see, one for measuring how long something took. */
export interface Clock {
  /** Milliseconds since 1970, as the host believes. May jump. */
  wallMs(): number
  /** Milliseconds since some fixed moment, with fractions. Never goes back. */
  monotonicMs(): number
}

/** A pending timer. Only the `Timers` that made it can cancel it. */
export type TimerHandle = { readonly kind: 'timer' } & object

/** One-shot timers on the thread's own loop. */
export interface Timers {
  /** Runs `due` once after `delayMs`; never before the current turn ends. */
  start(delayMs: number, due: () => void): TimerHandle
  /** Forgets the timer; harmless when it has already run. */
  cancel(timer: TimerHandle): void
}

/**
 * The end of the loop's present round: after everything that was ready to be read has been read, before the loop
 * sleeps. A shard stages while it reads and writes once here.
 */
export interface TurnScheduler {
  /** Runs `turn` once, at the end of this round, or of the next one when asked for from within a turn. */
  atTurnEnd(turn: () => void): void
}

/**
 * One end of a channel to another thread of this process. Messages arrive in the order in which they were posted, each
 * in a turn of its own; values are copied as `structuredClone` copies.
 */
export interface Mailbox {
  post(message: unknown): void
  /** Says who receives. Called once; what arrived before is delivered then. */
  receive(receiver: (message: unknown) => void): void
  /** Nothing is received after it. */
  close(): void
}

/** Chance. */
export interface Entropy {
  /** `sizeBytes` unpredictable bytes. */
  bytes(sizeBytes: number): Uint8Array
  /** A number in [0, 1). */
  unit(): number
}

/** Why the disk refused. `code` is the system's name of the error. */
export class DiskError extends Error {
  override readonly name: string = 'DiskError'
  readonly code: string
  readonly path: string

  constructor(code: string, path: string, message: string) {
    super(message)
    this.code = code
    this.path = path
  }
}

/** An open file. A plain number so that hot code can keep it in typed arrays; valid on every thread of the process. */
export type FileDescriptor = number

/** What a directory holds. */
export interface DirectoryEntry {
  readonly name: string
  readonly isDirectory: boolean
}

/** Room on a file system. */
export interface Volume {
  readonly sizeBytes: number
  /** What this process may still write. */
  readonly usableBytes: number
}

/**
 * Files. Every method throws `DiskError`; nothing is retried here. The synchronous calls are for appends and small
 * reads that hit the page cache, where a thread hop would cost twenty times the call.
 */
export interface Disk {
  /** Opens for reading only. */
  openRead(path: string): FileDescriptor
  /** Opens for reading and writing, creating an empty file when there is none. */
  openWrite(path: string): FileDescriptor
  close(file: FileDescriptor): void
  /** @returns bytes read; fewer than asked only at the end of the file */
  readSync(file: FileDescriptor, into: Uint8Array, position: number): number
  /** Reads off the thread; `done` runs in a later turn. */
  read(
    file: FileDescriptor,
    into: Uint8Array,
    position: number,
    done: (error: DiskError | undefined, sizeBytes: number) => void,
  ): void
  /** Writes all of `parts`, one after the other, at `position`. Returns only when every byte is taken. */
  writeSync(file: FileDescriptor, parts: readonly Uint8Array[], position: number): void
  /**
   * Writes off the thread, for large writes that nobody waits for: where the kernel has to find memory or hold a writer
   * back, a synchronous write takes tens of milliseconds. `bytes` must not change until the promise is settled.
   */
  write(file: FileDescriptor, bytes: Uint8Array, position: number): Promise<void>
  /** Makes data written so far durable, off the thread. Rejects with `DiskError`; after that the file must not be trusted. */
  dataSync(file: FileDescriptor): Promise<void>
  /** The same on the thread: for start and stop only. */
  dataSyncNow(file: FileDescriptor): void
  truncate(file: FileDescriptor, sizeBytes: number): void
  sizeBytes(file: FileDescriptor): number

  exists(path: string): boolean
  /** Size of a file by path, or -1 when there is none. */
  fileSizeBytes(path: string): number
  /** The file system that holds a path; undefined when it does not tell. */
  volumeOf(path: string): Volume | undefined
  /** Last modification in milliseconds since 1970, or -1. */
  modifiedAtMs(path: string): number
  list(directory: string): readonly DirectoryEntry[]
  makeDirectory(path: string): void
  readFile(path: string): Uint8Array
  /** Replaces a file so that a crash leaves either the old or the new content: temp file, fsync, rename, fsync of the directory. */
  replaceFile(path: string, content: Uint8Array): void
  /** The same without waiting for the disk: whole after the end of this process, but a power loss may leave an empty or older file. */
  replaceFileSoon(path: string, content: Uint8Array): void
  rename(from: string, to: string): void
  /** Removes a file or a whole directory; missing is fine. */
  remove(path: string): void
  /** Removes a file off the thread: freeing the cached pages of a large one takes tens of milliseconds. Missing is fine. */
  removeAside(path: string): Promise<void>
  /** Makes names in a directory durable (creations, renames, removals). */
  syncDirectory(path: string): void
  /** The same off the thread. */
  syncDirectoryAside(path: string): Promise<void>
  /**
   * Claims a directory for this process until it ends, however it ends.
   *
   * @returns undefined when it is ours now, else a sentence saying who holds it
   */
  lockDirectory(path: string): Promise<string | undefined>
  /** Gives a claimed directory back, for a node that stops while its process lives on. Harmless when it is not ours. */
  unlockDirectory(path: string): void
  /**
   * Names this start of the machine: while it stays the same, what was written is still in the page cache even if nobody
   * synced it. Empty where the system does not tell.
   */
  bootId(): string
}

/** gzip and zstd come from the platform; lz4 and snappy are in the record core. All work on whole buffers. */
export interface Compression {
  gzip(bytes: Uint8Array, level: number): Uint8Array
  /** @returns undefined when the bytes are damaged or would exceed `sizeBytesMax` */
  gunzip(bytes: Uint8Array, sizeBytesMax: number): Uint8Array | undefined
  zstd(bytes: Uint8Array, level: number): Uint8Array
  unzstd(bytes: Uint8Array, sizeBytesMax: number): Uint8Array | undefined
}

/** Where one-line events go. `fields` are searchable; the message says cause and, where there is one, the fix. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/**
 * Who reads from a socket. Bytes arrive where `target` said, so they can land straight in the memory in which they are
 * worked on.
 */
export interface SocketReader {
  /**
   * Where the next bytes go; at least one byte. Asked when the socket opens and after every read, long before the bytes
   * come: the answer must stay writable until then.
   */
  target(): Uint8Array
  /** `sizeBytes` bytes now lie at the start of the last `target`. */
  onRead(sizeBytes: number): void
  /** The peer will send no more. It may still be reading. */
  onPeerEnd(): void
  /** The socket is gone, every write has been called back. Called once. @param cause empty when nothing went wrong */
  onClosed(cause: string): void
}

/** One accepted connection. */
export interface Socket {
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  /** What TLS found out about the peer; absent on a plain socket. */
  readonly tls?: TlsPeer
  /**
   * Sends `parts` one after the other, in as few system calls as possible. They must not change until `done` runs, which
   * it does once, in a later turn of the event loop or phase of it, also when the socket breaks.
   */
  write(parts: readonly Uint8Array[], done: () => void): void
  /**
   * The shorter way for a few bytes, absent where there is none.
   *
   * @param done runs in a later turn, and only for 'kept'
   * @returns 'sent': the bytes are free again; 'kept': they must not change until `done`; 'refused': use `write`
   */
  sendNow?(bytes: Uint8Array, done: () => void): 'sent' | 'kept' | 'refused'
  pauseReading(): void
  resumeReading(): void
  /** Asks `target` again although nothing was read. Costs a little memory each time: for rare moments. */
  retarget(): void
  /** Closes once everything written has left. */
  finish(): void
  /** Closes now. */
  destroy(): void
}

export interface ListenOptions {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Several threads or processes listen on the same port and the system spreads connections over them. */
  readonly isPortShared: boolean
  /** Connections that may wait to be accepted. */
  readonly backlog: number
  /** Absent = plain sockets. */
  readonly tls?: TlsListening
}

export interface Listener {
  readonly port: number
  readonly host: string
  /** TLS handshakes under way; absent on a plain listener. */
  readonly handshakeCount?: () => number
  /** Accepts no more; open connections stay. Resolves once the port is free. */
  close(): Promise<void>
}

/** A file with keys or certificates. */
export interface TlsStore {
  readonly path: string
  /** Undefined = by what the file holds. */
  readonly type: 'PEM' | 'PKCS12' | 'JKS' | undefined
  /** '' = none. */
  readonly password: string
  /** A file whose first line is the password; goes before `password`. */
  readonly passwordPath: string | undefined
}

/** How TLS is spoken, on either side. */
export interface TlsSettings {
  /** Own key and certificate chain. A server must have one. */
  readonly keyStore: TlsStore | undefined
  /** Whom to believe; undefined = the authorities that come with the platform. */
  readonly trustStore: TlsStore | undefined
  /** What a server asks of its clients: nothing, a certificate if there is one, a certificate. */
  readonly clientAuth: 'none' | 'want' | 'need'
  /** 'TLSv1.2', 'TLSv1.3'; empty = both. */
  readonly protocols: readonly string[]
  /** IANA's names, in order of preference; empty = the platform's. */
  readonly cipherSuites: readonly string[]
  /** A client checks that the server's certificate is for the name it dialled. */
  readonly isServerNameChecked: boolean
  /** A server checks that a client's certificate is for the address it comes from. */
  readonly isClientNameChecked: boolean
  /** For that check the address may be turned into a name by the name service. */
  readonly isReverseLookupAllowed: boolean
  /** Files are read again when they change; connections that stand stay. */
  readonly isReloaded: boolean
}

/** A listener that speaks TLS. */
export interface TlsListening {
  readonly settings: TlsSettings
  /** Who begins without TLS is served in plain: one port for both. */
  readonly isPlainAllowed: boolean
  /** How long a peer may take for its handshake. */
  readonly handshakeTimeoutMs: number
  /** Handshakes under way beyond which new connections are closed; 0 = any number. */
  readonly handshakesMax: number
  /** Told of peers that did not get through, in words, and of files that could not be read again (no address then). */
  readonly onRefused: (cause: string, remoteAddress: string) => void
  /** Told instead where `handshakesMax` was the reason; default as `onRefused`. */
  readonly onTooMany?: (remoteAddress: string) => void
}

/** The other side of a TLS connection. */
export interface TlsPeer {
  /** The checked certificate in DER; undefined where none was asked for or shown. */
  readonly certificate: Uint8Array | undefined
  readonly protocol: string
  readonly cipherSuite: string
}

/**
 * A hash function of the platform's, by the name that Java gives it: MD5, SHA1, SHA-256, SHA-512, SHA3-256 …
 *
 * @returns undefined when the platform has no such function
 */
export type Hash = (algorithm: string, bytes: Uint8Array) => Uint8Array | undefined

/** Stream sockets. */
export interface Network {
  /**
   * @param accept called for every connection; gives the reader of its bytes, or undefined to refuse it
   * @throws (rejects with) an Error whose message names the address and the cause
   */
  listen(options: ListenOptions, accept: (socket: Socket) => SocketReader | undefined): Promise<Listener>
}

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  /** How long name lookup and handshake may take together. */
  readonly timeoutMs: number
  /** Absent = a plain socket. */
  readonly tls?: TlsSettings
}

/** Why nobody could be reached. `code` is the system's name of the error, such as ECONNREFUSED. */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Stream sockets towards others. Apart from `Network`, because most who need one end do not need the other. */
export interface Connector {
  /**
   * Reaches a listener.
   *
   * @param opened called once the connection stands; gives the reader of its bytes
   * @throws (rejects with) ConnectError
   */
  connect(options: ConnectOptions, opened: (socket: Socket) => SocketReader): Promise<void>
}
