/**
 * The same random requests, byte for byte, to a real ZooKeeper and to a keeper; every frame that comes back must be the
 * same but for times and session ids.
 * Arguments: ZooKeeper's port, the keeper's port, seed, steps. Both servers fresh, TTL nodes enabled on both.
 */
import { connect, type Socket } from 'node:net'
import { writeACL } from '../../../src/jute/generated/data.ts'
import { readConnectResponse, writeConnectRequest, writeMultiHeader } from '../../../src/jute/generated/proto.ts'
import { FrameSplitter } from '../../../src/jute/framing.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'

const [zookeeperPort = 0, keeperPort = 0, seed = 1, steps = 2000] = process.argv.slice(2).map(Number)

let state = seed
function random(bound: number): number {
  state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1
  return state % bound
}
function pick<T>(choices: readonly T[]): T {
  return choices[random(choices.length)] as T
}

/** One raw client of one server. */
class RawClient {
  readonly frames: Uint8Array[] = []
  isClosed = false
  sessionId = 0n
  password = new Uint8Array(16)
  readonly #socket: Socket
  #wake: () => void = () => {}

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    const splitter = new FrameSplitter(1 << 26)
    this.#socket.on('data', (bytes) => {
      splitter.feed(
        new Uint8Array(bytes),
        (chunk, startsAt, endsAt) => this.frames.push(chunk.slice(startsAt, endsAt)),
        () => false,
      )
      this.#wake()
    })
    this.#socket.on('close', () => {
      this.isClosed = true
      this.#wake()
    })
    this.#socket.on('error', () => {})
  }

  send(body: (writer: JuteWriter) => void): void {
    const writer = new JuteWriter()
    const frame = writer.beginFrame()
    body(writer)
    writer.endFrame(frame)
    this.#socket.write(writer.finish())
  }

  /** Waits for the reply with this xid, or the close; events gather before it. */
  async until(xid: number): Promise<void> {
    const isThere = (): boolean => this.isClosed || this.frames.some((frame) => new JuteReader(frame).int32() === xid)
    const deadline = Date.now() + 5000
    while (!isThere()) {
      if (Date.now() > deadline) throw new Error(`no reply to ${xid}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        setTimeout(resolve, 100)
      })
    }
  }

  async open(sessionId = 0n, password = new Uint8Array(16), timeoutMs = 20_000): Promise<number> {
    this.send((writer) =>
      writeConnectRequest(writer, {
        protocolVersion: 0,
        lastZxidSeen: 0,
        timeOut: timeoutMs,
        sessionId,
        passwd: password,
        readOnly: false,
      }),
    )
    while (this.frames.length === 0 && !this.isClosed) await new Promise((resolve) => setTimeout(resolve, 5))
    const frame = this.frames.shift()
    if (frame === undefined) return -1
    const response = readConnectResponse(new JuteReader(frame))
    this.sessionId = response.sessionId
    this.password = (response.passwd ?? new Uint8Array(16)).slice()
    return response.timeOut
  }

  end(): void {
    this.#socket.destroy()
  }
}

const names = ['a', 'b', 'c', 'é', 'x y']
function randomPath(): string {
  const kind = random(24)
  if (kind === 0)
    return pick([
      '',
      '/',
      'a',
      '//',
      '/a/',
      '/a//b',
      '/./a',
      '/..',
      '/a\u0001',
      '/a\ue000',
      '/a\u0000b',
      '/zookeeper/config',
      '/zookeeper/quota',
      '/zookeeper',
      '/a/./b',
    ])
  const depth = 1 + random(3)
  let path = ''
  for (let level = 0; level < depth; level += 1) path += `/${pick(names)}`
  return path
}

const acls = [
  [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }],
  [{ perms: 1, id: { scheme: 'world', id: 'anyone' } }],
  [{ perms: 31, id: { scheme: 'auth', id: '' } }],
  [
    { perms: 31, id: { scheme: 'digest', id: 'u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ=' } },
    { perms: 1, id: { scheme: 'world', id: 'anyone' } },
  ],
  [{ perms: 31, id: { scheme: 'ip', id: '127.0.0.1' } }],
  [{ perms: 31, id: { scheme: 'ip', id: '127.0.0.0/8' } }],
  [{ perms: 31, id: { scheme: 'ip', id: 'nonsense' } }],
  [{ perms: 31, id: { scheme: 'foo', id: 'bar' } }],
  [{ perms: 31, id: { scheme: 'digest', id: 'nocolon' } }],
  [],
  null,
]
function writeAcl(writer: JuteWriter): void {
  const acl = random(4) === 0 ? pick(acls) : acls[0]!
  writer.int32(acl === null ? -1 : acl.length)
  for (const entry of acl ?? []) writeACL(writer, entry)
}

function randomData(writer: JuteWriter): void {
  const kind = random(5)
  writer.buffer(kind === 0 ? null : new Uint8Array(random(30)))
}

const randomVersion = (): number => pick([-1, -1, 0, 0, 1, 2, 3, 7])

function writeOperation(writer: JuteWriter, type: number): void {
  writer.string(randomPath())
  switch (type) {
    case Operation.create:
    case Operation.create2:
    case Operation.createContainer:
    case Operation.createTtl:
      randomData(writer)
      writeAcl(writer)
      if (type === Operation.createContainer) writer.int32(4)
      else if (type === Operation.createTtl) {
        // Never 0: ZooKeeper 3.9.5 logs that as something it cannot read, and ends.
        writer.int32(pick([5, 6]))
        writer.int64(pick([1000000, 5, 0, -1, 2 ** 41]))
      } else writer.int32(pick([0, 0, 0, 1, 2, 3, 9, -1, 5]))
      return
    case Operation.setData:
      randomData(writer)
      writer.int32(randomVersion())
      return
    case Operation.setAcl:
      writeAcl(writer)
      writer.int32(randomVersion())
      return
    case Operation.delete:
    case Operation.check:
      writer.int32(randomVersion())
      return
    case Operation.exists:
    case Operation.getData:
    case Operation.getChildren:
    case Operation.getChildren2:
      writer.boolean(random(2) === 0)
      return
    case Operation.addWatch:
      writer.int32(pick([0, 1, 1, 0, 7]))
      return
    case Operation.removeWatches:
    case Operation.checkWatches:
      writer.int32(pick([1, 2, 3, 4, 5]))
      return
    default:
      return
  }
}

const writes = [
  Operation.create,
  Operation.create2,
  Operation.createContainer,
  Operation.createTtl,
  Operation.delete,
  Operation.delete,
  Operation.setData,
  Operation.setData,
]
const others = [
  Operation.setAcl,
  Operation.exists,
  Operation.getData,
  Operation.getChildren,
  Operation.getChildren2,
  Operation.getAcl,
  Operation.sync,
  Operation.getEphemerals,
  Operation.getAllChildrenNumber,
  Operation.addWatch,
  Operation.removeWatches,
  Operation.checkWatches,
  Operation.ping,
  Operation.whoAmI,
  Operation.reconfig,
]

interface Step {
  readonly type: number
  readonly body: Uint8Array
}

function randomStep(): Step {
  const writer = new JuteWriter()
  const kind = random(20)
  let type: number
  if (kind === 0) {
    type = Operation.multi
    for (let part = random(4); part >= 0; part -= 1) {
      const inner = pick([...writes, Operation.check])
      writeMultiHeader(writer, { type: inner, done: false, err: -1 })
      writeOperation(writer, inner)
    }
    writeMultiHeader(writer, { type: -1, done: true, err: -1 })
  } else if (kind === 1) {
    type = Operation.multiRead
    for (let part = random(4); part > 0; part -= 1) {
      // Not getChildren: the order of its names is nobody's promise.
      const inner = Operation.getData
      writeMultiHeader(writer, { type: inner, done: false, err: -1 })
      writer.string(randomPath())
      writer.boolean(false)
    }
    writeMultiHeader(writer, { type: -1, done: true, err: -1 })
  } else if (kind === 2) {
    type = Operation.setWatches2
    writer.int64(random(40))
    for (let list = 0; list < 5; list += 1) {
      const count = random(3)
      writer.int32(count)
      for (let index = 0; index < count; index += 1) writer.string(`/${pick(names)}`)
    }
  } else if (kind === 3 && random(4) === 0) {
    // A body that is not what the type says.
    type = pick([...writes, Operation.getData, Operation.multi])
    writer.int32(7)
  } else if (kind === 4 && random(3) === 0) {
    type = Operation.auth
    writer.int32(0)
    writer.string('digest')
    writer.buffer(new TextEncoder().encode(pick(['u:p', 'v:q'])))
  } else {
    type = kind < 13 ? pick(writes) : pick(others)
    if (type === Operation.ping || type === Operation.whoAmI) {
      // No body.
    } else if (type === Operation.reconfig) {
      for (let field = 0; field < 3; field += 1) writer.string(null)
      writer.int64(-1)
    } else writeOperation(writer, type)
  }
  return { type, body: writer.finish() }
}

function describe(frame: Uint8Array | undefined): string {
  return frame === undefined ? 'nothing' : Buffer.from(frame).toString('hex')
}

const startedAtMs = Date.now()

/** Times (within an hour of now) and this server's session ids become zeros; lists of names are sorted. */
function masked(frame: Uint8Array, step: Step, sessionIds: readonly bigint[]): string {
  const bytes = frame.slice()
  const view = new DataView(bytes.buffer)
  for (let at = 16; at + 8 <= bytes.length; at += 1) {
    if (sessionIds.includes(view.getBigInt64(at))) bytes.fill(0, at, at + 8)
  }
  for (let at = 16; at + 8 <= bytes.length; at += 1) {
    const high = view.getInt32(at)
    const value = high * 0x1_0000_0000 + view.getUint32(at + 4)
    if (Math.abs(value - startedAtMs) < 3_600_000) bytes.fill(0, at, at + 8)
  }
  const isList =
    step.type === Operation.getChildren || step.type === Operation.getChildren2 || step.type === Operation.getEphemerals
  const reader = new JuteReader(bytes)
  const xid = reader.int32()
  reader.int64()
  if (!isList || reader.int32() !== 0 || xid < 0) return describe(bytes)
  const count = reader.int32()
  const list: string[] = []
  for (let index = 0; index < count; index += 1) list.push(reader.string() ?? '')
  return `${describe(bytes.subarray(0, 20))} ${list.sort().join(',')} ${describe(bytes.subarray(reader.at))}`
}

async function openSessions(port: number): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let index = 0; index < 3; index += 1) {
    const client = new RawClient(port)
    await client.open()
    clients.push(client)
  }
  return clients
}

const sides = [await openSessions(zookeeperPort), await openSessions(keeperPort)] as const
const codes = new Map<string, number>()
let differenceCount = 0
for (let number = 1; number <= steps && differenceCount < 5; number += 1) {
  const step = randomStep()
  const index = random(3)
  const xid = specialXid(step.type) ?? number
  const answers: string[][] = []
  for (const clients of sides) {
    const client = clients[index]!
    client.send((writer) => {
      writer.int32(xid)
      writer.int32(step.type)
      writer.raw(step.body)
    })
    await client.until(xid)
    const sessionIds = clients.map((each) => each.sessionId)
    answers.push([
      ...client.frames.splice(0).map((frame) => masked(frame, step, sessionIds)),
      `closed ${client.isClosed}`,
    ])
  }
  const [expected = [], got = []] = answers
  if (JSON.stringify(expected) !== JSON.stringify(got)) {
    differenceCount += 1
    console.log(`step ${number} session ${index} type ${step.type} body ${describe(step.body)}`)
    console.log(`  ZooKeeper ${expected.join('\n            ')}`)
    console.log(`  keeper    ${got.join('\n            ')}`)
  }
  const reply = expected.at(-2) ?? ''
  const key = `${step.type}:${Number.parseInt(reply.slice(24, 32), 16) | 0}`
  codes.set(key, (codes.get(key) ?? 0) + 1)
  for (const [side, clients] of sides.entries()) {
    if (!clients[index]!.isClosed) continue
    const client = new RawClient(side === 0 ? zookeeperPort : keeperPort)
    await client.open(clients[index]!.sessionId, clients[index]!.password)
    clients[index] = client
  }
}
for (const client of sides.flat()) client.end()
console.log(
  `seed ${seed}: ${differenceCount} differences; answers by operation:code ${[...codes]
    .sort()
    .map((pair) => pair.join('×'))
    .join(' ')}`,
)
process.exit(differenceCount === 0 ? 0 : 1)

function specialXid(type: number): number | undefined {
  if (type === Operation.ping) return -2
  if (type === Operation.auth) return -4
  return type === Operation.setWatches2 ? -8 : undefined
}
