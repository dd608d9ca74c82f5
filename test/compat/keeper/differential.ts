import { writeACL } from '../../../src/jute/generated/data.ts'
import { writeMultiHeader } from '../../../src/jute/generated/proto.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import { RawClient } from './raw-client.ts'

/*
 * The same random requests, byte for byte, to a real ZooKeeper and to a keeper; every frame that comes back must be the
 * same but for times and session ids.
 */

/** Chance from a seed: the same seed asks the same. */
interface Choices {
  readonly random: (bound: number) => number
  readonly pick: <T>(from: readonly T[]) => T
  /** Whether there are bodies that are not what their type says. */
  readonly hasMalformed: boolean
}

function choicesOf(seed: number, hasMalformed: boolean): Choices {
  let state = seed
  const random = (bound: number): number => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1
    return state % bound
  }
  return { random, pick: <T>(from: readonly T[]): T => from[random(from.length)] as T, hasMalformed }
}

const names = ['a', 'b', 'c', 'é', 'x y']
function randomPath({ random, pick }: Choices): string {
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
function writeAcl(writer: JuteWriter, { random, pick, hasMalformed }: Choices): void {
  const chosen = random(4) === 0 ? pick(acls) : acls[0]!
  // In a multi no list at all is as bad as a body cut short.
  const acl = hasMalformed ? chosen : (chosen ?? [])
  writer.int32(acl === null ? -1 : acl.length)
  for (const entry of acl ?? []) writeACL(writer, entry)
}

function randomData(writer: JuteWriter, { random }: Choices): void {
  const kind = random(5)
  writer.buffer(kind === 0 ? null : new Uint8Array(random(30)))
}

const versions = [-1, -1, 0, 0, 1, 2, 3, 7]

function writeOperation(writer: JuteWriter, type: number, choices: Choices): void {
  const { random, pick } = choices
  writer.string(randomPath(choices))
  switch (type) {
    case Operation.create:
    case Operation.create2:
    case Operation.createContainer:
    case Operation.createTtl:
      randomData(writer, choices)
      writeAcl(writer, choices)
      if (type === Operation.createContainer) writer.int32(4)
      else if (type === Operation.createTtl) {
        // Never 0: ZooKeeper 3.9.5 logs that as something it cannot read, and ends.
        writer.int32(pick([5, 6]))
        writer.int64(pick([1000000, 5, 0, -1, 2 ** 41]))
      } else writer.int32(pick([0, 0, 0, 1, 2, 3, 9, -1, 5]))
      return
    case Operation.setData:
      randomData(writer, choices)
      writer.int32(pick(versions))
      return
    case Operation.setAcl:
      writeAcl(writer, choices)
      writer.int32(pick(versions))
      return
    case Operation.delete:
    case Operation.check:
      writer.int32(pick(versions))
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

function randomStep(choices: Choices): Step {
  const { random, pick } = choices
  const writer = new JuteWriter()
  const kind = random(20)
  let type: number
  if (kind === 0) {
    type = Operation.multi
    for (let part = random(4); part >= 0; part -= 1) {
      const inner = pick([...writes, Operation.check])
      writeMultiHeader(writer, { type: inner, done: false, err: -1 })
      writeOperation(writer, inner, choices)
    }
    writeMultiHeader(writer, { type: -1, done: true, err: -1 })
  } else if (kind === 1) {
    type = Operation.multiRead
    for (let part = random(4); part > 0; part -= 1) {
      // Not getChildren: the order of its names is nobody's promise.
      const inner = Operation.getData
      writeMultiHeader(writer, { type: inner, done: false, err: -1 })
      writer.string(randomPath(choices))
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
  } else if (kind === 3 && random(4) === 0 && choices.hasMalformed) {
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
    } else writeOperation(writer, type, choices)
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
  for (let index = 0; index < SESSIONS; index += 1) {
    const client = new RawClient(port)
    await client.open()
    clients.push(client)
  }
  return clients
}

/** What a comparison came to. */
export interface Comparison {
  /** Each difference with the request that led to it. */
  readonly differences: readonly string[]
  /** `operation:code` → how often: shows how much was tried. */
  readonly answers: ReadonlyMap<string, number>
}

const SESSIONS = 3
const DIFFERENCES_MAX = 5

/**
 * Sends `steps` random requests to both. Both servers stand at the same state, TTL nodes enabled, access lists checked.
 * Ends early at the fifth difference.
 *
 * @param hasMalformed false for ensembles: ZooKeeper's leader proposes the error of a malformed request under a zxid
 *   that is taken already, and the request after it is never answered
 */
export async function compare(
  zookeeperPort: number,
  keeperPort: number,
  seed: number,
  steps: number,
  hasMalformed = true,
): Promise<Comparison> {
  const choices = choicesOf(seed, hasMalformed)
  const sides = [await openSessions(zookeeperPort), await openSessions(keeperPort)] as const
  const answers = new Map<string, number>()
  const differences: string[] = []
  for (let number = 1; number <= steps && differences.length < DIFFERENCES_MAX; number += 1) {
    const step = randomStep(choices)
    const index = choices.random(SESSIONS)
    const [expected = [], got = []] = await askBoth(sides, index, step, number)
    if (JSON.stringify(expected) !== JSON.stringify(got)) {
      const request = `seed ${seed} step ${number} session ${index} type ${step.type} body ${describe(step.body)}`
      differences.push([request, `ZooKeeper ${expected.join(' ')}`, `keeper ${got.join(' ')}`].join('\n'))
    }
    const reply = expected.at(-2) ?? ''
    const key = `${step.type}:${Number.parseInt(reply.slice(24, 32), 16) | 0}`
    answers.set(key, (answers.get(key) ?? 0) + 1)
    await reopenClosed(sides[0], index, zookeeperPort)
    await reopenClosed(sides[1], index, keeperPort)
  }
  for (const [index] of sides[0].entries()) {
    // Events that nobody has looked at yet.
    const [expected, got] = await askBoth(sides, index, { type: Operation.ping, body: new Uint8Array(0) }, 0)
    if (JSON.stringify(expected) !== JSON.stringify(got)) differences.push(`at the end: ${expected} ≠ ${got}`)
  }
  // Left to expire, their ephemerals would go at one moment here and at another there.
  for (const client of sides.flat()) {
    await client.request(Operation.closeSession)
    client.end()
  }
  return { differences, answers }
}

/** @returns what each side said to that session, events first */
async function askBoth(
  sides: readonly (readonly RawClient[])[],
  index: number,
  step: Step,
  number: number,
): Promise<string[][]> {
  const answers: string[][] = []
  for (const clients of sides) {
    const client = clients[index]
    if (client === undefined) throw new Error(`there is no session ${index}`)
    const xid = specialXid(step.type) ?? number
    client.send((writer) => {
      writer.int32(xid)
      writer.int32(step.type)
      writer.raw(step.body)
    })
    await client.until(xid).catch((error: unknown) => {
      const side = answers.length === 0 ? 'ZooKeeper' : 'the keeper'
      throw new Error(`${side} at step ${number}, type ${step.type}, body ${describe(step.body)}`, { cause: error })
    })
    const sessionIds = clients.map((each) => each.sessionId)
    const frames = client.frames.splice(0).map((frame) => masked(frame, step, sessionIds))
    answers.push([...frames, `closed ${client.isClosed}`])
  }
  return answers
}

/** Some requests end the connection; the session goes on with a new one. */
async function reopenClosed(clients: RawClient[], index: number, port: number): Promise<void> {
  const closed = clients[index]
  if (closed?.isClosed !== true) return
  const client = new RawClient(port)
  await client.open(closed.sessionId, closed.password)
  clients[index] = client
}

function specialXid(type: number): number | undefined {
  if (type === Operation.ping) return -2
  if (type === Operation.auth) return -4
  return type === Operation.setWatches2 ? -8 : undefined
}
