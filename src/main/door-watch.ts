import { Connection } from '../client/connection.ts'
import { type ClientEnvironment, pause } from '../client/environment.ts'
import { ClientError } from '../client/errors.ts'
import type { EndpointView } from '../cluster/contract.ts'
import { isDeserted } from './deserted.ts'

const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000
/** Between attempts to reach who cannot be reached: its address may not be known yet, or it may only be starting. */
const AGAIN_AFTER_MS = 200

/** Keeps a connection to a node for no other reason than to notice at once when its process ends. */
export class DoorWatch {
  readonly #environment: ClientEnvironment
  readonly #endpoint: () => EndpointView | undefined
  readonly #clientId: string
  readonly #onGone: () => void
  #connection: Connection | undefined
  #isClosed: boolean = false

  /** @param onGone called once, when a connection that stood was closed and nobody listens there any more */
  constructor(
    environment: ClientEnvironment,
    endpoint: () => EndpointView | undefined,
    clientId: string,
    onGone: () => void,
  ) {
    this.#environment = environment
    this.#endpoint = endpoint
    this.#clientId = clientId
    this.#onGone = onGone
    void this.#watch()
  }

  close(): void {
    this.#isClosed = true
    this.#connection?.close()
  }

  async #watch(): Promise<void> {
    while (!this.#isClosed) {
      const endpoint = this.#endpoint()
      const connection = endpoint === undefined ? undefined : await this.#open(endpoint)
      if (connection !== undefined && endpoint !== undefined && !this.#isClosed) {
        await new Promise<void>((closed) => connection.whenClosed(closed))
        // An idle connection is closed after a while: then somebody still listens.
        if (this.#isClosed) return
        if (await isDeserted(this.#environment, endpoint)) {
          if (!this.#isClosed) this.#onGone()
          return
        }
      }
      await pause(this.#environment, AGAIN_AFTER_MS)
    }
  }

  async #open(endpoint: EndpointView): Promise<Connection | undefined> {
    try {
      this.#connection = await Connection.open(this.#environment, endpoint, {
        clientId: this.#clientId,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        requestTimeoutMs: ANSWER_TIMEOUT_MS,
      })
      if (this.#isClosed) this.#connection.close()
      return this.#connection
    } catch (error) {
      if (error instanceof ClientError) return undefined
      throw error
    }
  }
}
