/** What a node does to the tree before it serves: the permanent paths, the cluster's id, its own id and registration. */
import type { Entropy } from '../io/ports.ts'
import { uuidText } from '../model/uuid.ts'
import { KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../zookeeper/contract.ts'
import {
  type BrokerNode,
  CLUSTER_ID_PATH,
  FEATURE_PATH,
  PERSISTENT_PATHS,
  brokerPath,
  decodeBroker,
  decodeClusterId,
  encodeBroker,
  encodeClusterId,
  encodeFeatures,
} from './znodes.ts'

/** Start-up cannot go on; the message says why and what to do. */
class StartupError extends Error {
  override readonly name: string = 'StartupError'
}

/** Whether a failed operation failed with this code of ZooKeeper's. */
export function isKeeperError(error: unknown, code: number): boolean {
  return error instanceof KeeperError && error.code === code
}

/**
 * Creates what is missing of the permanent paths. All requests go out at once: the session answers in order, so parents
 * are there before their children, and a start costs one round trip rather than thirty.
 */
export async function createPersistentPaths(zookeeper: ZooKeeperClient): Promise<void> {
  const paths = new Set(PERSISTENT_PATHS.flatMap((path) => [...ancestors(path), path]))
  await Promise.all([
    ...[...paths].map((path) => createIfMissing(zookeeper, path, null)),
    createIfMissing(zookeeper, FEATURE_PATH, encodeFeatures()),
  ])
}

/**
 * The path under which `zookeeper.connect` puts everything, where it is missing: as Kafka does, so that nobody has to make it by
 * hand.
 *
 * @param zookeeper a session of its own, without chroot
 * @param chroot begins with a slash and does not end with one
 */
export async function createChroot(zookeeper: ZooKeeperClient, chroot: string): Promise<void> {
  for (const path of [...ancestors(chroot), chroot]) {
    // Asked first: who may write below the chroot need not be allowed to create anything above it.
    if ((await zookeeper.exists(path)) === undefined) await createIfMissing(zookeeper, path, null)
  }
}

function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}

async function createIfMissing(zookeeper: ZooKeeperClient, path: string, data: Uint8Array | null): Promise<boolean> {
  try {
    await zookeeper.create(path, data)
    return true
  } catch (error) {
    if (isKeeperError(error, KeeperErrorCode.nodeExists)) return false
    throw error
  }
}

/**
 * The cluster's id: the first broker ever makes one up, all others take it.
 *
 * @param adopted the id that our log directories had before this tree, if any
 */
export async function obtainClusterId(zookeeper: ZooKeeperClient, entropy: Entropy, adopted?: string): Promise<string> {
  await createIfMissing(zookeeper, '/cluster', null)
  const ours = adopted ?? randomUuid(entropy)
  if (await createIfMissing(zookeeper, CLUSTER_ID_PATH, encodeClusterId(ours))) return ours
  const existing = decodeClusterId((await zookeeper.getData(CLUSTER_ID_PATH)).data)
  if (existing === undefined) {
    throw new StartupError(`${CLUSTER_ID_PATH} holds no cluster id: repair or delete the node, then start again`)
  }
  return existing
}

/**
 * Registers the broker as an ephemeral node.
 *
 * After a crash the old session's node may still stand there. It is ours when it advertises the very endpoints that this
 * process listens on, or names a log directory that this process holds locked: no other live process can. Then it is
 * replaced at once instead of waiting for its session to expire. Any other node with our id is another broker.
 *
 * @returns the broker epoch: czxid of the node
 * @throws StartupError when the id or the address belongs to another broker
 */
export async function registerBroker(
  zookeeper: ZooKeeperClient,
  brokerId: number,
  broker: BrokerNode,
  wallMs: number,
): Promise<number> {
  const path = brokerPath(brokerId)
  const data = encodeBroker(broker, wallMs)
  const fresh = [
    { kind: 'create', path, data: null, mode: 'ephemeral' },
    { kind: 'set', path, data, version: 0 },
  ] as const
  const results = await zookeeper.multi(fresh)
  if (results.every((result) => result.kind !== 'error')) return czxidOf(zookeeper, path)
  const old = await zookeeper.getData(path).catch((error: unknown) => {
    if (isKeeperError(error, KeeperErrorCode.noNode)) return undefined
    throw error
  })
  if (old === undefined) return registerBroker(zookeeper, brokerId, broker, wallMs)
  if (old.stat.ephemeralOwner === zookeeper.sessionId) {
    await zookeeper.setData(path, data)
    return old.stat.czxid
  }
  const found = decodeBroker(old.data)
  if (!hasSameEndpoints(found, broker) && !sharesDirectory(found, broker)) {
    throw new StartupError(
      `broker id ${brokerId} is taken: ${path} belongs to another running broker. Give this one another broker.id, or stop the other`,
    )
  }
  const replaced = await zookeeper.multi([{ kind: 'delete', path, version: -1 }, ...fresh])
  if (replaced.some((result) => result.kind === 'error')) return registerBroker(zookeeper, brokerId, broker, wallMs)
  return czxidOf(zookeeper, path)
}

async function czxidOf(zookeeper: ZooKeeperClient, path: string): Promise<number> {
  const stat = await zookeeper.exists(path)
  if (stat === undefined) throw new StartupError(`${path} has vanished right after registration: is its session alive?`)
  return stat.czxid
}

function hasSameEndpoints(old: BrokerNode | undefined, broker: BrokerNode): boolean {
  const addresses = (node: BrokerNode): string =>
    node.endpoints
      .map((endpoint) => `${endpoint.listener} ${endpoint.host} ${endpoint.port}`)
      .sort()
      .join()
  return old !== undefined && addresses(old) === addresses(broker)
}

function sharesDirectory(old: BrokerNode | undefined, broker: BrokerNode): boolean {
  return old?.directoryIds?.some((id) => broker.directoryIds?.includes(id)) ?? false
}

/** A random (version 4) UUID that does not begin with a dash: command lines would take it for an option. */
export function randomUuid(entropy: Entropy): string {
  for (;;) {
    const bytes = Uint8Array.from(entropy.bytes(16))
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const text = uuidText(bytes, 0)
    if (!text.startsWith('-')) return text
  }
}

/** Whether another try, with another session, may do better. */
export function isPassing(error: unknown): error is KeeperError {
  return (
    error instanceof KeeperError &&
    [KeeperErrorCode.connectionLoss, KeeperErrorCode.sessionExpired].some((code) => code === error.code)
  )
}

/** The node could not get back into the cluster. */
export class RejoinError extends Error {
  override readonly name: string = 'RejoinError'

  constructor(cause: unknown) {
    super(`cannot register again after the ZooKeeper session expired: ${String(cause)}`, { cause })
  }
}
