import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { directConnector, nodeNetwork } from '../../../src/io/node/sockets.ts'
import type { Listener, Socket, SocketReader } from '../../../src/io/ports.ts'

const open: { listeners: Listener[]; clients: net.Socket[] } = { listeners: [], clients: [] }

afterEach(async () => {
  for (const client of open.clients.splice(0)) client.destroy()
  for (const listener of open.listeners.splice(0)) await listener.close()
})

/** Reads into one shared memory and remembers what happened. */
class Recorder implements SocketReader {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true })
  readonly bytes: Uint8Array = new Uint8Array(this.memory.buffer)
  readonly events: string[] = []
  readonly targets: number[] = []
  at: number = 0
  sizeBytesMax: number = 64
  socket: Socket | undefined
  onReadHook: ((sizeBytes: number) => void) | undefined
  #changed: (() => void)[] = []

  target(): Uint8Array {
    this.targets.push(this.at)
    return this.bytes.subarray(this.at, this.at + this.sizeBytesMax)
  }

  onRead(sizeBytes: number): void {
    this.at += sizeBytes
    this.onReadHook?.(sizeBytes)
    this.#note('read')
  }

  onPeerEnd(): void {
    this.#note('end')
  }

  onClosed(cause: string): void {
    this.#note(cause === '' ? 'closed' : `closed: ${cause}`)
  }

  text(): string {
    return Buffer.from(this.bytes.slice(0, this.at)).toString('latin1')
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#changed.push(resolve))
  }

  #note(event: string): void {
    this.events.push(event)
    for (const changed of this.#changed.splice(0)) changed()
  }
}

async function listen(recorder: Recorder): Promise<net.Socket> {
  const listener = await nodeNetwork().listen(
    { host: '127.0.0.1', port: 0, isPortShared: true, backlog: 16 },
    (socket) => {
      recorder.socket = socket
      return recorder
    },
  )
  open.listeners.push(listener)
  const client = net.connect({ host: '127.0.0.1', port: listener.port, noDelay: true })
  open.clients.push(client)
  client.on('error', () => {})
  await new Promise<void>((resolve) => client.once('connect', () => resolve()))
  return client
}

test('the internal handle of an accepted socket still does what sockets.ts relies on', async () => {
  const server = net.createServer({ pauseOnConnect: true })
  const handle = await new Promise<Record<string, unknown>>((resolve) => {
    server.once('connection', (socket) => {
      const internal = (socket as unknown as { _handle: Record<string, unknown> })._handle
      resolve({
        useUserBuffer: typeof internal['useUserBuffer'],
        readStop: typeof internal['readStop'],
        reading: internal['reading'],
      })
      socket.destroy()
    })
    server.listen(0, '127.0.0.1', () => net.connect((server.address() as net.AddressInfo).port, '127.0.0.1'))
  })
  server.close()
  expect(handle).toEqual({ useUserBuffer: 'function', readStop: 'function', reading: false })
})

test('bytes land where the target says, in shared memory, and the target is asked once a read', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  for (const word of ['one ', 'two ', 'three']) {
    const before = recorder.at
    client.write(word)
    await recorder.until(() => recorder.at === before + word.length)
  }
  expect(recorder.text()).toBe('one two three')
  expect(recorder.targets).toEqual([0, 4, 8, 13])
})

test('a target smaller than what has come is filled again and again', async () => {
  const recorder = new Recorder()
  recorder.sizeBytesMax = 7
  const client = await listen(recorder)
  client.write('x'.repeat(100))
  await recorder.until(() => recorder.at === 100)
  expect(recorder.events.length).toBeGreaterThanOrEqual(Math.ceil(100 / 7))
})

test('a paused socket reads nothing until it is resumed', async () => {
  const recorder = new Recorder()
  recorder.onReadHook = () => recorder.socket?.pauseReading()
  const client = await listen(recorder)
  client.write('a')
  await recorder.until(() => recorder.at === 1)
  client.write('b')
  // The second write has reached the other side before the answer to this probe has.
  await probe()
  expect(recorder.text()).toBe('a')
  recorder.socket?.resumeReading()
  await recorder.until(() => recorder.at === 2)
  expect(recorder.text()).toBe('ab')
})

test('retarget moves the next read of a socket that waits', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  await probe()
  recorder.at = 1000
  recorder.socket?.retarget()
  client.write('moved')
  await recorder.until(() => recorder.at === 1005)
  expect(Buffer.from(recorder.bytes.slice(1000, 1005)).toString()).toBe('moved')
})

test('several parts arrive in order, also from shared memory, and are called back once', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  const received: Buffer[] = []
  client.on('data', (bytes) => received.push(bytes))
  await probe()
  recorder.bytes.set(Buffer.from('shared'), 500)
  let doneCount = 0
  await new Promise<void>((resolve) => {
    recorder.socket?.write(
      [Buffer.from('<'), recorder.bytes.subarray(500, 506), new Uint8Array(0), Buffer.from('>')],
      () => {
        doneCount += 1
        resolve()
      },
    )
    expect(doneCount).toBe(0)
  })
  while (Buffer.concat(received).length < 8) await probe()
  expect(Buffer.concat(received).toString()).toBe('<shared>')
  expect(doneCount).toBe(1)
})

test('writes beyond a turn of the loop are called back in a later turn, and none is lost', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  let receivedBytes = 0
  client.on('data', (bytes) => {
    receivedBytes += bytes.length
  })
  await probe()
  const part = new Uint8Array(1024 * 1024).fill(7)
  for (let index = 0; index < 12; index += 1) {
    await new Promise<void>((resolve) => recorder.socket?.write([part], resolve))
  }
  while (receivedBytes < 12 * part.length) await probe()
  expect(receivedBytes).toBe(12 * part.length)
})

test('half a close is told, and the other half can still be used', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  const received: Buffer[] = []
  client.on('data', (bytes) => received.push(bytes))
  client.end('bye')
  await recorder.until(() => recorder.events.includes('end'))
  recorder.socket?.write([Buffer.from('answer')], () => recorder.socket?.finish())
  await recorder.until(() => recorder.events.includes('closed'))
  while (Buffer.concat(received).length < 6) await probe()
  expect(Buffer.concat(received).toString()).toBe('answer')
})

test('a write that the peer never takes is called back when the socket is destroyed', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  client.pause()
  await probe()
  let doneCount = 0
  const big = new Uint8Array(64 * 1024 * 1024)
  recorder.socket?.write([big], () => {
    doneCount += 1
  })
  recorder.socket?.destroy()
  await recorder.until(() => recorder.events.includes('closed'))
  await probe()
  expect(doneCount).toBe(1)
})

test('a reset by the peer is told with its cause', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  client.write('x')
  await recorder.until(() => recorder.at === 1)
  client.resetAndDestroy()
  await recorder.until(() => recorder.events.some((event) => event.startsWith('closed')))
  expect(recorder.events.at(-1)).toContain('ECONNRESET')
})

test('without the internal handle the bytes are copied to the same places', async () => {
  const recorder = new Recorder()
  recorder.sizeBytesMax = 7
  // Hidden from this one server's sockets only, as a release without the field would.
  const isHidden = new WeakSet<object>()
  const server = net.Server.prototype
  const emit = server.emit
  server.emit = function hidden(this: net.Server, event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'connection') {
      const handle = (values[0] as { _handle: { useUserBuffer?: unknown } })._handle
      if (!isHidden.has(handle)) Object.defineProperty(handle, 'useUserBuffer', { value: undefined })
      isHidden.add(handle)
    }
    return (emit as (...all: unknown[]) => boolean).call(this, event, ...values)
  } as typeof server.emit
  try {
    const client = await listen(recorder)
    client.write('y'.repeat(50))
    await recorder.until(() => recorder.at === 50)
    recorder.onReadHook = () => recorder.socket?.pauseReading()
    client.write('z'.repeat(20))
    await recorder.until(() => recorder.at === 57)
    recorder.onReadHook = undefined
    recorder.socket?.resumeReading()
    await recorder.until(() => recorder.at === 70)
    expect(recorder.text()).toBe('y'.repeat(50) + 'z'.repeat(20))
  } finally {
    server.emit = emit
  }
})

test('a port that is taken is refused with the address in the message', async () => {
  const recorder = new Recorder()
  const client = await listen(recorder)
  const port = client.remotePort as number
  const again = nodeNetwork().listen({ host: '127.0.0.1', port, isPortShared: false, backlog: 1 }, () => undefined)
  await expect(again).rejects.toThrow(`127.0.0.1:${port}`)
})

/** A round trip over a socket of its own: what was sent before has arrived by then. */
async function probe(): Promise<void> {
  const server = net.createServer((socket) => socket.end('.'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  client.resume()
  await new Promise<void>((resolve) => client.once('close', () => resolve()))
  await new Promise<void>((resolve) => server.close(() => resolve()))
}

/** A server of the plain kind, and a direct connection to it. */
async function connectTo(recorder: Recorder): Promise<net.Socket> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.listeners.push({ port: 0, host: '', close: () => new Promise((closed) => server.close(() => closed())) })
  const { port } = server.address() as net.AddressInfo
  const accepted = new Promise<net.Socket>((resolve) => server.once('connection', resolve))
  await directConnector().connect({ host: '127.0.0.1', port, timeoutMs: 5000 }, (socket) => {
    recorder.socket = socket
    return recorder
  })
  const peer = await accepted
  open.clients.push(peer)
  peer.on('error', () => {})
  return peer
}

test('a connection that we open reads into the targets too, one after the other, and says when the peer is done', async () => {
  const recorder = new Recorder()
  recorder.sizeBytesMax = 10
  const peer = await connectTo(recorder)
  peer.write('0123456789abcdefghij!')
  await recorder.until(() => recorder.at === 21)
  expect(recorder.text()).toBe('0123456789abcdefghij!')
  expect(recorder.targets.slice(0, 3)).toEqual([0, 10, 20])
  const received = new Promise<string>((resolve) => peer.once('data', (bytes) => resolve(bytes.toString())))
  recorder.socket?.write([Buffer.from('an'), Buffer.from('swer')], () => {})
  expect(await received).toMatch(/^an/)
  peer.end()
  await recorder.until(() => recorder.events.includes('end'))
  recorder.socket?.destroy()
  await recorder.until(() => recorder.events.includes('closed'))
})

test('nothing is read from a connection that we opened while reading is paused', async () => {
  const recorder = new Recorder()
  const peer = await connectTo(recorder)
  recorder.socket?.pauseReading()
  peer.write('later')
  await new Promise((resolve) => setImmediate(resolve))
  expect(recorder.at).toBe(0)
  recorder.socket?.resumeReading()
  await recorder.until(() => recorder.at === 5)
})

test('nobody listens there: the connection fails with the cause', async () => {
  const connecting = directConnector().connect({ host: '127.0.0.1', port: 1, timeoutMs: 5000 }, () => new Recorder())
  await expect(connecting).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
