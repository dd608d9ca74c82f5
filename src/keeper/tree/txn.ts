import { assert } from '../../base/assert.ts'
import {
  type CheckVersionTxn,
  type CloseSessionTxn,
  type CreateContainerTxn,
  type CreateSessionTxn,
  type CreateTTLTxn,
  type CreateTxn,
  type DeleteTxn,
  type ErrorTxn,
  readCheckVersionTxn,
  readCloseSessionTxn,
  readCreateContainerTxn,
  readCreateSessionTxn,
  readCreateTTLTxn,
  readCreateTxnV0,
  readDeleteTxn,
  readErrorTxn,
  readSetACLTxn,
  readSetDataTxn,
  readTxnDigest,
  readTxnHeader,
  type SetACLTxn,
  type SetDataTxn,
  type TxnDigest,
  type TxnHeader,
  writeCheckVersionTxn,
  writeCloseSessionTxn,
  writeCreateContainerTxn,
  writeCreateSessionTxn,
  writeCreateTTLTxn,
  writeCreateTxn,
  writeDeleteTxn,
  writeErrorTxn,
  writeSetACLTxn,
  writeSetDataTxn,
  writeTxnDigest,
  writeTxnHeader,
} from '../../jute/generated/txn.ts'
import { Operation } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import type { JuteWriter } from '../../jute/writer.ts'

/**
 * What a transaction does, absolute (resulting versions, full names) and idempotent: applying a stretch of the log again
 * to a tree that already shows part of it leads to the same tree.
 */
export type TxnBody =
  | { readonly type: typeof Operation.create | typeof Operation.create2; readonly record: CreateTxn }
  | { readonly type: typeof Operation.createContainer; readonly record: CreateContainerTxn }
  | { readonly type: typeof Operation.createTtl; readonly record: CreateTTLTxn }
  | { readonly type: typeof Operation.delete | typeof Operation.deleteContainer; readonly record: DeleteTxn }
  | { readonly type: typeof Operation.setData | typeof Operation.reconfig; readonly record: SetDataTxn }
  | { readonly type: typeof Operation.setAcl; readonly record: SetACLTxn }
  | { readonly type: typeof Operation.check; readonly record: CheckVersionTxn }
  | { readonly type: typeof Operation.createSession; readonly record: CreateSessionTxn }
  | { readonly type: typeof Operation.closeSession; readonly record: CloseSessionTxn }
  | { readonly type: typeof Operation.error; readonly record: ErrorTxn }
  | { readonly type: typeof Operation.multi; readonly parts: readonly TxnBody[] }

/** One entry of the log. */
export interface Txn {
  readonly header: TxnHeader
  readonly body: TxnBody
  /** Digest of the tree after it; absent in logs of old releases. */
  readonly digest: TxnDigest | undefined
}

/** @returns the entry, or undefined when the bytes are not one */
export function readTxn(bytes: Uint8Array, startsAt: number = 0, endsAt: number = bytes.length): Txn | undefined {
  const reader = new JuteReader(bytes, startsAt, endsAt, endsAt - startsAt)
  const header = readTxnHeader(reader)
  const body = reader.ok ? readTxnBody(reader, header.type) : undefined
  const digest = reader.remaining >= 12 ? readTxnDigest(reader) : undefined
  return body === undefined || !reader.ok ? undefined : { header, body, digest }
}

export function writeTxn(writer: JuteWriter, txn: Txn): void {
  writeTxnHeader(writer, txn.header)
  writeTxnBody(writer, txn.body)
  if (txn.digest !== undefined) writeTxnDigest(writer, txn.digest)
}

function readTxnBody(reader: JuteReader, type: number): TxnBody | undefined {
  switch (type) {
    case Operation.create:
    case Operation.create2:
      return { type, record: readCreate(reader) }
    case Operation.createContainer:
      return { type, record: readCreateContainerTxn(reader) }
    case Operation.createTtl:
      return { type, record: readCreateTTLTxn(reader) }
    case Operation.delete:
    case Operation.deleteContainer:
      return { type, record: readDeleteTxn(reader) }
    case Operation.setData:
    case Operation.reconfig:
      return { type, record: readSetDataTxn(reader) }
    case Operation.setAcl:
      return { type, record: readSetACLTxn(reader) }
    case Operation.check:
      return { type, record: readCheckVersionTxn(reader) }
    case Operation.createSession:
      return { type, record: readCreateSessionTxn(reader) }
    case Operation.closeSession:
      // Servers before 3.6 wrote no list of paths; the session's ephemerals are then found in the tree.
      return { type, record: reader.remaining <= 12 ? { paths2Delete: null } : readCloseSessionTxn(reader) }
    case Operation.error:
      return { type, record: readErrorTxn(reader) }
    case Operation.multi:
      return readMulti(reader)
    default:
      return undefined
  }
}

/** Logs of releases before 3.4 lack the parent's version; -1 then means "one more". */
function readCreate(reader: JuteReader): CreateTxn {
  const old = readCreateTxnV0(reader)
  return { ...old, parentCVersion: reader.remaining >= 4 ? reader.int32() : -1 }
}

function readMulti(reader: JuteReader): TxnBody | undefined {
  const parts: TxnBody[] = []
  const count = reader.vectorCount()
  for (let index = 0; index < count && reader.ok; index += 1) {
    const type = reader.int32()
    const bytes = reader.buffer() ?? new Uint8Array(0)
    const inner = new JuteReader(bytes)
    const part = readTxnBody(inner, type)
    if (part === undefined || !inner.ok) return undefined
    parts.push(part)
  }
  return { type: Operation.multi, parts }
}

function writeTxnBody(writer: JuteWriter, body: TxnBody): void {
  switch (body.type) {
    case Operation.create:
    case Operation.create2:
      writeCreateTxn(writer, body.record)
      return
    case Operation.createContainer:
      writeCreateContainerTxn(writer, body.record)
      return
    case Operation.createTtl:
      writeCreateTTLTxn(writer, body.record)
      return
    case Operation.delete:
    case Operation.deleteContainer:
      writeDeleteTxn(writer, body.record)
      return
    case Operation.setData:
    case Operation.reconfig:
      writeSetDataTxn(writer, body.record)
      return
    case Operation.setAcl:
      writeSetACLTxn(writer, body.record)
      return
    case Operation.check:
      writeCheckVersionTxn(writer, body.record)
      return
    case Operation.createSession:
      writeCreateSessionTxn(writer, body.record)
      return
    case Operation.closeSession:
      if (body.record.paths2Delete !== null) writeCloseSessionTxn(writer, body.record)
      return
    case Operation.error:
      writeErrorTxn(writer, body.record)
      return
    case Operation.multi:
      writeMulti(writer, body.parts)
      return
  }
}

function writeMulti(writer: JuteWriter, parts: readonly TxnBody[]): void {
  writer.int32(parts.length)
  for (const part of parts) {
    assert(part.type !== Operation.multi, 'a multi holds no multi')
    writer.int32(part.type)
    const startsAt = writer.beginFrame()
    writeTxnBody(writer, part)
    writer.endFrame(startsAt)
  }
}
