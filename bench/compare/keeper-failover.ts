// How long an ensemble of three takes no writes when its leader is killed: keepers beside ZooKeeper 3.9.5, the same files,
// the same client, interleaved.
//
//   node bench/compare/keeper-failover.ts [--rounds 6] [--pairs 2] [--tick 2000] [--out FILE]
//
// The client goes round the survivors, begins a session and writes; whatever closes on it is tried again after 2 ms.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { writeSetDataRequest } from '../../src/jute/generated/proto.ts'
import { Operation } from '../../src/jute/operations.ts'
import { Ensemble, type Kind, type Member } from '../../test/compat/keeper/ensemble/ensemble.ts'
import { RawClient } from '../../test/compat/keeper/raw-client.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    pairs: { type: 'string', default: '2' },
    tick: { type: 'string', default: '2000' },
    out: { type: 'string', default: join(import.meta.dirname, '../results/keeper-failover.json') },
  },
})
const RETRY_MS = 2
const DATA = new Uint8Array(100)

/** Begins a session and writes. @returns false when the server would not */
async function write(member: Member): Promise<boolean> {
  const client = new RawClient(member.clientPort)
  try {
    if ((await client.open()) <= 0) return false
    const { code } = await client.request(Operation.setData, (writer) =>
      writeSetDataRequest(writer, { path: '/', data: DATA, version: -1 }),
    )
    return code === 0
  } catch {
    return false
  } finally {
    client.end()
  }
}

/** @returns milliseconds from the leader's end to the first acknowledged write */
async function failOver(ensemble: Ensemble): Promise<number> {
  const leader = await ensemble.nextLeader()
  const survivors = ensemble.members.filter((member) => member !== leader)
  // Everybody is in step: a write through each of them has been answered.
  for (const member of ensemble.members) {
    while (!(await write(member))) await sleep(20)
  }
  const killedAtMs = performance.now()
  await leader.end('SIGKILL')
  for (let attempt = 0; ; attempt += 1) {
    const member = survivors[attempt % survivors.length]
    if (member !== undefined && (await write(member))) break
    await sleep(RETRY_MS)
  }
  const tookMs = performance.now() - killedAtMs
  await ensemble.start([leader.id])
  return tookMs
}

async function measure(kind: Kind): Promise<number[]> {
  const ensemble = await Ensemble.create([kind, kind, kind], {
    settings: { tickTime: Number(options.tick), initLimit: 10, syncLimit: 5 },
    // The harness starts Java for short tests; here it has the memory and the compilers of a server.
    javaArguments: () => ['-Xmx1000m', '-XX:TieredStopAtLevel=4'],
  })
  try {
    await ensemble.start()
    const gapsMs: number[] = []
    for (let round = 0; round < Number(options.rounds); round += 1) gapsMs.push(Math.round(await failOver(ensemble)))
    process.stdout.write(`${kind}: ${gapsMs.join(', ')} ms\n`)
    return gapsMs
  } finally {
    await ensemble.close()
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const gaps: Record<Kind, number[]> = { real: [], jackdaw: [] }
for (let pair = 0; pair < Number(options.pairs); pair += 1) {
  const order: readonly Kind[] = pair % 2 === 0 ? ['real', 'jackdaw'] : ['jackdaw', 'real']
  for (const kind of order) gaps[kind].push(...(await measure(kind)))
}
const result = {
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Linux ${release()}, load ${loadavg()[0]?.toFixed(2)}`,
  what: 'milliseconds from kill -9 of the leader to the first acknowledged write, ensemble of 3',
  tickMs: Number(options.tick),
  zookeeper: { gapsMs: gaps.real, medianMs: median(gaps.real) },
  jackdaw: { gapsMs: gaps.jackdaw, medianMs: median(gaps.jackdaw) },
  ratio: Number((median(gaps.real) / median(gaps.jackdaw)).toFixed(2)),
}
writeFileSync(options.out, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(
  `median ${result.zookeeper.medianMs} ms beside ${result.jackdaw.medianMs} ms: ${result.ratio} times\n`,
)
