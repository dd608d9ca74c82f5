import type { MessagePort } from 'node:worker_threads'
import type { Mailbox } from '../ports.ts'

/** A `MessagePort` as a mailbox. */
export class NodeMailbox implements Mailbox {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    this.#port = port
  }

  post(message: unknown): void {
    this.#port.postMessage(message)
  }

  receive(receiver: (message: unknown) => void): void {
    this.#port.on('message', receiver)
  }

  close(): void {
    this.#port.close()
  }
}
