/** Small things that a controller takes out of the tree. */
import { KeeperErrorCode, type Stat, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import type { ControllerContext } from './controller-context.ts'
import { childrenOf, dataOf } from './loader.ts'
import { isKeeperError } from './startup.ts'
import { brokerPath, decodeBroker } from './znodes.ts'

/** Notifications for an earlier controller: this one reads the whole state anyway. */
export async function dropAll(zookeeper: ZooKeeperClient, path: string, onChange: Watcher): Promise<void> {
  const names = await childrenOf(zookeeper, path)
  await Promise.all(names.map((name) => deleteIfThere(zookeeper, `${path}/${name}`)))
  await childrenOf(zookeeper, path, onChange)
}

export async function deleteIfThere(zookeeper: ZooKeeperClient, path: string): Promise<void> {
  await zookeeper.delete(path).catch((error: unknown) => {
    if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
  })
}

/**
 * Deletes the registration of one life of a broker, if it is still there.
 *
 * @param isThisLife tells it by its node
 */
export async function takeRegistration(
  context: ControllerContext,
  brokerId: number,
  isThisLife: (node: Stat) => boolean,
): Promise<boolean> {
  const path = brokerPath(brokerId)
  const node = await dataOf(context.zookeeper, path)
  if (node === undefined || !isThisLife(node.stat)) return false
  if (decodeBroker(node.data)?.directoryIds === undefined) return false
  const operation = { kind: 'delete', path, version: node.stat.version } as const
  const codes = await context.writer.write([{ operations: [operation] }])
  return codes[0] === KeeperErrorCode.ok
}
