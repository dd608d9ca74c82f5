import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { ZooKeeperFullClient } from '../../../../src/zookeeper/contract.ts'
import type { Ensemble, Member } from './ensemble.ts'
import type { Ledger } from './write-load.ts'

const BATCH = 200

/** Path → data and every field of its stat. */
export type Tree = ReadonlyMap<string, string>

/** Reads all that a server holds, the leader's last decision included. */
export async function treeOf(member: Member): Promise<Tree> {
  const client = await member.client()
  try {
    await client.sync('/')
    return await readTree(client)
  } finally {
    await client.close()
  }
}

async function readTree(client: ZooKeeperFullClient): Promise<Tree> {
  const tree = new Map<string, string>()
  let level = ['/']
  while (level.length > 0) {
    const below: string[] = []
    for (let at = 0; at < level.length; at += BATCH) {
      const paths = level.slice(at, at + BATCH)
      const results = await client.multiRead([
        ...paths.map((path) => ({ kind: 'getData', path }) as const),
        ...paths.map((path) => ({ kind: 'getChildren', path }) as const),
      ])
      for (const [index, path] of paths.entries()) {
        const node = results[index]
        const children = results[paths.length + index]
        if (node?.kind !== 'getData' || children?.kind !== 'getChildren') {
          throw new Error(`${path} cannot be read: ${JSON.stringify(node)} ${JSON.stringify(children)}`)
        }
        const data = node.data === null ? 'null' : Buffer.from(node.data).toString('utf8')
        // Every server writes the first configuration into its tree by itself, with its own time.
        tree.set(path, path === '/zookeeper/config' ? data : `${data} ${JSON.stringify(node.stat)}`)
        for (const name of children.children) below.push(path === '/' ? `/${name}` : `${path}/${name}`)
      }
    }
    level = below
  }
  return tree
}

/**
 * All that runs holds the same nodes with the same stats, agrees on the digests of the past, and has every
 * acknowledged write at the zxid that was told, and none that nobody made.
 */
export async function expectSameState(ensemble: Ensemble, ledger: Ledger): Promise<void> {
  const members = ensemble.members.filter((each) => each.isRunning)
  expect(ledger.violations).toEqual([])
  // A leader whose epoch has no transaction yet shows the epoch's beginning instead of the last one.
  const client = await members[0]?.client()
  await client?.setData('/', null)
  await client?.close()
  await settled(members)
  const [first, ...others] = await Promise.all(members.map(async (member) => ({ member, tree: await treeOf(member) })))
  if (first === undefined) throw new Error('nobody runs')
  for (const { member, tree } of others) {
    const differing = [...new Set([...first.tree.keys(), ...tree.keys()])].filter(
      (path) => first.tree.get(path) !== tree.get(path),
    )
    const shown = differing
      .slice(0, 3)
      .map((path) => `${path}: ${first.tree.get(path) ?? 'absent'} ≠ ${tree.get(path) ?? 'absent'}`)
    expect(shown, `${first.member.id} (${first.member.kind}) beside ${member.id} (${member.kind})`).toEqual([])
  }
  expectLedger(first.tree, ledger)
  expectSameDigests(await Promise.all(members.map(digestsOf)))
}

/** Ends of sessions that were left over may still be under way: waits until all have come to the same zxid. */
async function settled(members: readonly Member[]): Promise<void> {
  let before = ''
  for (let tries = 0; tries < 100; tries += 1) {
    const zxids = await Promise.all(members.map(async (each) => /^Zxid: (\w+)/m.exec(await each.ask('srvr'))?.[1]))
    const now = zxids.join()
    if (new Set(zxids).size === 1 && now === before) return
    before = now
    await sleep(100)
  }
  throw new Error(`servers do not come to the same zxid: ${before}`)
}

function expectLedger(tree: Tree, ledger: Ledger): void {
  const known = new Set(ledger.uncertain)
  const lost: string[] = []
  for (const { path, zxid } of ledger.acknowledged.flat()) {
    known.add(path)
    if (!tree.get(path)?.includes(`"czxid":${zxid},`)) lost.push(`${path} of ${zxid}: ${tree.get(path) ?? 'absent'}`)
  }
  expect(lost).toEqual([])
  expect([...tree.keys()].filter((path) => path.startsWith('/load/') && !known.has(path))).toEqual([])
}

/** zxid → digest of the tree then, as the server has it in memory. */
async function digestsOf(member: Member): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>()
  for (const [, zxid = '', digest = ''] of (await member.ask('hash')).matchAll(/^(\w+): (\w+)$/gm)) {
    digests.set(zxid, digest)
  }
  return digests
}

function expectSameDigests(all: readonly ReadonlyMap<string, string>[]): void {
  const byZxid = new Map<string, Set<string>>()
  for (const [zxid, digest] of all.flatMap((digests) => [...digests])) {
    const seen = byZxid.get(zxid) ?? new Set()
    byZxid.set(zxid, seen.add(digest))
  }
  expect([...byZxid].filter(([, digests]) => digests.size > 1)).toEqual([])
}
