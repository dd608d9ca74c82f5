/** Which broker is the controller: one ephemeral node, and an epoch that only ever rises. */
import { KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import { isKeeperError } from './startup.ts'
import {
  CONTROLLER_EPOCH_PATH,
  CONTROLLER_PATH,
  decodeController,
  decodeDecimal,
  encodeController,
  encodeDecimal,
} from './znodes.ts'

export interface ElectionResult {
  /** The controller's broker id, -1 when nobody has it right now. */
  readonly controllerId: number
  /** The session that holds the office, '' when nobody has it. */
  readonly session: string
  /** Ours, when we won. */
  readonly mandate: Mandate | undefined
}

/** What a won election gives: the epoch, and the znode version that every write is guarded with. */
export interface Mandate {
  readonly epoch: number
  readonly epochVersion: number
}

/** Another process runs with our broker id, and has replaced us. */
class ReplacedError extends Error {
  override readonly name: string = 'ReplacedError'
}

/** Each try may lose a race (or, after a lost reply, meet its own first try, which the next one sees is ours); more lost races than brokers could cause mean something is wrong with the tree. */
const TRIES_MAX = 10

/**
 * Runs for controller; a session that holds the office already keeps it.
 *
 * @param isJoining right after registering: an office that our last life left behind is then ours to take over. Later it
 * means that another process has replaced this one.
 * @param gone the session of a controller whose process has ended: its office is taken without waiting for that to expire.
 * Should it live after all, its epoch is over, and it can write nothing any more.
 * @param held what we won earlier in this session, if anything
 * @param onChange fires once when `/controller` is created, changed or deleted: run again
 * @throws ReplacedError when another process has taken our broker id
 */
export async function runForController(
  zookeeper: ZooKeeperClient,
  brokerId: number,
  wallMs: number,
  isJoining: boolean,
  held: Mandate | undefined,
  onChange: Watcher,
  gone?: string,
): Promise<ElectionResult> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    // The epoch first: whoever is elected after it was read makes our multi fail, also where a dead one's office is taken.
    const [{ epoch, version }, current] = await Promise.all([readEpoch(zookeeper), readController(zookeeper, onChange)])
    if (current !== undefined && current.brokerId !== brokerId && current.owner !== gone) {
      return { controllerId: current.brokerId, session: current.owner, mandate: undefined }
    }
    const session = zookeeper.sessionId
    if (current?.owner === session && held !== undefined) return { controllerId: brokerId, session, mandate: held }
    // While the node is ours nobody else was elected, so the epoch is still the one we won.
    if (current?.owner === session) {
      return { controllerId: brokerId, session, mandate: { epoch, epochVersion: version } }
    }
    if (current?.brokerId === brokerId && !isJoining) {
      throw new ReplacedError(`another process has taken over broker id ${brokerId}: this one must stop`)
    }
    const results = await zookeeper.multi([
      // Left behind by a process that has ended, our own last one or another, whose session has not expired yet.
      ...(current === undefined ? [] : [{ kind: 'delete' as const, path: CONTROLLER_PATH, version: current.version }]),
      { kind: 'create', path: CONTROLLER_PATH, data: encodeController(brokerId, wallMs), mode: 'ephemeral' },
      { kind: 'set', path: CONTROLLER_EPOCH_PATH, data: encodeDecimal(epoch + 1), version },
    ])
    const last = results.at(-1)
    if (last?.kind === 'set') {
      return { controllerId: brokerId, session, mandate: { epoch: epoch + 1, epochVersion: last.stat.version } }
    }
  }
  return { controllerId: -1, session: '', mandate: undefined }
}

async function readController(
  zookeeper: ZooKeeperClient,
  onChange: Watcher,
): Promise<{ brokerId: number; owner: string; version: number } | undefined> {
  if ((await zookeeper.exists(CONTROLLER_PATH, onChange)) === undefined) return undefined
  try {
    const { data, stat } = await zookeeper.getData(CONTROLLER_PATH)
    const brokerId = decodeController(data)?.brokerId ?? -1
    return { brokerId, owner: stat.ephemeralOwner, version: stat.version }
  } catch (error) {
    if (isKeeperError(error, KeeperErrorCode.noNode)) return undefined
    throw error
  }
}

async function readEpoch(zookeeper: ZooKeeperClient): Promise<{ epoch: number; version: number }> {
  try {
    const { data, stat } = await zookeeper.getData(CONTROLLER_EPOCH_PATH)
    return { epoch: decodeDecimal(data) ?? 0, version: stat.version }
  } catch (error) {
    if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
  }
  try {
    await zookeeper.create(CONTROLLER_EPOCH_PATH, encodeDecimal(0))
    return { epoch: 0, version: 0 }
  } catch (error) {
    if (!isKeeperError(error, KeeperErrorCode.nodeExists)) throw error
    return readEpoch(zookeeper)
  }
}
