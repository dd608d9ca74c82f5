import type { ACL } from '../../../../src/jute/generated/data.ts'
import {
  writeAuthPacket,
  writeCreateRequest,
  writeCreateTTLRequest,
  writeDeleteRequest,
  writeMultiHeader,
  writeReconfigRequest,
  writeSetACLRequest,
  writeSetDataRequest,
} from '../../../../src/jute/generated/proto.ts'
import { Operation } from '../../../../src/jute/operations.ts'
import type { RawClient, Reply } from '../raw-client.ts'

/* What our client does not offer, or hides: requests with their reply's zxid. */

const OPEN: readonly ACL[] = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]
const encoder = new TextEncoder()

export const CreateFlags = { persistent: 0, ephemeral: 1, persistentSequential: 2, container: 4, ttl: 5 } as const

export function create(client: RawClient, path: string, text = '', flags = 0, acl = OPEN): Promise<Reply> {
  const operation = flags === CreateFlags.container ? Operation.createContainer : Operation.create2
  return client.request(operation, (writer) =>
    writeCreateRequest(writer, { path, data: encoder.encode(text), acl, flags }),
  )
}

export function createTtl(client: RawClient, path: string, ttlMs: number): Promise<Reply> {
  return client.request(Operation.createTtl, (writer) =>
    writeCreateTTLRequest(writer, { path, data: null, acl: OPEN, flags: CreateFlags.ttl, ttl: ttlMs }),
  )
}

export function set(client: RawClient, path: string, text: string, version = -1): Promise<Reply> {
  return client.request(Operation.setData, (writer) =>
    writeSetDataRequest(writer, { path, data: encoder.encode(text), version }),
  )
}

export function remove(client: RawClient, path: string): Promise<Reply> {
  return client.request(Operation.delete, (writer) => writeDeleteRequest(writer, { path, version: -1 }))
}

export function setAcl(client: RawClient, path: string, acl: readonly ACL[]): Promise<Reply> {
  return client.request(Operation.setAcl, (writer) => writeSetACLRequest(writer, { path, acl, version: -1 }))
}

export function sync(client: RawClient): Promise<Reply> {
  return client.request(Operation.sync, (writer) => writer.string('/'))
}

/** @returns the reply to reading a node, with a watch */
export function watchData(client: RawClient, path: string): Promise<Reply> {
  return client.request(Operation.exists, (writer) => {
    writer.string(path)
    writer.boolean(true)
  })
}

export function exists(client: RawClient, path: string): Promise<Reply> {
  return client.request(Operation.exists, (writer) => {
    writer.string(path)
    writer.boolean(false)
  })
}

export function authenticate(client: RawClient, user: string): Promise<Reply> {
  return client.request(Operation.auth, (writer) =>
    writeAuthPacket(writer, { type: 0, scheme: 'digest', auth: encoder.encode(user) }),
  )
}

/** Creates nodes and changes one, in one transaction. */
export function createAllAndSet(client: RawClient, paths: readonly string[], changed: string): Promise<Reply> {
  return client.request(Operation.multi, (writer) => {
    for (const path of paths) {
      writeMultiHeader(writer, { type: Operation.create, done: false, err: -1 })
      writeCreateRequest(writer, { path, data: null, acl: OPEN, flags: 0 })
    }
    writeMultiHeader(writer, { type: Operation.setData, done: false, err: -1 })
    writeSetDataRequest(writer, { path: changed, data: encoder.encode('multi'), version: -1 })
    writeMultiHeader(writer, { type: -1, done: true, err: -1 })
  })
}

/** Changes the ensemble's members. @param change `server.N=…` lines to add, ids to remove */
export function reconfigure(
  client: RawClient,
  change: { readonly joining?: string; readonly leaving?: string },
): Promise<Reply> {
  return client.request(Operation.reconfig, (writer) =>
    writeReconfigRequest(writer, {
      joiningServers: change.joining ?? null,
      leavingServers: change.leaving ?? null,
      newMembers: null,
      curConfigId: -1,
    }),
  )
}

/** Ends the session. */
export async function closeSession(client: RawClient): Promise<void> {
  await client.request(Operation.closeSession)
  client.end()
}
