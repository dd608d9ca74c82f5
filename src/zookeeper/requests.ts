import { type ACL, readStat, type Stat as WireStat } from '../jute/generated/data.ts'
import { readMultiHeader, writeCreateRequest, writeMultiHeader } from '../jute/generated/proto.ts'
import { CreateFlags, Operation } from '../jute/operations.ts'
import type { JuteReader } from '../jute/reader.ts'
import type { JuteWriter } from '../jute/writer.ts'
import type { CreateMode, MultiOperation, MultiResult, Stat } from './contract.ts'

const flagsOf: Readonly<Record<CreateMode, number>> = {
  persistent: CreateFlags.persistent,
  ephemeral: CreateFlags.ephemeral,
  'persistent-sequential': CreateFlags.persistentSequential,
  'ephemeral-sequential': CreateFlags.ephemeralSequential,
  container: CreateFlags.container,
}

/** @returns the operation that makes a node of this mode and answers with its stat */
export function createOperation(mode: CreateMode): number {
  return mode === 'container' ? Operation.createContainer : Operation.create2
}

export function writeCreate(
  writer: JuteWriter,
  path: string,
  data: Uint8Array | null,
  acl: readonly ACL[],
  mode: CreateMode,
): void {
  writeCreateRequest(writer, { path, data, acl, flags: flagsOf[mode] })
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
      writeCreate(writer, path, operation.data, acl, operation.mode)
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
    case 'create':
      return createOperation(operation.mode)
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

export function readStatOf(reader: JuteReader): Stat {
  return statOf(readStat(reader))
}

function statOf(stat: WireStat): Stat {
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
