import { type ACL, readStat, type Stat as WireStat } from '../jute/generated/data.ts'
import {
  readMultiHeader,
  writeCreateRequest,
  writeCreateTTLRequest,
  writeMultiHeader,
} from '../jute/generated/proto.ts'
import { CreateFlags, Operation } from '../jute/operations.ts'
import type { JuteReader } from '../jute/reader.ts'
import type { JuteWriter } from '../jute/writer.ts'
import type {
  AclEntry,
  CreateMode,
  CreateOptions,
  MultiOperation,
  MultiResult,
  ReadOperation,
  ReadResult,
  Stat,
} from './contract.ts'

const flagsOf: Readonly<Record<CreateMode, number>> = {
  persistent: CreateFlags.persistent,
  ephemeral: CreateFlags.ephemeral,
  'persistent-sequential': CreateFlags.persistentSequential,
  'ephemeral-sequential': CreateFlags.ephemeralSequential,
  container: CreateFlags.container,
}

/** @returns the operation that makes such a node and answers with its stat */
export function createOperation(options: CreateOptions): number {
  if (options.ttlMs !== undefined) return Operation.createTtl
  return options.mode === 'container' ? Operation.createContainer : Operation.create2
}

/** @param defaultAcl for a node whose options name none */
export function writeCreate(
  writer: JuteWriter,
  path: string,
  data: Uint8Array | null,
  options: CreateOptions,
  defaultAcl: readonly ACL[],
): void {
  const { mode = 'persistent', ttlMs } = options
  const acl = options.acl === undefined ? defaultAcl : wireAcl(options.acl)
  if (ttlMs === undefined) {
    writeCreateRequest(writer, { path, data, acl, flags: flagsOf[mode] })
    return
  }
  const flags = mode === 'persistent-sequential' ? CreateFlags.ttlSequential : CreateFlags.ttl
  writeCreateTTLRequest(writer, { path, data, acl, flags, ttl: ttlMs })
}

export function wireAcl(acl: readonly AclEntry[]): ACL[] {
  return acl.map(({ permissions, scheme, id }) => ({ perms: permissions, id: { scheme, id } }))
}

export function aclOf(acl: readonly ACL[] | null): AclEntry[] {
  return (acl ?? []).map(({ perms, id }) => ({ permissions: perms, scheme: id.scheme ?? '', id: id.id ?? '' }))
}

/** @param pathOf turns the caller's path into the server's */
export function writeMultiRequest(
  writer: JuteWriter,
  operations: readonly MultiOperation[],
  acl: readonly ACL[],
  pathOf: (path: string) => string,
): void {
  for (const operation of operations) {
    const path = pathOf(operation.path)
    writeMultiHeader(writer, { type: typeOf(operation), done: false, err: -1 })
    if (operation.kind === 'create') {
      writeCreate(writer, path, operation.data, operation, acl)
      continue
    }
    writer.string(path)
    if (operation.kind === 'set') writer.buffer(operation.data)
    writer.int32(operation.version)
  }
  writeMultiHeader(writer, { type: -1, done: true, err: -1 })
}

function typeOf(operation: MultiOperation): number {
  switch (operation.kind) {
    case 'create': {
      // As ZooKeeper's own client does: within a multi nobody needs the stat that create2 answers with.
      const type = createOperation(operation)
      return type === Operation.create2 ? Operation.create : type
    }
    case 'set':
      return Operation.setData
    case 'delete':
      return Operation.delete
    case 'check':
      return Operation.check
  }
}

/** @param pathOf turns the server's path into the caller's */
export function readMultiResults(reader: JuteReader, pathOf: (path: string) => string): MultiResult[] {
  const results: MultiResult[] = []
  for (let header = readMultiHeader(reader); reader.ok && !header.done; header = readMultiHeader(reader)) {
    switch (header.type) {
      case Operation.create:
        results.push({ kind: 'create', path: pathOf(reader.string() ?? ''), stat: undefined })
        break
      case Operation.create2:
        results.push({ kind: 'create', path: pathOf(reader.string() ?? ''), stat: readStatOf(reader) })
        break
      case Operation.setData:
        results.push({ kind: 'set', stat: readStatOf(reader) })
        break
      case Operation.delete:
        results.push({ kind: 'delete' })
        break
      case Operation.check:
        results.push({ kind: 'check' })
        break
      default:
        results.push({ kind: 'error', code: reader.int32() })
    }
  }
  return results
}

/** @param pathOf turns the caller's path into the server's */
export function writeMultiReadRequest(
  writer: JuteWriter,
  operations: readonly ReadOperation[],
  pathOf: (path: string) => string,
): void {
  for (const operation of operations) {
    const type = operation.kind === 'getData' ? Operation.getData : Operation.getChildren
    writeMultiHeader(writer, { type, done: false, err: -1 })
    writer.string(pathOf(operation.path))
    writer.boolean(false)
  }
  writeMultiHeader(writer, { type: -1, done: true, err: -1 })
}

export function readMultiReadResults(reader: JuteReader): ReadResult[] {
  const results: ReadResult[] = []
  for (let header = readMultiHeader(reader); reader.ok && !header.done; header = readMultiHeader(reader)) {
    switch (header.type) {
      case Operation.getData: {
        const data = reader.buffer()
        results.push({ kind: 'getData', data: data === null ? null : data.slice(), stat: readStatOf(reader) })
        break
      }
      case Operation.getChildren:
        results.push({ kind: 'getChildren', children: readNames(reader) })
        break
      default:
        results.push({ kind: 'error', code: reader.int32() })
    }
  }
  return results
}

export function readStatOf(reader: JuteReader): Stat {
  return statOf(readStat(reader))
}

export function statOf(stat: WireStat): Stat {
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    ctimeMs: stat.ctime,
    mtimeMs: stat.mtime,
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: BigInt.asUintN(64, stat.ephemeralOwner).toString(16),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
    pzxid: stat.pzxid,
  }
}

export function readNames(reader: JuteReader): string[] {
  const names: string[] = []
  const count = reader.vectorCount()
  for (let index = 0; index < count && reader.ok; index += 1) names.push(reader.string() ?? '')
  return names
}
