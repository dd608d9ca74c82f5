import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { nodeConnector } from '../../../src/io/node/connect.ts'
import { nodeNetwork } from '../../../src/io/node/sockets.ts'
import type { Listener, Socket, SocketReader, TlsListening, TlsSettings } from '../../../src/io/ports.ts'
import { type Certificate, makeCertificate } from '../../support/certificates.ts'

const directory = mkdtempSync(join(tmpdir(), 'jackdaw-tls-'))
const authority = makeCertificate({ name: [['CN', 'authority']], isAuthority: true })
const server = makeCertificate({ name: [['CN', 'server']], issuer: authority, addresses: ['127.0.0.1'] })
const client = makeCertificate({ name: [['CN', 'client']], issuer: authority, keyType: 'RSA' })

function file(name: string, ...parts: readonly string[]): TlsSettings['trustStore'] {
  const path = join(directory, name)
  writeFileSync(path, parts.join(''))
  return { path, type: undefined, password: '', passwordPath: undefined }
}

function identity(name: string, certificate: Certificate): TlsSettings['trustStore'] {
  return file(name, certificate.keyPem, certificate.pem)
}

const trustStore = file('authority.pem', authority.pem)
const serverSettings: TlsSettings = {
  keyStore: identity('server.pem', server),
  trustStore,
  clientAuth: 'need',
  protocols: [],
  cipherSuites: [],
  isServerNameChecked: true,
  isClientNameChecked: false,
  isReverseLookupAllowed: false,
  isReloaded: false,
}
const clientSettings: TlsSettings = { ...serverSettings, keyStore: identity('client.pem', client) }

const listeners: Listener[] = []
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close()
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

interface Door {
  readonly listener: Listener
  readonly refused: string[]
  readonly accepted: Socket[]
}

/** A server that sends back what it gets. */
async function open(settings: Partial<TlsSettings>, more: Partial<TlsListening> = {}): Promise<Door> {
  const refused: string[] = []
  const accepted: Socket[] = []
  const tls: TlsListening = {
    settings: { ...serverSettings, ...settings },
    isPlainAllowed: false,
    handshakeTimeoutMs: 5000,
    handshakesMax: 0,
    onRefused: (cause, address) => void refused.push(`${address}: ${cause}`),
    ...more,
  }
  const listener = await nodeNetwork().listen(
    { host: '127.0.0.1', port: 0, isPortShared: false, backlog: 8, tls },
    (socket) => {
      accepted.push(socket)
      return echo(socket)
    },
  )
  listeners.push(listener)
  return { listener, refused, accepted }
}

function echo(socket: Socket): SocketReader {
  const target = new Uint8Array(7)
  return {
    target: () => target,
    onRead: (sizeBytes) => socket.write([target.slice(0, sizeBytes)], () => {}),
    onPeerEnd: () => socket.finish(),
    onClosed: () => {},
  }
}

/** Says something and resolves with as much of an answer, or with why there is none. */
async function say(port: number, text: string, tls: TlsSettings | undefined): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const target = new Uint8Array(64)
    const options = { host: '127.0.0.1', port, timeoutMs: 5000, ...(tls === undefined ? {} : { tls }) }
    nodeConnector()
      .connect(options, (socket) => {
        socket.write([new TextEncoder().encode(text)], () => {})
        return {
          target: () => target,
          onRead: (sizeBytes) => {
            heard += new TextDecoder().decode(target.subarray(0, sizeBytes))
            if (heard.length < text.length) return
            socket.destroy()
            resolve(heard)
          },
          onPeerEnd: () => socket.finish(),
          onClosed: (cause) => resolve(`closed ${cause}`),
        }
      })
      .catch((error: unknown) => resolve(String(error)))
  })
}

test('both sides prove who they are, and bytes come through in order', async () => {
  const { listener, accepted, refused } = await open({})
  const text = 'the quick brown fox '.repeat(2000)
  expect(await say(listener.port, text, clientSettings)).toBe(text)
  expect(accepted[0]?.tls?.certificate).toEqual(client.der)
  expect(accepted[0]?.tls?.protocol).toBe('TLSv1.3')
  expect(accepted[0]?.remoteHost).toBe('127.0.0.1')
  expect(refused).toEqual([])
  expect(listener.handshakeCount?.()).toBe(0)
})

test('a client without a certificate: refused, let in, or not even asked', async () => {
  const anonymous = { ...clientSettings, keyStore: undefined }
  const need = await open({})
  expect(await say(need.listener.port, 'hello', anonymous)).toContain('closed')
  expect(need.refused).toEqual([
    '127.0.0.1: the client showed no certificate (or has none of our authorities), and one is needed',
  ])
  const want = await open({ clientAuth: 'want' })
  expect(await say(want.listener.port, 'hello', anonymous)).toBe('hello')
  expect(want.accepted[0]?.tls?.certificate).toBeUndefined()
  const none = await open({ clientAuth: 'none' })
  expect(await say(none.listener.port, 'hello', clientSettings)).toBe('hello')
  expect(none.accepted[0]?.tls?.certificate).toBeUndefined()
})

test('certificates that are out of date, of a stranger, or for another address are refused, with the reason', async () => {
  const expired = makeCertificate({ name: [['CN', 'late']], issuer: authority, validToMs: Date.now() - 60_000 })
  const early = makeCertificate({ name: [['CN', 'early']], issuer: authority, validFromMs: Date.now() + 3_600_000 })
  const stranger = makeCertificate({ name: [['CN', 'stranger']] })
  const { listener, refused, accepted } = await open({ clientAuth: 'want' })
  for (const [name, certificate] of Object.entries({ expired, early, stranger })) {
    const keyStore = identity(`${name}.pem`, certificate)
    expect(await say(listener.port, 'hello', { ...clientSettings, keyStore })).toContain('closed')
  }
  expect(refused[0]).toContain("the client's certificate is not trusted: CN=late expired")
  expect(refused[1]).toContain('CN=early is valid only from')
  expect(refused[2]).toMatch(/CN=stranger, issued by CN=stranger: \w+_SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT/)
  expect(accepted).toEqual([])
  const checked = await open({ isClientNameChecked: true })
  expect(await say(checked.listener.port, 'hello', clientSettings)).toContain('closed')
  expect(checked.refused).toEqual(["127.0.0.1: the client's certificate (CN=client) is not for its address"])
  const keyStore = identity('server-as-client.pem', server)
  expect(await say(checked.listener.port, 'hello', { ...clientSettings, keyStore })).toBe('hello')
})

test('a client checks the server: its authority and, unless told otherwise, its name', async () => {
  const other = makeCertificate({ name: [['CN', 'x']], issuer: authority, hosts: ['elsewhere.example'] })
  const { listener } = await open({ keyStore: identity('other.pem', other) })
  expect(await say(listener.port, 'hello', clientSettings)).toContain("IP: 127.0.0.1 is not in the cert's list")
  expect(await say(listener.port, 'hello', { ...clientSettings, isServerNameChecked: false })).toBe('hello')
  const stranger = makeCertificate({ name: [['CN', 'stranger']], isAuthority: true })
  const distrustful = { ...clientSettings, trustStore: file('stranger-ca.pem', stranger.pem) }
  expect(await say(listener.port, 'hello', distrustful)).toContain('self-signed certificate in certificate chain')
})

test('plain text on a TLS port, and on one that takes both', async () => {
  const strict = await open({})
  expect(await say(strict.listener.port, 'ruok', undefined)).toContain('closed')
  expect(strict.refused).toEqual(['127.0.0.1: plain text on a TLS port, beginning with "ruok"'])
  const both = await open({}, { isPlainAllowed: true })
  expect(await say(both.listener.port, 'ruok', undefined)).toBe('ruok')
  expect(await say(both.listener.port, 'hello', clientSettings)).toBe('hello')
  expect(both.accepted.map(({ tls }) => tls?.protocol)).toEqual([undefined, 'TLSv1.3'])
})

test('garbage, a cut-off hello, silence and an old protocol end in a line and a close', async () => {
  const { listener, refused } = await open({ protocols: ['TLSv1.3'] }, { handshakeTimeoutMs: 200 })
  const closed = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      const socket = net.connect(listener.port, '127.0.0.1', () => {
        if (bytes.length > 0) socket.write(bytes)
      })
      socket.on('error', () => {})
      socket.on('data', () => {})
      socket.on('close', () => resolve())
    })
  await closed(new Uint8Array([0x16, 3, 1, 0, 5, 9, 9, 9, 9, 9]))
  expect(refused.at(-1)).toContain('the TLS handshake failed')
  await closed(new Uint8Array([0x16, 3, 1, 2, 0]))
  expect(refused.at(-1)).toContain('the TLS handshake took too long')
  await closed(new Uint8Array(0))
  expect(refused.at(-1)).toContain('nothing was said in time')
  expect(await say(listener.port, 'hello', { ...clientSettings, protocols: ['TLSv1.2'] })).toContain('protocol version')
  expect(refused.at(-1)).toContain('none of our versions of TLS')
  expect(listener.handshakeCount?.()).toBe(0)
})

test('more handshakes at once than are allowed: the rest is closed', async () => {
  const { listener, refused } = await open({}, { handshakesMax: 1 })
  const first = net.connect(listener.port, '127.0.0.1', () => void first.write(new Uint8Array([0x16, 3, 1, 2, 0])))
  first.on('error', () => {})
  await vi.waitFor(() => expect(listener.handshakeCount?.()).toBe(1))
  expect(await say(listener.port, 'hello', clientSettings)).toContain('Error')
  expect(refused).toEqual(['127.0.0.1: 1 handshakes are under way already'])
  first.destroy()
  await vi.waitFor(() => expect(listener.handshakeCount?.()).toBe(0))
  expect(await say(listener.port, 'hello', clientSettings)).toBe('hello')
})

test('a changed key store is used by the next connection; one that cannot be read is not', async () => {
  const keyStore = identity('reloaded.pem', server)
  const { listener, refused } = await open({ keyStore, isReloaded: true })
  expect(await say(listener.port, 'hello', clientSettings)).toBe('hello')
  writeFileSync(join(directory, 'reloaded.pem'), server.keyPem)
  await vi.waitFor(() => expect(refused.at(-1)).toContain('the old ones stay'), { timeout: 8000, interval: 50 })
  expect(await say(listener.port, 'hello', clientSettings)).toBe('hello')
  const next = makeCertificate({ name: [['CN', 'next']], issuer: authority, hosts: ['elsewhere.example'] })
  writeFileSync(join(directory, 'reloaded.pem'), next.keyPem + next.pem)
  await vi.waitFor(
    async () => expect(await say(listener.port, 'hello', clientSettings)).toContain('is not in the cert'),
    { timeout: 8000, interval: 100 },
  )
}, 20_000)

test('a listener without a key, or with a file that is not there, is refused at the start', async () => {
  await expect(open({ keyStore: undefined })).rejects.toThrow('TLS needs a key store')
  const keyStore = { path: join(directory, 'none.pem'), type: undefined, password: '', passwordPath: undefined }
  await expect(open({ keyStore })).rejects.toThrow('none.pem cannot be opened')
})
