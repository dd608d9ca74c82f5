import { createServer } from 'node:net'
import { join } from 'node:path'

/** One node of `jackdaw dev`, ready to be started. */
export interface DevNode {
  readonly id: number
  readonly port: number
  readonly keeperPort: number
  readonly directory: string
  /** What stands behind `jackdaw start`. */
  readonly args: readonly string[]
}

/** Ports where ZooKeeper's servers are usually found: for clients, among servers, for elections. */
const KEEPER_PORT = 2181
const QUORUM_PORT = 2888
const ELECTION_PORT = 3888
const HTTP_PORT = 8080
/** Copies of a topic unless somebody says otherwise, where there are brokers enough. */
const REPLICAS_WANTED = 3
const HOST = '127.0.0.1'

/**
 * Gives every node its ports and its configuration.
 *
 * @param port of the first node; 0 = any free ones
 * @param overrides `key=value`, stronger than what is decided here
 */
export async function planNodes(
  count: number,
  port: number,
  dataDirectory: string,
  overrides: readonly string[],
): Promise<readonly DevNode[]> {
  const ids = Array.from({ length: count }, (_, index) => index + 1)
  const taken = new Set<number>()
  const ports = await portsFrom(port, count, taken)
  const isFree = port === 0
  const keeperPorts = await portsFrom(isFree ? 0 : KEEPER_PORT, count, taken)
  const quorumPorts = await portsFrom(isFree ? 0 : QUORUM_PORT, count, taken)
  const electionPorts = await portsFrom(isFree ? 0 : ELECTION_PORT, count, taken)
  const httpPorts = await portsFrom(isFree ? 0 : HTTP_PORT, count, taken)
  const servers = ids.map(
    (id, index) => `${id}=${HOST}:${quorumPorts[index]}:${electionPorts[index]};${HOST}:${keeperPorts[index]}`,
  )
  return ids.map((id, index) => {
    const directory = join(dataDirectory, `node-${id}`)
    const settings = [
      `node.id=${id}`,
      `jackdaw.http.port=${httpPorts[index]}`,
      `jackdaw.keeper.client.port=${keeperPorts[index]}`,
      ...(count > 1 ? [`jackdaw.keeper.servers=${servers.join(',')}`] : []),
      ...replicationOf(count),
      ...overrides,
    ]
    return {
      id,
      port: ports[index] ?? 0,
      keeperPort: keeperPorts[index] ?? 0,
      directory,
      args: [
        '--data',
        directory,
        '--port',
        String(ports[index]),
        ...settings.flatMap((setting) => ['--override', setting]),
      ],
    }
  })
}

/** Topics outlive one lost node where there are three; with fewer, copies help nobody to write on. */
function replicationOf(count: number): readonly string[] {
  const replicas = Math.min(count, REPLICAS_WANTED)
  return [`default.replication.factor=${replicas}`, `min.insync.replicas=${replicas >= REPLICAS_WANTED ? 2 : 1}`]
}

/** Consecutive ports from `first` on; each that is taken, and all when `first` is 0, are replaced by free ones. */
async function portsFrom(first: number, count: number, taken: Set<number>): Promise<readonly number[]> {
  const ports: number[] = []
  for (let index = 0; index < count; index += 1) {
    const wanted = first === 0 ? 0 : first + index
    let port = taken.has(wanted) ? 0 : await probe(wanted)
    while (port === 0 || taken.has(port)) port = await probe(0)
    taken.add(port)
    ports.push(port)
  }
  return ports
}

/** @returns the port when it is free (any free one for 0), else 0 */
function probe(port: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(0))
    server.listen({ port, host: HOST }, () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}
