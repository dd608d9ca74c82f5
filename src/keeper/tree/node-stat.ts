// hot: per request
import type { JuteWriter } from '../../jute/writer.ts'
import type { NodeTable } from './node-table.ts'
import { ownerKind } from './owners.ts'

/** Writes the record `Stat` of a node as clients see it. */
export function writeStat(nodes: NodeTable, out: JuteWriter, id: number): void {
  const children = nodes.childCount(id)
  out.int64(nodes.czxid(id))
  out.int64(nodes.mzxid(id))
  out.int64(nodes.ctime(id))
  out.int64(nodes.mtime(id))
  out.int32(nodes.version(id))
  out.int32((nodes.cversion(id) * 2 - children) | 0)
  out.int32(nodes.aversion(id))
  out.id64(shownOwner(nodes, id))
  out.int32(nodes.dataLength(id))
  out.int32(children)
  out.int64(nodes.pzxid(id))
}

/** Writes the record `StatPersisted` of snapshots. */
export function writeStored(nodes: NodeTable, out: JuteWriter, id: number): void {
  out.int64(nodes.czxid(id))
  out.int64(nodes.mzxid(id))
  out.int64(nodes.ctime(id))
  out.int64(nodes.mtime(id))
  out.int32(nodes.version(id))
  out.int32(nodes.cversion(id))
  out.int32(nodes.aversion(id))
  out.id64(nodes.owner(id))
  out.int64(nodes.pzxid(id))
}

/** @returns the session that owns an ephemeral; 0 for every other node, whatever its owner field marks */
export function shownOwner(nodes: NodeTable, id: number): bigint {
  const owner = nodes.owner(id)
  return owner !== 0n && ownerKind(owner) === 'ephemeral' ? owner : 0n
}
