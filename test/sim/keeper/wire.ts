import { type ACL, readACL, readStat, type Stat } from '../../../src/jute/generated/data.ts'
import { decodeProof } from './access.ts'
import {
  readAddWatchRequest,
  readAuthPacket,
  readCheckVersionRequest,
  readCreateRequest,
  readCreateTTLRequest,
  readDeleteRequest,
  readGetDataRequest,
  readMultiHeader,
  readReconfigRequest,
  readRemoveWatchesRequest,
  readSetACLRequest,
  readSetDataRequest,
  readSetWatches,
  readSetWatches2,
} from '../../../src/jute/generated/proto.ts'
import { CreateFlags, ErrorCode, Operation } from '../../../src/jute/operations.ts'
import type { JuteReader } from '../../../src/jute/reader.ts'

export type NodeKind = 'persistent' | 'ephemeral' | 'container' | 'ttl'

/** One entry of an access list: bits of what may be done, and by whom, as `scheme:id`. */
export interface Right {
  readonly perms: number
  readonly who: string
}

export type WriteIntent =
  | {
      readonly kind: 'create'
      readonly path: string
      readonly data: string | null
      readonly node: NodeKind
      readonly isSequential: boolean
      readonly ttlMs: number
      readonly withStat: boolean
      readonly acl: readonly Right[]
    }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | { readonly kind: 'set'; readonly path: string; readonly data: string | null; readonly version: number }
  | { readonly kind: 'check'; readonly path: string; readonly version: number }
  | { readonly kind: 'setAcl'; readonly path: string; readonly acl: readonly Right[]; readonly version: number }
  | { readonly kind: 'multi'; readonly parts: readonly WriteIntent[] }
  | { readonly kind: 'closeSession' }
  | { readonly kind: 'reconfig'; readonly text: string }

export interface WatchList {
  readonly relativeZxid: number
  readonly data: readonly string[]
  readonly exists: readonly string[]
  readonly child: readonly string[]
  readonly persistent: readonly string[]
  readonly recursive: readonly string[]
}

export type ReadIntent =
  | { readonly kind: 'exists' | 'getData' | 'getChildren'; readonly path: string; readonly watch: boolean }
  | { readonly kind: 'multiRead'; readonly parts: readonly ReadIntent[] }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'setWatches'; readonly list: WatchList }
  | { readonly kind: 'addWatch'; readonly path: string; readonly isRecursive: boolean }
  | { readonly kind: 'removeWatches'; readonly path: string; readonly type: number }
  | { readonly kind: 'getAcl'; readonly path: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'auth'; readonly proved: string }
  | { readonly kind: 'count' }

/** What a client asked, read from what it sent. */
export type Intent = WriteIntent | ReadIntent

const decoder = new TextDecoder('latin1')

export function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : decoder.decode(bytes)
}

export function isWrite(intent: Intent): intent is WriteIntent {
  switch (intent.kind) {
    case 'create':
    case 'delete':
    case 'set':
    case 'check':
    case 'setAcl':
    case 'multi':
    case 'closeSession':
    case 'reconfig':
      return true
    default:
      return false
  }
}

/** @returns what a request's body says; the simulated clients send nothing that this does not know */
export function decodeIntent(type: number, reader: JuteReader): Intent {
  switch (type) {
    case Operation.exists:
      return watched('exists', reader)
    case Operation.getData:
      return watched('getData', reader)
    case Operation.getChildren:
    case Operation.getChildren2:
      return watched('getChildren', reader)
    case Operation.multiRead:
      return decodeMultiRead(reader)
    case Operation.sync:
      return { kind: 'sync', path: reader.string() ?? '' }
    case Operation.ping:
      return { kind: 'ping' }
    case Operation.auth:
      return { kind: 'auth', proved: decodeProof(readAuthPacket(reader)) }
    case Operation.getAcl:
      return { kind: 'getAcl', path: reader.string() ?? '' }
    case Operation.getAllChildrenNumber:
      return { kind: 'count' }
    case Operation.setWatches:
      return {
        kind: 'setWatches',
        list: watchList({ ...readSetWatches(reader), persistentWatches: [], persistentRecursiveWatches: [] }),
      }
    case Operation.setWatches2:
      return { kind: 'setWatches', list: watchList(readSetWatches2(reader)) }
    case Operation.addWatch: {
      const { path, mode } = readAddWatchRequest(reader)
      return { kind: 'addWatch', path: path ?? '', isRecursive: mode === 1 }
    }
    case Operation.removeWatches: {
      const record = readRemoveWatchesRequest(reader)
      return { kind: 'removeWatches', path: record.path ?? '', type: record.type }
    }
    default:
      return decodeWrite(type, reader)
  }
}

function decodeWrite(type: number, reader: JuteReader): WriteIntent {
  switch (type) {
    case Operation.create:
    case Operation.create2:
    case Operation.createContainer:
      return creation(type, { ...readCreateRequest(reader), ttl: 0 })
    case Operation.createTtl:
      return creation(type, readCreateTTLRequest(reader))
    case Operation.delete: {
      const { path, version } = readDeleteRequest(reader)
      return { kind: 'delete', path: path ?? '', version }
    }
    case Operation.setData: {
      const { path, data, version } = readSetDataRequest(reader)
      return { kind: 'set', path: path ?? '', data: textOf(data), version }
    }
    case Operation.setAcl: {
      const { path, acl, version } = readSetACLRequest(reader)
      return { kind: 'setAcl', path: path ?? '', acl: rights(acl), version }
    }
    case Operation.check: {
      const { path, version } = readCheckVersionRequest(reader)
      return { kind: 'check', path: path ?? '', version }
    }
    case Operation.multi: {
      const parts: WriteIntent[] = []
      for (let header = readMultiHeader(reader); !header.done && reader.ok; header = readMultiHeader(reader)) {
        parts.push(decodeWrite(header.type, reader))
      }
      return { kind: 'multi', parts }
    }
    case Operation.closeSession:
      return { kind: 'closeSession' }
    case Operation.reconfig:
      return { kind: 'reconfig', text: readReconfigRequest(reader).joiningServers ?? '' }
    default:
      throw new Error(`a simulated client sent operation ${type}`)
  }
}

function creation(
  type: number,
  record: {
    readonly path: string | null
    readonly data: Uint8Array | null
    readonly acl: readonly ACL[] | null
    readonly flags: number
    readonly ttl: number
  },
): WriteIntent {
  const { flags } = record
  const isEphemeral = flags === CreateFlags.ephemeral || flags === CreateFlags.ephemeralSequential
  const isTtl = flags === CreateFlags.ttl || flags === CreateFlags.ttlSequential
  return {
    kind: 'create',
    path: record.path ?? '',
    data: textOf(record.data),
    node: isEphemeral ? 'ephemeral' : isTtl ? 'ttl' : flags === CreateFlags.container ? 'container' : 'persistent',
    isSequential:
      flags === CreateFlags.persistentSequential ||
      flags === CreateFlags.ephemeralSequential ||
      flags === CreateFlags.ttlSequential,
    ttlMs: record.ttl,
    withStat: type !== Operation.create,
    acl: rights(record.acl),
  }
}

function rights(acl: readonly ACL[] | null): Right[] {
  return (acl ?? []).map(({ perms, id }) => ({ perms, who: `${id.scheme}:${id.id}` }))
}

function watched(kind: 'exists' | 'getData' | 'getChildren', reader: JuteReader): ReadIntent {
  const { path, watch } = readGetDataRequest(reader)
  return { kind, path: path ?? '', watch }
}

function decodeMultiRead(reader: JuteReader): ReadIntent {
  const parts: ReadIntent[] = []
  for (let header = readMultiHeader(reader); !header.done && reader.ok; header = readMultiHeader(reader)) {
    parts.push(watched(header.type === Operation.getData ? 'getData' : 'getChildren', reader))
  }
  return { kind: 'multiRead', parts }
}

function watchList(record: ReturnType<typeof readSetWatches2>): WatchList {
  return {
    relativeZxid: record.relativeZxid,
    data: named(record.dataWatches),
    exists: named(record.existWatches),
    child: named(record.childWatches),
    persistent: named(record.persistentWatches),
    recursive: named(record.persistentRecursiveWatches),
  }
}

function named(paths: readonly (string | null)[] | null): string[] {
  return (paths ?? []).map((path) => path ?? '')
}

export function showRights(list: readonly Right[]): string {
  return list.map(({ perms, who }) => `${perms} ${who}`).join(', ')
}

/** One line for each thing an answer can say, so that two of them compare as text. */
export function showStat(stat: Stat): string {
  return `c${hex(stat.czxid)}@${stat.ctime} m${hex(stat.mzxid)}@${stat.mtime} p${hex(stat.pzxid)} v${stat.version} cv${stat.cversion} av${stat.aversion} owner ${stat.ephemeralOwner} ${stat.dataLength}B ${stat.numChildren} children`
}

export function hex(zxid: number): string {
  return zxid < 0 ? String(zxid) : `0x${zxid.toString(16)}`
}

/** @returns the body of a successful answer as text */
export function showReply(intent: Intent, reader: JuteReader): string {
  switch (intent.kind) {
    case 'create': {
      const path = reader.string() ?? ''
      return intent.withStat ? `${path} ${showStat(readStat(reader))}` : path
    }
    case 'set':
    case 'setAcl':
    case 'exists':
      return showStat(readStat(reader))
    case 'getAcl': {
      const list = Array.from({ length: Math.max(0, reader.vectorCount()) }, () => readACL(reader))
      return `${showRights(rights(list))} ${showStat(readStat(reader))}`
    }
    case 'getData': {
      const data = textOf(reader.buffer())
      return `${data} ${showStat(readStat(reader))}`
    }
    case 'getChildren':
      return `${showNames(readNames(reader))} ${showStat(readStat(reader))}`
    case 'multi':
      return ended(intent.parts.map((part) => showPart(part, reader)).join('; '), reader)
    case 'multiRead':
      return ended(intent.parts.map((part) => showReadPart(part, reader)).join('; '), reader)
    case 'count':
      return String(reader.int32())
    case 'addWatch':
      return reader.int32() === ErrorCode.ok ? '' : 'refused'
    case 'sync':
      return reader.string() ?? ''
    case 'reconfig': {
      const text = textOf(reader.buffer())
      return `${text} ${showStat(readStat(reader))}`
    }
    default:
      return ''
  }
}

/** Takes the mark behind the last part. */
function ended(shown: string, reader: JuteReader): string {
  return readMultiHeader(reader).done ? shown : `${shown}; more`
}

function showPart(part: WriteIntent, reader: JuteReader): string {
  const { type } = readMultiHeader(reader)
  if (type === Operation.error) return `error ${reader.int32()}`
  return part.kind === 'delete' || part.kind === 'check' ? 'ok' : showReply(part, reader)
}

function showReadPart(part: ReadIntent, reader: JuteReader): string {
  const { type } = readMultiHeader(reader)
  if (type === Operation.error) return `error ${reader.int32()}`
  if (part.kind === 'getChildren') return showNames(readNames(reader))
  return showReply(part, reader)
}

function readNames(reader: JuteReader): string[] {
  return Array.from({ length: Math.max(0, reader.vectorCount()) }, () => reader.string() ?? '')
}

export function showNames(names: readonly string[]): string {
  return `[${names.toSorted().join(' ')}]`
}

export function showIntent(intent: Intent | undefined): string {
  if (intent === undefined) return 'nothing'
  if (intent.kind === 'multi' || intent.kind === 'multiRead') {
    return `${intent.kind}(${intent.parts.map(showIntent).join(', ')})`
  }
  const { kind, ...rest } = intent
  return `${kind} ${Object.entries(rest)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ')}`
}
