import { isKeeperError } from '../../zookeeper/client.ts'
import { KeeperErrorCode, type ZooKeeperClient } from '../../zookeeper/contract.ts'
import { ShellError } from './failure.ts'
import { visitSubtree } from './tree.ts'

const ROOT = '/zookeeper/quota'
const LIMITS = 'zookeeper_limits'
const STATS = 'zookeeper_stats'

/** The limits of one quota, or what is used of it. -1 = none. */
export type Quota = Map<string, number>

/** Options of setquota and delquota → names in the node. */
export const quotaNames: Readonly<Record<string, string>> = {
  n: 'count',
  b: 'bytes',
  N: 'countHardLimit',
  B: 'byteHardLimit',
}

export function limitsPath(path: string): string {
  return `${ROOT}${path}/${LIMITS}`
}

/** `count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=-1`: the odd `=` makes readers of old overlook the rest. */
export function quotaText(quota: Quota): string {
  const others = [...quota].filter(([name]) => name !== 'count' && name !== 'bytes').sort()
  const first = `count=${quota.get('count') ?? -1},bytes=${quota.get('bytes') ?? -1}`
  return others.length === 0 ? first : `${first}=${others.map(([name, value]) => `;${name}=${value}`).join('')}`
}

function parseQuota(data: Uint8Array | null): Quota {
  const quota: Quota = new Map()
  for (const pair of new TextDecoder().decode(data ?? new Uint8Array(0)).split(/[,;]+/)) {
    const [name = '', value = ''] = pair.split('=')
    if (name !== '') quota.set(name, value === '' ? -1 : Number(value))
  }
  return quota
}

async function read(client: ZooKeeperClient, path: string): Promise<Quota> {
  return parseQuota((await client.getData(path)).data)
}

/** @returns limits and usage @throws KeeperError noNode when there is no quota */
export async function readQuota(client: ZooKeeperClient, path: string): Promise<readonly [Quota, Quota]> {
  return [await read(client, limitsPath(path)), await read(client, `${ROOT}${path}/${STATS}`)]
}

/** @param changes limits to set; the others stay as they are, or none @returns warnings @throws ShellError, KeeperError */
export async function setQuota(
  client: ZooKeeperClient,
  path: string,
  changes: ReadonlyMap<string, number>,
): Promise<string[]> {
  if ((await client.exists(path)) === undefined) throw new ShellError(`${path} does not exist.`)
  await checkBelow(client, path)
  await checkAbove(client, path)
  const names = path.split('/').slice(1)
  for (let depth = 0; depth <= names.length; depth += 1) {
    await createIfMissing(client, [ROOT, ...names.slice(0, depth)].join('/'), null)
  }
  const none = (): Quota => new Map(Object.values(quotaNames).map((name) => [name, -1]))
  const isNew = (await client.exists(limitsPath(path))) === undefined
  const limits = isNew ? none() : await read(client, limitsPath(path))
  for (const [name, value] of changes) limits.set(name, value)
  const data = new TextEncoder().encode(quotaText(limits))
  if (isNew) {
    await client.create(limitsPath(path), data)
    await createIfMissing(client, `${ROOT}${path}/${STATS}`, new TextEncoder().encode('count=0,bytes=0'))
  }
  const [, used] = await readQuota(client, path)
  if (!isNew) await client.setData(limitsPath(path), data)
  return [...warnings(limits, used, 'count', 'countHardLimit'), ...warnings(limits, used, 'bytes', 'byteHardLimit')]
}

function warnings(limits: Quota, used: Quota, soft: string, hard: string): string[] {
  const usage = used.get(soft) ?? -1
  const isBelow = [soft, hard].some((name) => {
    const limit = limits.get(name) ?? -1
    return limit > -1 && limit < usage
  })
  return isBelow ? [`[Warning]: the ${soft} quota you create is less than the existing ${soft}:${usage}`] : []
}

async function createIfMissing(client: ZooKeeperClient, path: string, data: Uint8Array | null): Promise<void> {
  if ((await client.exists(path)) !== undefined) return
  try {
    await client.create(path, data)
  } catch (error) {
    if (!isKeeperError(error, KeeperErrorCode.nodeExists)) throw error
  }
}

async function checkBelow(client: ZooKeeperClient, path: string): Promise<void> {
  const own = ROOT + path
  if ((await client.exists(own)) === undefined) return
  await visitSubtree(client, own, undefined, (at) => {
    if (!at.endsWith(`/${LIMITS}`) || at === limitsPath(path)) return
    const limited = at.slice(ROOT.length, -LIMITS.length - 1)
    throw new ShellError(`${path} has a child ${limited} which has a quota`)
  })
}

async function checkAbove(client: ZooKeeperClient, path: string): Promise<void> {
  const names = path.split('/').slice(1)
  for (let depth = 1; depth < names.length; depth += 1) {
    const above = `/${names.slice(0, depth).join('/')}`
    if ((await client.exists(limitsPath(above))) === undefined) continue
    throw new ShellError(`${path} has a parent ${above} which has a quota`)
  }
}

/** @param names limits to lift; none = the whole quota @returns false when there is no quota */
export async function deleteQuota(client: ZooKeeperClient, path: string, names: readonly string[]): Promise<boolean> {
  if ((await client.exists(limitsPath(path))) === undefined) return false
  if (names.length > 0) {
    const limits = await read(client, limitsPath(path))
    for (const name of names) limits.set(name, -1)
    await client.setData(limitsPath(path), new TextEncoder().encode(quotaText(limits)))
    return true
  }
  for (const name of (await client.getChildren(ROOT + path)).children) await client.delete(`${ROOT}${path}/${name}`)
  // Up to where another quota hangs.
  for (let at = ROOT + path; at !== ROOT && at.startsWith(ROOT); at = at.slice(0, at.lastIndexOf('/'))) {
    if ((await client.getChildren(at)).children.length > 0) break
    await client.delete(at)
  }
  return true
}
