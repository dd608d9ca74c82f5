import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { makeSecrets } from '../secured-keeper.ts'
import { Ensemble, type Kind } from './ensemble.ts'
import { expectSameState } from './same-state.ts'
import { Ledger, WriteLoad } from './write-load.ts'

/** `sslQuorum`: keepers and real ZooKeeper 3.9.5 servers that trust each other by certificate. */

const { folder } = makeSecrets()
let ensemble: Ensemble | undefined
afterEach(async () => {
  await ensemble?.close()
  ensemble = undefined
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tls = {
  sslQuorum: true,
  'ssl.quorum.keyStore.location': join(folder, 'server.pem'),
  'ssl.quorum.trustStore.location': join(folder, 'authority.pem'),
}

const compositions: readonly (readonly [string, readonly Kind[]])[] = [
  ['three keepers', ['jackdaw', 'jackdaw', 'jackdaw']],
  ['one keeper and two real servers', ['jackdaw', 'real', 'real']],
  ['one real server and two keepers', ['real', 'jackdaw', 'jackdaw']],
]

test.each(compositions)(
  '%s over TLS: the first leads, is killed, comes back, and nothing is lost',
  async (_name, kinds) => {
    ensemble = await Ensemble.create(kinds, { settings: tls })
    await ensemble.start()
    const ledger = new Ledger()
    const first = ensemble.member(1)
    await ensemble.letLead(first)
    const load = await WriteLoad.start(ensemble, ledger)
    await load.progress(50)
    await first.end('SIGKILL')
    await ensemble.nextLeader(first)
    await load.progress(50)
    await ensemble.start([1])
    await load.progress(50)
    await load.stop()
    await expectSameState(ensemble, ledger)
  },
)

test('a plain connection to a port between servers is closed, with a line that says so', async () => {
  ensemble = await Ensemble.create(['jackdaw', 'jackdaw', 'jackdaw'], { settings: tls })
  await ensemble.start()
  const member = ensemble.member(1)
  await new Promise<void>((resolve) => {
    const socket = connect(member.electionPort, '127.0.0.1', () => void socket.write('not TLS at all'))
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.on('close', () => resolve())
  })
  expect(member.output()).toContain('plain text on a TLS port')
})

test('members that speak TLS and members that do not yet, while an ensemble is moved over', async () => {
  ensemble = await Ensemble.create(['jackdaw', 'real', 'jackdaw'], {
    settings: { ...tls, sslQuorum: false, portUnification: true },
  })
  await ensemble.start()
  const ledger = new Ledger()
  const load = await WriteLoad.start(ensemble, ledger)
  await load.progress(50)
  await load.stop()
  await expectSameState(ensemble, ledger)
})
