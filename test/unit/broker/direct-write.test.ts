import net from 'node:net'
import { expect, test } from 'vitest'
import { nodeNetwork } from '../../../src/io/node/sockets.ts'
import type { Socket } from '../../../src/io/ports.ts'

/** A listening socket, a connected peer that does not read yet, and our side of the connection. */
async function pair(): Promise<{
  readonly ours: Socket
  readonly peer: net.Socket
  readonly close: () => Promise<void>
}> {
  const target = new Uint8Array(1024)
  let accepted: (socket: Socket) => void = () => undefined
  const opened = new Promise<Socket>((resolve) => {
    accepted = resolve
  })
  const options = { host: '127.0.0.1', port: 0, isPortShared: false, backlog: 8 }
  const listener = await nodeNetwork().listen(options, (socket) => {
    accepted(socket)
    return { target: () => target, onRead: () => undefined, onPeerEnd: () => undefined, onClosed: () => undefined }
  })
  const peer = net.connect(listener.port, '127.0.0.1').pause()
  peer.on('error', () => undefined)
  const ours = await opened
  await new Promise((resolve) => setImmediate(resolve))
  return { ours, peer, close: () => listener.close() }
}

/** Everything the peer gets until the end of the stream. */
function all(peer: net.Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    peer.on('data', (chunk: Buffer) => chunks.push(chunk))
    peer.once('close', () => resolve(Buffer.concat(chunks)))
    peer.resume()
  })
}

const written = (socket: Socket, text: string): Promise<void> =>
  new Promise((resolve) => {
    socket.write([Buffer.from(text)], resolve)
  })

test('after the first plain write, few bytes go out at once and in order with others', async () => {
  const { ours, peer, close } = await pair()
  await written(ours, 'one ')
  const bytes = Buffer.from('two ')
  const done = (): void => expect.unreachable('what is sent at once is not called back')
  expect(ours.sendNow?.(bytes, done)).toBe('sent')
  // The bytes are ours again.
  bytes.fill('x')
  await written(ours, 'three ')
  expect(ours.sendNow?.(Buffer.from('four'), done)).toBe('sent')
  ours.finish()
  expect((await all(peer)).toString()).toBe('one two three four')
  await close()
})

test('while plain writes wait, nothing overtakes them', async () => {
  const { ours, peer, close } = await pair()
  await written(ours, 'first')
  const large = Buffer.alloc(32 << 20, 'l')
  const sent = new Promise<void>((resolve) => {
    ours.write([large], resolve)
  })
  expect(ours.sendNow?.(Buffer.from('late'), () => undefined)).toBe('refused')
  const received = all(peer)
  await sent
  expect(ours.sendNow?.(Buffer.from('late'), () => undefined)).toBe('sent')
  ours.finish()
  const bytes = await received
  expect(bytes.length).toBe(5 + large.length + 4)
  expect(bytes.subarray(-4).toString()).toBe('late')
  await close()
})

test('what the system does not take is kept, called back once, and delivered before the end', async () => {
  const { ours, peer, close } = await pair()
  await written(ours, 'first')
  const piece = Buffer.alloc(20_000, 'p')
  let sizeBytes = 5
  let outcome: string | undefined
  let doneCount = 0
  do {
    outcome = ours.sendNow?.(piece, () => {
      doneCount += 1
    })
    sizeBytes += piece.length
  } while (outcome === 'sent')
  expect(outcome).toBe('kept')
  expect(ours.sendNow?.(Buffer.from('more'), () => undefined)).toBe('refused')
  const last = written(ours, 'last')
  ours.finish()
  expect(doneCount).toBe(0)
  const bytes = await all(peer)
  await last
  expect(doneCount).toBe(1)
  expect(bytes.length).toBe(sizeBytes + 4)
  expect(bytes.subarray(-4).toString()).toBe('last')
  await close()
})

test('a write to a peer that is gone ends the socket and is called back', async () => {
  const { ours, peer, close } = await pair()
  await written(ours, 'first')
  const piece = Buffer.alloc(20_000, 'p')
  let isDone: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    isDone = resolve
  })
  let outcome: string | undefined
  do outcome = ours.sendNow?.(piece, isDone)
  while (outcome === 'sent')
  expect(outcome).toBe('kept')
  peer.resetAndDestroy()
  await done
  await close()
})
