import {
  type AddWatchRequest,
  type CheckWatchesRequest,
  type CreateTTLRequest,
  type GetEphemeralsRequest,
  type RemoveWatchesRequest,
  readAddWatchRequest,
  readCheckVersionRequest,
  readCheckWatchesRequest,
  readCreateRequest,
  readCreateTTLRequest,
  readDeleteRequest,
  readExistsRequest,
  readGetACLRequest,
  readGetAllChildrenNumberRequest,
  readGetChildrenRequest,
  readGetDataRequest,
  readGetEphemeralsRequest,
  readMultiHeader,
  readReconfigRequest,
  readRemoveWatchesRequest,
  readSetACLRequest,
  readSetDataRequest,
  readSetWatches,
  readSetWatches2,
  readSyncRequest,
  type SetWatches2,
} from '../../jute/generated/proto.ts'
import { CreateFlags, Operation } from '../../jute/operations.ts'
import type { JuteReader } from '../../jute/reader.ts'
import type { WriteRequest } from './prepare.ts'

/** Most parts of one multi: far more than a frame of default size can hold in practice, so a bound on work only. */
const MULTI_PARTS_MAX = 100_000

/** One request that changes nothing but watches. */
export type ReadRequest =
  | { readonly kind: 'ping' | 'whoAmI' }
  /** The end of a session that only this server knows: no transaction. */
  | { readonly kind: 'closeLocal' }
  | { readonly kind: 'sync'; readonly path: string }
  | {
      readonly kind: 'exists' | 'getData' | 'getChildren' | 'getChildren2' | 'getAcl' | 'getAllChildrenNumber'
      readonly path: string
      readonly watch: boolean
    }
  | { readonly kind: 'getEphemerals'; readonly record: GetEphemeralsRequest }
  | { readonly kind: 'setWatches'; readonly record: SetWatches2 }
  | { readonly kind: 'addWatch'; readonly record: AddWatchRequest }
  | { readonly kind: 'checkWatches'; readonly record: CheckWatchesRequest }
  | { readonly kind: 'removeWatches'; readonly record: RemoveWatchesRequest }
  | { readonly kind: 'multiRead'; readonly parts: readonly { readonly type: number; readonly path: string }[] }
  | { readonly kind: 'unparsable' }

const PLAIN = -1

/** @returns the read, undefined when `type` is none */
export function readReadRequest(type: number, reader: JuteReader): ReadRequest | undefined {
  const request = readKnown(type, reader)
  return request === undefined || reader.ok ? request : { kind: 'unparsable' }
}

function readKnown(type: number, reader: JuteReader): ReadRequest | undefined {
  switch (type) {
    case Operation.ping:
      return { kind: 'ping' }
    case Operation.whoAmI:
      return { kind: 'whoAmI' }
    case Operation.sync:
      return { kind: 'sync', path: readSyncRequest(reader).path ?? '' }
    case Operation.exists:
      return withWatch('exists', readExistsRequest(reader))
    case Operation.getData:
      return withWatch('getData', readGetDataRequest(reader))
    case Operation.getChildren:
      return withWatch('getChildren', readGetChildrenRequest(reader))
    case Operation.getChildren2:
      return withWatch('getChildren2', readGetChildrenRequest(reader))
    case Operation.getAcl:
      return withWatch('getAcl', readGetACLRequest(reader))
    case Operation.getAllChildrenNumber:
      return withWatch('getAllChildrenNumber', readGetAllChildrenNumberRequest(reader))
    case Operation.getEphemerals:
      return { kind: 'getEphemerals', record: readGetEphemeralsRequest(reader) }
    case Operation.setWatches:
      return {
        kind: 'setWatches',
        record: { ...readSetWatches(reader), persistentWatches: null, persistentRecursiveWatches: null },
      }
    case Operation.setWatches2:
      return { kind: 'setWatches', record: readSetWatches2(reader) }
    case Operation.addWatch:
      return { kind: 'addWatch', record: readAddWatchRequest(reader) }
    case Operation.checkWatches:
      return { kind: 'checkWatches', record: readCheckWatchesRequest(reader) }
    case Operation.removeWatches:
      return { kind: 'removeWatches', record: readRemoveWatchesRequest(reader) }
    case Operation.multiRead:
      return readMultiRead(reader)
    default:
      return undefined
  }
}

function withWatch(
  kind: 'exists' | 'getData' | 'getChildren' | 'getChildren2' | 'getAcl' | 'getAllChildrenNumber',
  record: { readonly path: string | null; readonly watch?: boolean },
): ReadRequest {
  return { kind, path: record.path ?? '', watch: record.watch === true }
}

function readMultiRead(reader: JuteReader): ReadRequest {
  const parts: { readonly type: number; readonly path: string }[] = []
  for (let header = readMultiHeader(reader); reader.ok && !header.done; header = readMultiHeader(reader)) {
    if (parts.length === MULTI_PARTS_MAX) return { kind: 'unparsable' }
    if (header.type !== Operation.getData && header.type !== Operation.getChildren) return { kind: 'unparsable' }
    parts.push({ type: header.type, path: readGetDataRequest(reader).path ?? '' })
  }
  return { kind: 'multiRead', parts }
}

/**
 * Why a write has no meaning. ZooKeeper notices some of it before and some after giving the request a zxid, which its
 * clients can see in later zxids: 'unparsable' costs none, 'refused-multi' one.
 */
export type BadWrite = 'unparsable' | 'refused-multi'

/**
 * @returns the write; undefined when `type` is none; a {@link BadWrite} when the body is not what the type says. Data are
 *   windows onto the frame: preparing copies them.
 */
export function readWriteRequest(type: number, reader: JuteReader): WriteRequest | BadWrite | undefined {
  if (type === Operation.multi) return readMulti(reader)
  const request = readSingle(type, reader)
  return request === undefined || reader.ok ? request : 'unparsable'
}

function readSingle(type: number, reader: JuteReader): WriteRequest | undefined {
  switch (type) {
    case Operation.create:
    case Operation.create2:
    case Operation.createContainer:
      return { kind: 'create', type, record: { ...readCreateRequest(reader), ttl: PLAIN } }
    case Operation.createTtl:
      return { kind: 'create', type, record: readCreateTTLRequest(reader) satisfies CreateTTLRequest }
    case Operation.delete:
      return { kind: 'delete', type, record: readDeleteRequest(reader) }
    case Operation.setData:
      return { kind: 'setData', type, record: readSetDataRequest(reader) }
    case Operation.setAcl:
      return { kind: 'setAcl', type, record: readSetACLRequest(reader) }
    case Operation.reconfig:
      return { kind: 'reconfig', type, record: readReconfigRequest(reader) }
    default:
      return undefined
  }
}

function readMulti(reader: JuteReader): WriteRequest | BadWrite {
  const parts: WriteRequest[] = []
  for (let header = readMultiHeader(reader); reader.ok && !header.done; header = readMultiHeader(reader)) {
    const part = readPart(header.type, reader)
    if (part === undefined || parts.length === MULTI_PARTS_MAX) return 'refused-multi'
    if (part === 'unparsable') return part
    parts.push(part)
  }
  return reader.ok ? { kind: 'multi', type: Operation.multi, parts } : 'refused-multi'
}

function readPart(type: number, reader: JuteReader): WriteRequest | 'unparsable' | undefined {
  if (type === Operation.check) return { kind: 'check', type, record: readCheckVersionRequest(reader) }
  if (type === Operation.setAcl || type === Operation.reconfig) return undefined
  const part = readSingle(type, reader)
  if (part?.kind !== 'create' || !reader.ok) return part
  const { record } = part
  if (type === Operation.createTtl) {
    // Without a TTL's flags it is an ordinary creation, whatever its time to live says.
    return isTtlFlags(record.flags)
      ? part
      : { kind: 'create', type: Operation.create, record: { ...record, ttl: PLAIN } }
  }
  if (record.flags < CreateFlags.persistent || record.flags > CreateFlags.container) return undefined
  return record.acl === null ? 'unparsable' : part
}

function isTtlFlags(flags: number): boolean {
  return flags === CreateFlags.ttl || flags === CreateFlags.ttlSequential
}
