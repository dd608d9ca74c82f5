import type { LearnerMessage, LinkId, Notification, ServerId } from '../../../src/zab/contract.ts'
import { encodeLearnerMessage } from '../../../src/zab/wire/learner-codec.ts'
import { LearnerStream } from '../../../src/zab/wire/learner-stream.ts'
import { decodeNotification, encodeNotification } from '../../../src/zab/wire/notification-codec.ts'
import type { Snapshot } from './disk.ts'
import type { Events } from './events.ts'
import type { Random } from './random.ts'

function throughTheWire(message: LearnerMessage, isLeaderReading: boolean): LearnerMessage {
  // The snapshot behind SNAP travels as an object here.
  if (message.type === 'snap') return message
  let arrived: LearnerMessage | undefined
  const stream = new LearnerStream(isLeaderReading ? 'leader' : 'learner', {
    message: (read) => {
      arrived = read
    },
    snapshotBytes: () => {},
  })
  stream.feed(encodeLearnerMessage(message))
  if (arrived === undefined) throw new Error(`${message.type} was not understood: ${stream.problem}`)
  return arrived
}

function notificationThroughTheWire(notification: Notification): Notification {
  const bytes = encodeNotification(notification)
  const arrived = decodeNotification(bytes, 4, bytes.length)
  if (arrived === undefined) throw new Error('a notification was not understood')
  return arrived
}

/** What one end of the network can be told. */
export interface Endpoint {
  readonly id: ServerId
  readonly isAlive: boolean
  linkUp(link: LinkId, dialed: ServerId | null): void
  dialFailed(peer: ServerId): void
  linkDown(link: LinkId): void
  message(link: LinkId, message: LearnerMessage, snapshot: Snapshot | undefined): void
  notification(from: ServerId, notification: Notification): void
  electionLink(peer: ServerId, isUp: boolean): void
}

interface Connection {
  readonly link: LinkId
  readonly dialer: ServerId
  readonly acceptor: ServerId
  isOpen: boolean
}

/** One direction between two servers. What is sent while it is cut waits, as in TCP, and comes when it heals. */
interface Way {
  isCut: boolean
  /** Nothing on a connection overtakes: later messages are due later. */
  readonly dueByLink: Map<LinkId, number>
  readonly waiting: (() => void)[]
  newestNotification: Notification | undefined
}

const ELECTION = -1

/** Delays everything a little, keeps order within a connection and in no other way; loses what is on a connection that breaks. */
export class Network {
  delayMinMs = 1
  delayMaxMs = 8
  /** How many messages of each type were sent, for tests that must not pass by taking another road. */
  readonly sent = new Map<string, number>()
  /** Everything said goes through the codecs of the two ports. */
  isOverTheWire = false
  readonly #events: Events
  readonly #random: Random
  readonly #endpoints = new Map<ServerId, Endpoint>()
  readonly #connections = new Map<LinkId, Connection>()
  readonly #ways = new Map<number, Way>()
  #nextLink = 1

  constructor(events: Events, random: Random) {
    this.#events = events
    this.#random = random
  }

  join(endpoint: Endpoint): void {
    this.#endpoints.set(endpoint.id, endpoint)
  }

  dial(from: ServerId, to: ServerId): void {
    const way = this.#way(from, to)
    this.#travel(way, ELECTION, () => {
      const acceptor = this.#endpoints.get(to)
      const dialer = this.#endpoints.get(from)
      if (acceptor === undefined || !acceptor.isAlive) {
        this.#travel(this.#way(to, from), ELECTION, () => dialer?.dialFailed(to))
        return
      }
      const link = this.#nextLink
      this.#nextLink += 1
      this.#connections.set(link, { link, dialer: from, acceptor: to, isOpen: true })
      acceptor.linkUp(link, null)
      this.#travel(this.#way(to, from), link, () => {
        if (this.#connections.has(link)) dialer?.linkUp(link, to)
        else dialer?.dialFailed(to)
      })
    })
  }

  send(from: ServerId, link: LinkId, message: LearnerMessage, snapshot: Snapshot | undefined): void {
    const connection = this.#connections.get(link)
    if (connection === undefined || !connection.isOpen) return
    this.sent.set(message.type, (this.sent.get(message.type) ?? 0) + 1)
    const to = connection.dialer === from ? connection.acceptor : connection.dialer
    const arriving = this.isOverTheWire ? throughTheWire(message, to === connection.acceptor) : message
    // A snapshot takes its time, and what follows waits behind it.
    const extraMs = snapshot === undefined ? 0 : this.#random.between(0, 150)
    this.#travel(
      this.#way(from, to),
      link,
      () => {
        if (connection.isOpen) this.#endpoints.get(to)?.message(link, arriving, snapshot)
      },
      extraMs,
    )
  }

  /** One end closes; the other hears of it behind what was sent before. */
  close(from: ServerId, link: LinkId): void {
    const connection = this.#connections.get(link)
    if (connection === undefined) return
    this.#connections.delete(link)
    const to = connection.dialer === from ? connection.acceptor : connection.dialer
    this.#travel(this.#way(from, to), link, () => {
      connection.isOpen = false
      this.#endpoints.get(to)?.linkDown(link)
    })
  }

  /** The connection dies: what is under way is lost, and each end learns of it in its own time. */
  break(link: LinkId): void {
    const connection = this.#connections.get(link)
    if (connection === undefined) return
    this.#connections.delete(link)
    connection.isOpen = false
    const { dialer, acceptor } = connection
    this.#events.after(this.#random.between(0, 30), () => this.#endpoints.get(dialer)?.linkDown(link))
    this.#events.after(this.#random.between(0, 30), () => this.#endpoints.get(acceptor)?.linkDown(link))
  }

  get links(): LinkId[] {
    return [...this.#connections.keys()]
  }

  /** The process behind `id` is gone: its connections end; peers learn of it unless the way is cut. */
  crashed(id: ServerId): void {
    for (const connection of [...this.#connections.values()]) {
      if (connection.dialer === id || connection.acceptor === id) this.close(id, connection.link)
    }
    this.#tellPeers(id, false)
  }

  started(id: ServerId): void {
    this.#tellPeers(id, true)
    for (const peer of this.#endpoints.values()) {
      if (peer.id !== id) this.#endpoints.get(id)?.electionLink(peer.id, peer.isAlive)
    }
  }

  notify(from: ServerId, to: ServerId, notification: Notification): void {
    const way = this.#way(from, to)
    const isUnderWay = way.newestNotification !== undefined
    way.newestNotification = notification
    if (isUnderWay) return
    this.#travel(way, ELECTION, () => {
      const newest = way.newestNotification
      way.newestNotification = undefined
      if (newest === undefined) return
      const arriving = this.isOverTheWire ? notificationThroughTheWire(newest) : newest
      this.#endpoints.get(to)?.notification(from, arriving)
    })
  }

  cut(from: ServerId, to: ServerId): void {
    this.#way(from, to).isCut = true
  }

  heal(from: ServerId, to: ServerId): void {
    const way = this.#way(from, to)
    if (!way.isCut) return
    way.isCut = false
    for (const deliver of way.waiting.splice(0)) deliver()
  }

  healAll(): void {
    for (const from of this.#endpoints.keys()) for (const to of this.#endpoints.keys()) this.heal(from, to)
  }

  #tellPeers(id: ServerId, isUp: boolean): void {
    for (const peer of this.#endpoints.values()) {
      if (peer.id !== id) this.#travel(this.#way(id, peer.id), ELECTION, () => peer.electionLink(id, isUp))
    }
  }

  #travel(way: Way, link: LinkId, deliver: () => void, extraMs: number = 0): void {
    const delayMs = this.delayMinMs + this.#random.next() * (this.delayMaxMs - this.delayMinMs) + extraMs
    const dueMs = Math.max(this.#events.nowMs + delayMs, way.dueByLink.get(link) ?? 0)
    way.dueByLink.set(link, dueMs)
    this.#events.at(dueMs, () => {
      if (way.isCut) way.waiting.push(deliver)
      else deliver()
    })
  }

  #way(from: ServerId, to: ServerId): Way {
    const key = from * 1000 + to
    let way = this.#ways.get(key)
    if (way === undefined) {
      way = { isCut: false, dueByLink: new Map(), waiting: [], newestNotification: undefined }
      this.#ways.set(key, way)
    }
    return way
  }
}
