import { isKeeperError } from '../../zookeeper/client.ts'
import { KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../../zookeeper/contract.ts'

/** A node and all below it, parents first and children in the order of their names, told one by one. */
export async function visitSubtree(
  client: ZooKeeperClient,
  path: string,
  watcher: Watcher | undefined,
  visit: (path: string) => Promise<void> | void,
): Promise<void> {
  // The root must be there; what vanishes below it meanwhile is no error.
  let names = (await client.getChildren(path, watcher)).children
  const waiting: string[] = []
  for (let at: string | undefined = path; at !== undefined; at = waiting.pop()) {
    if (at !== path) {
      const found = await childrenIfAny(client, at, watcher)
      if (found === undefined) continue
      names = found
    }
    await visit(at)
    const prefix = at === '/' ? '/' : `${at}/`
    waiting.push(
      ...[...names]
        .sort()
        .reverse()
        .map((name) => prefix + name),
    )
  }
}

async function childrenIfAny(
  client: ZooKeeperClient,
  path: string,
  watcher: Watcher | undefined,
): Promise<readonly string[] | undefined> {
  try {
    return (await client.getChildren(path, watcher)).children
  } catch (error) {
    if (isKeeperError(error, KeeperErrorCode.noNode)) return undefined
    throw error
  }
}

/**
 * Deletes a node and all below it, leaves first.
 *
 * @param batchSize how many deletions are in flight at a time
 * @returns whether all are gone
 */
export async function deleteSubtree(client: ZooKeeperClient, path: string, batchSize: number): Promise<boolean> {
  const paths: string[] = []
  await visitSubtree(client, path, undefined, (at) => void paths.push(at))
  paths.reverse()
  let areAllGone = true
  for (let at = 0; at < paths.length; at += batchSize) {
    const results = await Promise.allSettled(paths.slice(at, at + batchSize).map((each) => client.delete(each)))
    areAllGone &&= results.every(
      (result) => result.status === 'fulfilled' || isKeeperError(result.reason, KeeperErrorCode.noNode),
    )
  }
  return areAllGone
}
