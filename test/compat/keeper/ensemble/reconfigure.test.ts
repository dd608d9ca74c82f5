import { afterEach, expect, test } from 'vitest'
import { writeReconfigRequest } from '../../../../src/jute/generated/proto.ts'
import { Operation } from '../../../../src/jute/operations.ts'
import { RawClient } from '../raw-client.ts'
import { Ensemble, type Kind, type Member } from './ensemble.ts'

/* The same reconfigurations asked of real servers and of keepers: same answers, same configurations. */

const ensembles: Ensemble[] = []
afterEach(async () => {
  for (const ensemble of ensembles.splice(0)) await ensemble.close()
})

interface Change {
  readonly joining?: string
  readonly leaving?: string
  readonly members?: string
  readonly from?: number
}

/** In order, each on what the ones before left. Server 3 leads and stays; 4 does not exist. */
function changes(members: readonly Member[]): readonly Change[] {
  const line = (id: number): string => `server.${id}=${members[id - 1]?.address}`
  return [
    {},
    { leaving: '9' },
    { joining: 'server.4=' },
    { joining: 'nonsense' },
    { members: 'nonsense' },
    { members: '' },
    { leaving: '1,x' },
    { leaving: '1', from: 77 },
    { joining: 'server.4=127.0.0.1:1:2;3', leaving: '' },
    { leaving: '4' },
    { joining: 'server.4=127.0.0.1:1:2:observer;127.0.0.1:3' },
    { leaving: '4,5,6' },
    { leaving: '1,2' },
    { members: [line(1), line(2), line(3)].join('\n') },
    { leaving: '1' },
    { members: [line(1), line(2), line(3)].join(',') },
    { joining: line(2).replace('participant', 'observer') },
    { joining: 'server.4=127.0.0.1:1:2;3,server.5=127.0.0.1:4:5;6,server.6=127.0.0.1:7:8;9' },
  ]
}

async function answers(kind: Kind): Promise<string[]> {
  const ensemble = await Ensemble.create([kind, kind, kind], { settings: { reconfigEnabled: true } })
  ensembles.push(ensemble)
  // Votes of fresh servers go to the larger id.
  await ensemble.start([1, 3])
  await ensemble.start([2])
  const told: string[] = []
  for (const change of changes(ensemble.members)) {
    const client = new RawClient(ensemble.member(3).clientPort)
    await client.open()
    const { code, reader } = await client.request(Operation.reconfig, (writer) =>
      writeReconfigRequest(writer, {
        joiningServers: change.joining ?? null,
        leavingServers: change.leaving ?? null,
        newMembers: change.members ?? null,
        curConfigId: change.from ?? -1,
      }),
    )
    const text = code === 0 ? Buffer.from(reader.buffer() ?? []).toString() : ''
    told.push(withoutPorts(`${JSON.stringify(change)}: ${code} ${text}`, ensemble.members))
    client.end()
    // Roles that changed are taken up before the next change.
    await ensemble.serving([1, 2, 3])
  }
  return told
}

function withoutPorts(text: string, members: readonly Member[]): string {
  let named = text.replace(/version=\w+/, 'version')
  for (const { id, clientPort, quorumPort, electionPort } of members) {
    for (const [name, port] of Object.entries({ clientPort, quorumPort, electionPort })) {
      named = named.replaceAll(`:${port}`, `:${name}${id}`)
    }
  }
  return named
}

test('reconfigurations are answered alike', async () => {
  expect(await answers('jackdaw')).toEqual(await answers('real'))
})
