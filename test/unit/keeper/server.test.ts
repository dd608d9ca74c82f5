import { expect, test } from 'vitest'
import { writeACL } from '../../../src/jute/generated/data.ts'
import {
  readConnectResponse,
  readReplyHeader,
  readWatcherEvent,
  writeConnectRequest,
  writeMultiHeader,
} from '../../../src/jute/generated/proto.ts'
import { FrameSplitter } from '../../../src/jute/framing.ts'
import { ErrorCode, Operation } from '../../../src/jute/operations.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import type { KeeperConnection } from '../../../src/keeper/server/channel.ts'
import { digestOf, isAllowed } from '../../../src/keeper/server/access.ts'
import { sessionPassword } from '../../../src/keeper/server/session-password.ts'
import { sha1 } from '../../../src/keeper/server/sha1.ts'
import { bytesOf, KeeperWorld, settle } from './support.ts'

interface Answer {
  readonly xid: number
  readonly zxid: number
  readonly err: number
  readonly body: Uint8Array
}

/** A client that says exactly what it is told to. */
class RawClient {
  readonly answers: Answer[] = []
  sends = 0
  isClosed = false
  isPaused = false
  connectResponse: ReturnType<typeof readConnectResponse> | undefined
  readonly text: string[] = []
  readonly #connection: KeeperConnection
  readonly #splitter = new FrameSplitter(1 << 24)
  #xid = 0

  constructor(world: KeeperWorld, address = '10.1.2.3', remotePort = 4000) {
    this.#connection = world.keeper.accept({
      remoteAddress: address,
      remotePort,
      send: (bytes) => {
        this.sends += 1
        this.text.push(new TextDecoder().decode(bytes))
        this.#splitter.feed(
          bytes,
          (chunk, startsAt, endsAt) => this.#frame(chunk.slice(startsAt, endsAt)),
          () => false,
        )
      },
      close: () => {
        this.isClosed = true
      },
      pause: () => {
        this.isPaused = true
      },
      resume: () => {
        this.isPaused = false
      },
    })
  }

  feed(bytes: Uint8Array): void {
    this.#connection.feed(bytes)
  }

  drop(): void {
    this.#connection.closed()
  }

  connectFrame(
    sessionId = 0n,
    password: Uint8Array = new Uint8Array(16),
    readOnly: boolean | 'absent' = false,
    lastZxidSeen = 0,
  ): Uint8Array {
    return frameOf((writer) =>
      writeConnectRequest(writer, {
        protocolVersion: 0,
        lastZxidSeen,
        timeOut: 6000,
        sessionId,
        passwd: password,
        readOnly: readOnly === 'absent' ? undefined : readOnly,
      }),
    )
  }

  async open(sessionId = 0n, password: Uint8Array = new Uint8Array(16)): Promise<this> {
    this.feed(this.connectFrame(sessionId, password))
    await settle()
    return this
  }

  async ask(type: number, body: (writer: JuteWriter) => void, xid = this.#nextXid()): Promise<Answer> {
    this.feed(requestFrame(xid, type, body))
    await settle()
    const answer = this.answers.findLast((each) => each.xid === xid)
    if (answer === undefined) throw new Error(`no answer to ${xid}`)
    return answer
  }

  #nextXid(): number {
    this.#xid += 1
    return this.#xid
  }

  #frame(bytes: Uint8Array): void {
    const reader = new JuteReader(bytes)
    if (this.connectResponse === undefined) {
      this.connectResponse = readConnectResponse(reader)
      return
    }
    this.answers.push({ ...readReplyHeader(reader), body: bytes.subarray(16) })
  }
}

function frameOf(body: (writer: JuteWriter) => void): Uint8Array {
  const writer = new JuteWriter()
  const frame = writer.beginFrame()
  body(writer)
  writer.endFrame(frame)
  return writer.finish()
}

function requestFrame(xid: number, type: number, body: (writer: JuteWriter) => void): Uint8Array {
  return frameOf((writer) => {
    writer.int32(xid)
    writer.int32(type)
    body(writer)
  })
}

const open = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]
const create =
  (path: string, flags = 0, acl: readonly { perms: number; id: { scheme: string; id: string } }[] | null = open) =>
  (writer: JuteWriter): void => {
    writer.string(path)
    writer.buffer(bytesOf('data'))
    writer.int32(acl === null ? -1 : acl.length)
    for (const entry of acl ?? []) writeACL(writer, entry)
    writer.int32(flags)
  }
const pathAndInt =
  (path: string, value: number) =>
  (writer: JuteWriter): void => {
    writer.string(path)
    writer.int32(value)
  }
const setData =
  (path: string, version: number) =>
  (writer: JuteWriter): void => {
    writer.string(path)
    writer.buffer(null)
    writer.int32(version)
  }
const pathAndFlag =
  (path: string, flag = false) =>
  (writer: JuteWriter): void => {
    writer.string(path)
    writer.boolean(flag)
  }

const closedAcl = [{ perms: 1, id: { scheme: 'world', id: 'anyone' } }]

function anyReconfig(writer: JuteWriter): void {
  for (let list = 0; list < 3; list += 1) writer.string(null)
  writer.int64(-1)
}

test('when several things are wrong with a request, the error is the one that ZooKeeper names', async () => {
  const world = new KeeperWorld().start()
  const client = await new RawClient(world).open()
  await client.ask(Operation.create, create('/locked', 0, closedAcl))
  await client.ask(Operation.create, create('/eph', 1))
  await client.ask(Operation.create, create('/full'))
  await client.ask(Operation.create, create('/full/child'))
  const cases: readonly (readonly [string, number, (writer: JuteWriter) => void, number])[] = [
    ['unknown flags before the path', Operation.create, create('bad', 9), ErrorCode.badArguments],
    ['TTL switched off before the path', Operation.create, create('bad', 5), ErrorCode.unimplemented],
    ['path without a slash before the list', Operation.create, create('bad', 0, null), ErrorCode.badArguments],
    ['list before the parent', Operation.create, create('/no/parent', 0, null), ErrorCode.invalidAcl],
    ['parent before the rest of the path', Operation.create, create('/no/par//ent'), ErrorCode.noNode],
    ['permission before the rest of the path', Operation.create, create('/locked/.'), ErrorCode.noAuth],
    ['the rest of the path', Operation.create, create('/full/.'), ErrorCode.badArguments],
    ['exists before ephemeral parent', Operation.create, create('/eph'), ErrorCode.nodeExists],
    ['ephemeral parent', Operation.create, create('/eph/child'), ErrorCode.noChildrenForEphemerals],
    ['delete: built-in node', Operation.delete, pathAndInt('/zookeeper', 5), ErrorCode.badArguments],
    ['delete: parent', Operation.delete, pathAndInt('/no/node', 5), ErrorCode.noNode],
    [
      'delete: permission on the parent before the node',
      Operation.delete,
      pathAndInt('/locked/none', 5),
      ErrorCode.noAuth,
    ],
    ['delete: version before children', Operation.delete, pathAndInt('/full', 5), ErrorCode.badVersion],
    ['delete: children', Operation.delete, pathAndInt('/full', 0), ErrorCode.notEmpty],
    ['setData: path before node', Operation.setData, setData('/no/./node', 5), ErrorCode.badArguments],
    ['setData: permission before version', Operation.setData, setData('/locked', 5), ErrorCode.noAuth],
    ['setData: version', Operation.setData, setData('/full', 5), ErrorCode.badVersion],
    ['getData of nothing', Operation.getData, pathAndFlag('/none'), ErrorCode.noNode],
    ['exists with a NUL', Operation.exists, pathAndFlag('/a\u0000'), ErrorCode.badArguments],
    ['addWatch in an unknown mode', Operation.addWatch, pathAndInt('/full', 3), ErrorCode.marshallingError],
    ['removeWatches without one', Operation.removeWatches, pathAndInt('/full', 3), ErrorCode.noWatcher],
    ['reconfig', Operation.reconfig, anyReconfig, ErrorCode.reconfigDisabled],
    ['reconfig: unreadable', Operation.reconfig, () => {}, ErrorCode.marshallingError],
    ['a body that is too short', Operation.setData, (writer) => writer.int32(7), ErrorCode.marshallingError],
  ]
  for (const [name, type, body, code] of cases) expect((await client.ask(type, body)).err, name).toBe(code)
})

test('operations that only servers may send are refused and end the connection', async () => {
  for (const type of [Operation.deleteContainer, Operation.createSession, Operation.check, 999, 0]) {
    const world = new KeeperWorld().start()
    const client = await new RawClient(world).open()
    expect((await client.ask(type, pathAndInt('/', 0))).err, `${type}`).toBe(ErrorCode.unimplemented)
    expect(client.isClosed).toBe(true)
  }
})

test('answers come in the order of the requests, reads behind the writes before them, all in few sends', async () => {
  const world = new KeeperWorld().start()
  const client = await new RawClient(world).open()
  const sendsBefore = client.sends
  const frames: Uint8Array[] = []
  for (let index = 1; index <= 20; index += 1) {
    frames.push(requestFrame(index * 2, Operation.create, create(`/n${index}`)))
    frames.push(requestFrame(index * 2 + 1, Operation.exists, pathAndFlag(`/n${index}`)))
  }
  client.feed(Buffer.concat(frames))
  await settle()
  expect(client.answers.map((answer) => answer.xid)).toEqual(Array.from({ length: 40 }, (_, index) => index + 2))
  expect(client.answers.every((answer) => answer.err === ErrorCode.ok)).toBe(true)
  expect(client.sends - sendsBefore).toBeLessThanOrEqual(2)
})

test('what is sent behind the handshake is served in order, the handshake first', async () => {
  const world = new KeeperWorld().start()
  const client = new RawClient(world)
  const auth = requestFrame(-4, Operation.auth, (writer) => {
    writer.int32(0)
    writer.string('digest')
    writer.buffer(bytesOf('u:p'))
  })
  client.feed(Buffer.concat([client.connectFrame(), auth, requestFrame(1, Operation.whoAmI, () => {})]))
  expect(client.isPaused).toBe(true)
  await settle()
  expect(client.connectResponse?.timeOut).toBe(6000)
  expect(client.isPaused).toBe(false)
  expect(client.answers.map((answer) => [answer.xid, answer.err])).toEqual([
    [-4, 0],
    [1, 0],
  ])
})

test('a session is taken over only with its password; the old connection ends', async () => {
  const world = new KeeperWorld().start()
  const first = await new RawClient(world).open()
  const { sessionId, passwd } = first.connectResponse!
  expect(Buffer.from(passwd!)).toEqual(Buffer.from(sessionPassword(sessionId)))
  const thief = await new RawClient(world).open(sessionId, new Uint8Array(16))
  expect(thief.connectResponse).toMatchObject({ timeOut: 0, sessionId: 0n })
  expect([thief.isClosed, first.isClosed]).toEqual([true, false])
  const second = await new RawClient(world).open(sessionId, passwd!)
  expect(second.connectResponse?.sessionId).toBe(sessionId)
  expect([first.isClosed, second.isClosed]).toEqual([true, false])
})

test('clients without the read-only flag get an answer without it', async () => {
  const world = new KeeperWorld().start()
  const client = new RawClient(world)
  client.feed(client.connectFrame(0n, new Uint8Array(16), 'absent'))
  await settle()
  expect(client.connectResponse?.readOnly).toBeUndefined()
  expect(client.text[0]!.length).toBeGreaterThan(0)
})

test('a client from the future is sent away without a word', async () => {
  const world = new KeeperWorld().start()
  const client = new RawClient(world)
  client.feed(client.connectFrame(0n, new Uint8Array(16), false, 99))
  await settle()
  expect([client.isClosed, client.sends]).toEqual([true, 0])
})

test('an expired session deletes its ephemerals once, in one transaction, and its watchers are told', async () => {
  const world = new KeeperWorld().start()
  const watcher = await world.connect()
  const client = await new RawClient(world).open()
  for (const name of ['a', 'b', 'c']) await client.ask(Operation.create, create(`/${name}`, 1))
  const events: string[] = []
  for (const name of ['a', 'b', 'c'])
    await watcher.exists(`/${name}`, (event) => events.push(`${event.type} ${event.path}`))
  const zxidBefore = world.keeper.server!.tree.lastZxid
  await world.time.advance(9000)
  expect(events.sort()).toEqual(['deleted /a', 'deleted /b', 'deleted /c'])
  expect(client.isClosed).toBe(true)
  expect(world.keeper.server!.tree.lastZxid).toBe(zxidBefore + 1)
  expect(world.keeper.server!.tree.ephemeralCount).toBe(0)
  await world.time.advance(60_000)
  expect(world.keeper.server!.tree.lastZxid).toBe(zxidBefore + 1)
})

test('an ephemeral made in the same moment as its session is closed does not outlive it', async () => {
  const world = new KeeperWorld().start()
  const client = await new RawClient(world).open()
  client.feed(
    Buffer.concat([
      requestFrame(1, Operation.create, create('/e', 1)),
      requestFrame(2, Operation.closeSession, () => {}),
      requestFrame(3, Operation.create, create('/late', 1)),
    ]),
  )
  await settle()
  expect(client.answers.map((answer) => [answer.xid, answer.err])).toEqual([
    [1, 0],
    [2, 0],
  ])
  expect(client.isClosed).toBe(true)
  expect(world.keeper.server!.tree.nodeCount).toBe(4)
})

test('persistent recursive watches tell of every descendant and stay; a deletion is told once', async () => {
  const world = new KeeperWorld().start()
  const client = await new RawClient(world).open()
  await client.ask(Operation.create, create('/r'))
  await client.ask(Operation.addWatch, pathAndInt('/r', 1))
  await client.ask(Operation.addWatch, pathAndInt('/r', 0))
  client.answers.length = 0
  await client.ask(Operation.create, create('/r/x'))
  await client.ask(Operation.setData, setData('/r/x', -1))
  await client.ask(Operation.delete, pathAndInt('/r/x', -1))
  await client.ask(Operation.delete, pathAndInt('/r', -1))
  const seen = client.answers.map((answer) =>
    answer.xid === -1
      ? `${answer.zxid} ${readWatcherEvent(new JuteReader(answer.body)).type} ${readWatcherEvent(new JuteReader(answer.body)).path}`
      : `reply ${answer.zxid}`,
  )
  expect(seen).toEqual([
    '3 1 /r/x',
    '3 4 /r',
    'reply 3',
    '4 3 /r/x',
    'reply 4',
    '5 2 /r/x',
    '5 4 /r',
    'reply 5',
    '6 2 /r',
    'reply 6',
  ])
})

test('an event is not told to one who may not read the node', async () => {
  const world = new KeeperWorld().start()
  const owner = await new RawClient(world).open()
  const stranger = await new RawClient(world, '10.9.9.9').open()
  await stranger.ask(Operation.exists, pathAndFlag('/secret', true))
  await owner.ask(Operation.create, create('/secret', 0, [{ perms: 31, id: { scheme: 'ip', id: '10.1.0.0/16' } }]))
  expect(stranger.answers.filter((answer) => answer.xid === -1)).toEqual([])
  expect((await owner.ask(Operation.getData, pathAndFlag('/secret'))).err).toBe(ErrorCode.ok)
  expect((await stranger.ask(Operation.getData, pathAndFlag('/secret'))).err).toBe(ErrorCode.noAuth)
})

test('a server with enough to do stops reading, and reads again when it has caught up', async () => {
  const world = new KeeperWorld({ outstandingMax: 10 }).start()
  const client = await new RawClient(world).open()
  const frames = Array.from({ length: 30 }, (_, index) =>
    requestFrame(index + 1, Operation.create, create(`/n${index}`)),
  )
  client.feed(Buffer.concat(frames))
  expect(client.isPaused).toBe(true)
  await settle()
  expect(client.isPaused).toBe(false)
  expect(client.answers.length).toBe(30)
})

test('connections from one address are limited, those inside the process are not', async () => {
  const world = new KeeperWorld({ admission: { perAddressMax: 2 } }).start()
  const clients = [1, 2, 3].map((port) => new RawClient(world, '10.0.0.1', port))
  expect(clients.map((client) => client.isClosed)).toEqual([false, false, true])
  const local = [1, 2, 3].map(() => new RawClient(world, '127.0.0.1', 0))
  expect(local.map((client) => client.isClosed)).toEqual([false, false, false])
})

test('a connection that never asks for a session is closed', async () => {
  const world = new KeeperWorld().start()
  const silent = new RawClient(world)
  await world.time.advance(12_000)
  expect(silent.isClosed).toBe(true)
})

test('HTTP and other strangers are closed without harm', async () => {
  const world = new KeeperWorld().start()
  const client = new RawClient(world)
  client.feed(bytesOf('GET / HTTP/1.1\r\n\r\n'))
  expect(client.isClosed).toBe(true)
})

test('containers vanish when they are empty again, nodes with a time to live when it is over', async () => {
  const world = new KeeperWorld({ extendedTypesEnabled: true }).start()
  const client = await world.connect()
  await client.create('/c', null, 'container')
  await client.create('/c/x', null)
  await client.create('/unused', null, 'container')
  const raw = await new RawClient(world).open()
  await raw.ask(Operation.createTtl, (writer) => {
    create('/ttl', 5)(writer)
    writer.int64(30_000)
  })
  await world.time.advance(61_000)
  expect(await client.exists('/ttl')).toBeUndefined()
  expect(await client.exists('/c')).toBeDefined()
  await client.delete('/c/x')
  await world.time.advance(61_000)
  expect(await client.exists('/c')).toBeUndefined()
  expect(await client.exists('/unused')).toBeDefined()
})

test('a hard quota refuses, and its usage counts nodes and bytes', async () => {
  const world = new KeeperWorld({ enforceQuota: true }).start()
  const client = await world.connect()
  await client.create('/q', null)
  await client.create('/zookeeper/quota/q', null)
  await client.create(
    '/zookeeper/quota/q/zookeeper_limits',
    bytesOf('count=-1,bytes=-1;byteHardLimit=10;countHardLimit=3'),
  )
  await client.create('/zookeeper/quota/q/zookeeper_stats', bytesOf('count=0,bytes=0'))
  await client.create('/q/a', bytesOf('12345'))
  await expect(client.create('/q/b', bytesOf('123456'))).rejects.toMatchObject({ code: ErrorCode.quotaExceeded })
  await client.create('/q/b', null)
  await expect(client.create('/q/c', null)).rejects.toMatchObject({ code: ErrorCode.quotaExceeded })
  const { data } = await client.getData('/zookeeper/quota/q/zookeeper_stats')
  expect(new TextDecoder().decode(data!)).toBe('count=3,bytes=5')
})

test('four-letter words answer and close; those not listed say so', async () => {
  const world = new KeeperWorld({ fourLetterWords: ['ruok', 'srvr', 'mntr'] }).start()
  const say = (word: string): string => {
    const client = new RawClient(world)
    client.feed(bytesOf(word))
    expect(client.isClosed).toBe(true)
    return client.text.join('')
  }
  expect(say('ruok')).toBe('imok')
  expect(say('srvr')).toMatch(/^Zookeeper version: 3\.9\.5.*\n.*\n(.*\n)*Mode: standalone\nNode count: 5\n$/)
  expect(say('mntr')).toContain('zk_server_state\tstandalone\n')
  expect(say('dump')).toBe('dump is not executed because it is not in the whitelist.\n')
})

test('session passwords, digests and SHA-1 are the ones that others compute', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  expect(hex(sessionPassword(1n))).toBe('054cc74a37327db215e702e20c73f005')
  expect(hex(sessionPassword(0x100000000000000n))).toBe('f22acd4a97e69d6d20a49bb638eadb38')
  expect(hex(sessionPassword(0x100000aabbcc0001n))).toBe('a998574b0b2cf97359beb0cd00330cf9')
  expect(digestOf(bytesOf('super:test'), 'SHA1', undefined)).toBe('super:D/InIHSb7yEEbrWz8b9l71RjZJU=')
  expect(digestOf(bytesOf('user:user'), 'SHA1', undefined)).toBe('user:F46PeTVYeItL6aAyygIVQ9OaaeY=')
  expect(hex(sha1(bytesOf('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
  expect(hex(sha1(new Uint8Array(1000).fill(0x61)))).toBe('291e9a6c66994949b57ba5e650361e98fc36b1ba')
})

test('addresses match with and without bits, in both families', () => {
  const may = (wanted: string, address: string): boolean =>
    isAllowed([{ perms: 1, id: { scheme: 'ip', id: wanted } }], 1, [{ scheme: 'ip', id: address }])
  expect(may('10.1.2.3', '10.1.2.3')).toBe(true)
  expect(may('10.1.2.0/24', '10.1.2.200')).toBe(true)
  expect(may('10.1.2.0/25', '10.1.2.200')).toBe(false)
  expect(may('0.0.0.0/0', '9.9.9.9')).toBe(true)
  expect(may('fe80::/10', 'fe80::1')).toBe(true)
  expect(may('fe80::1', 'fe80:0:0:0:0:0:0:1')).toBe(true)
  expect(may('::1', '127.0.0.1')).toBe(false)
})

test('a multi of kinds that do not mix is refused as a whole', async () => {
  const world = new KeeperWorld().start()
  const client = await new RawClient(world).open()
  const answer = await client.ask(Operation.multi, (writer) => {
    writeMultiHeader(writer, { type: Operation.create, done: false, err: -1 })
    create('/m')(writer)
    writeMultiHeader(writer, { type: Operation.getData, done: false, err: -1 })
    writer.string('/')
    writer.boolean(false)
    writeMultiHeader(writer, { type: -1, done: true, err: -1 })
  })
  expect(answer.err).toBe(ErrorCode.marshallingError)
  expect(world.keeper.server!.tree.find('/m')).toBeUndefined()
})
