// hot: per answer
import type { Socket, SocketReader } from '../../io/ports.ts'
import type { Arena, Region } from '../../shard/contract.ts'
import { FRAME_GARBAGE, FRAME_WHOLE, Intake, Landing } from '../intake.ts'

/** Who asked. */
export interface AnswerReader {
  /**
   * One whole answer lies in [at, end) of `bytes`, in `region` if that is not undefined. Valid during the call; who keeps
   * a part of the region retains it.
   */
  onAnswer(bytes: Uint8Array, at: number, end: number, region: Region | undefined): void
  /** Nothing more comes. Called once. */
  onClosed(cause: string): void
}

/**
 * The asking end of a connection to another broker: answers arrive in the arena, where followers can stage their batches
 * without moving them. While the arena is full nothing is read.
 */
export class PeerConnection implements SocketReader {
  readonly #socket: Socket
  readonly #arena: Arena
  readonly #intake: Intake
  readonly #answers: AnswerReader
  #isReading = true
  #isClosed = false
  #cause = ''

  constructor(socket: Socket, arena: Arena, answers: AnswerReader) {
    this.#socket = socket
    this.#arena = arena
    this.#answers = answers
    this.#intake = new Intake(arena, new Landing(arena), arena.sizeBytesMax)
  }

  /** Nothing of an answer has arrived. */
  get isQuiet(): boolean {
    return this.#intake.heldBytes === 0
  }

  send(frame: Uint8Array): void {
    if (!this.#isClosed) this.#socket.write([frame], nothing)
  }

  close(cause: string): void {
    if (this.#isClosed) return
    this.#cause = cause
    this.#socket.destroy()
  }

  target(): Uint8Array {
    return this.#intake.target(this.#isReading)
  }

  onRead(sizeBytes: number): void {
    if (this.#isClosed || this.#cause !== '') return
    this.#intake.received(sizeBytes)
    this.#advance()
  }

  onPeerEnd(): void {
    this.close('the leader closed the connection')
  }

  onClosed(cause: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#intake.close()
    this.#answers.onClosed(this.#cause || cause || 'the connection broke')
  }

  #advance(): void {
    const intake = this.#intake
    for (;;) {
      const status = intake.next()
      if (status === FRAME_GARBAGE) {
        this.close('what came is no answer, or larger than the memory for it')
        return
      }
      if (status !== FRAME_WHOLE) break
      this.#answers.onAnswer(intake.bytes, intake.frameAt, intake.frameEnd, intake.region)
      if (this.#isClosed) return
      intake.take()
    }
    const hasRoom = intake.settle()
    if (!hasRoom) this.#arena.onRoom(() => this.#onRoom())
    if (hasRoom === this.#isReading) return
    this.#isReading = hasRoom
    if (hasRoom) this.#socket.resumeReading()
    else this.#socket.pauseReading()
  }

  #onRoom(): void {
    if (!this.#isClosed) this.#advance()
  }
}

function nothing(): void {}
