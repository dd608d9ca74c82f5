import { type ApiCall, apiCall } from '../client/api-call.ts'
import { Connection } from '../client/connection.ts'
import type { ClientEnvironment } from '../client/environment.ts'
import { pause } from '../client/environment.ts'
import { isDeserted } from './deserted.ts'
import { ClientError, UnsupportedVersionError } from '../client/errors.ts'
import type { BrokerCommand, CommandAnswer, LinkedBroker } from '../cluster/contract-commands.ts'
import {
  commandName,
  leadershipAnswer,
  leadershipRequest,
  metadataRequest,
  stopAnswer,
  stopRequest,
} from '../broker/peers/command-messages.ts'
import type { ErrorCode } from '../model/error-code.ts'
import {
  type LeaderAndIsrRequest,
  type LeaderAndIsrResponse,
  leaderAndIsrApi,
  readLeaderAndIsrResponse,
  writeLeaderAndIsrRequest,
} from '../protocol/generated/04-leader-and-isr.ts'
import {
  type StopReplicaRequest,
  type StopReplicaResponse,
  readStopReplicaResponse,
  stopReplicaApi,
  writeStopReplicaRequest,
} from '../protocol/generated/05-stop-replica.ts'
import {
  type UpdateMetadataRequest,
  type UpdateMetadataResponse,
  readUpdateMetadataResponse,
  updateMetadataApi,
  writeUpdateMetadataRequest,
} from '../protocol/generated/06-update-metadata.ts'

/** The versions that brokers of 3.9 speak among themselves. */
const LEADERSHIP: ApiCall<LeaderAndIsrRequest, LeaderAndIsrResponse> = apiCall(
  leaderAndIsrApi,
  writeLeaderAndIsrRequest,
  readLeaderAndIsrResponse,
  { min: 7, max: 7 },
)
const METADATA: ApiCall<UpdateMetadataRequest, UpdateMetadataResponse> = apiCall(
  updateMetadataApi,
  writeUpdateMetadataRequest,
  readUpdateMetadataResponse,
  { min: 8, max: 8 },
)
const STOP: ApiCall<StopReplicaRequest, StopReplicaResponse> = apiCall(
  stopReplicaApi,
  writeStopReplicaRequest,
  readStopReplicaResponse,
  { min: 4, max: 4 },
)

const CONNECT_TIMEOUT_MS = 5_000
/** Kafka's `request.timeout.ms`. */
const ANSWER_TIMEOUT_MS = 30_000
/** Kafka's pause before the same request is sent again. */
const RETRY_AFTER_MS = 100
/** Commands that wait for one broker. Beyond it it is told everything anew, later, in two commands instead of thousands. */
const COMMANDS_WAITING_MAX: number = 1_000

interface Waiting {
  readonly command: BrokerCommand
  readonly resolve: (answer: CommandAnswer | undefined) => void
}

/** Commands to one life of one broker: in order, one at a time, each repeated until it is answered or the broker is given up. */
export class BrokerChannel {
  readonly broker: LinkedBroker
  readonly #environment: ClientEnvironment
  readonly #clientId: string
  readonly #onGone: () => void
  #waiting: Waiting[] = []
  #connection: Connection | undefined
  #isBusy: boolean = false
  #isClosed: boolean = false

  /**
   * @param clientId our broker id, as Kafka's controllers call themselves
   * @param onGone called when the broker has closed the connection and nobody listens there any more
   */
  constructor(environment: ClientEnvironment, broker: LinkedBroker, clientId: string, onGone: () => void) {
    this.#environment = environment
    this.#onGone = onGone
    this.broker = broker
    this.#clientId = clientId
  }

  send(command: BrokerCommand): Promise<CommandAnswer | undefined> {
    return new Promise((resolve) => {
      if (this.#isClosed) {
        resolve(undefined)
        return
      }
      if (this.#waiting.length >= COMMANDS_WAITING_MAX) {
        this.#environment.logger.warn(
          `broker ${this.broker.id} has not answered ${COMMANDS_WAITING_MAX} commands: it will be told everything again`,
        )
        this.#giveUpWaiting()
        resolve(undefined)
        return
      }
      this.#waiting.push({ command, resolve })
      if (!this.#isBusy) void this.#run()
    })
  }

  /** The broker is gone: nothing is sent any more. */
  close(): void {
    this.#isClosed = true
    this.#connection?.close()
    this.#giveUpWaiting()
  }

  #giveUpWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve } of waiting) resolve(undefined)
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    let hasWarned = false
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      let answer: CommandAnswer | undefined
      while (answer === undefined && !this.#isClosed) {
        try {
          answer = await this.#ask(next.command)
        } catch (error) {
          if (!(error instanceof ClientError)) throw error
          if (error instanceof UnsupportedVersionError) {
            this.#environment.logger.error(
              `broker ${this.broker.id} cannot be led by this controller: ${error.message}`,
            )
            break
          }
          if (!hasWarned && !this.#isClosed) {
            hasWarned = true
            const what = commandName(next.command)
            this.#environment.logger.warn(`${what} to broker ${this.broker.id} is sent again: ${error.message}`)
          }
          this.#connection?.close()
          this.#connection = undefined
          if (!this.#isClosed) await pause(this.#environment, RETRY_AFTER_MS)
        }
      }
      next.resolve(answer)
    }
    this.#isBusy = false
  }

  async #ask(command: BrokerCommand): Promise<CommandAnswer> {
    const connection = await this.#connected()
    switch (command.kind) {
      case 'leadership':
        return leadershipAnswer(command, await connection.request(LEADERSHIP, leadershipRequest(command)))
      case 'metadata': {
        const { errorCode } = await connection.request(METADATA, metadataRequest(command))
        return { code: errorCode as ErrorCode, partitions: [] }
      }
      case 'stop':
        return stopAnswer(await connection.request(STOP, stopRequest(command)))
    }
  }

  async #connected(): Promise<Connection> {
    if (this.#connection !== undefined && !this.#connection.isClosed) return this.#connection
    const connection = await Connection.open(this.#environment, this.broker.endpoint, {
      clientId: this.#clientId,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      requestTimeoutMs: ANSWER_TIMEOUT_MS,
    })
    this.#connection = connection
    if (this.#isClosed) connection.close()
    else connection.whenClosed(() => void this.#lookWhetherGone(connection))
    return connection
  }

  async #lookWhetherGone(connection: Connection): Promise<void> {
    // Closed by ourselves after a failure: the next command tells.
    if (this.#isClosed || this.#connection !== connection) return
    if (await isDeserted(this.#environment, this.broker.endpoint)) if (!this.#isClosed) this.#onGone()
  }
}
