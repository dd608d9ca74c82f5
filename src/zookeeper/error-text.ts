import { ErrorCode } from '../jute/operations.ts'

const texts: ReadonlyMap<number, string> = new Map([
  [ErrorCode.noNode, 'there is no such node'],
  [ErrorCode.nodeExists, 'the node exists already'],
  [ErrorCode.badVersion, 'the node has another version: somebody changed it'],
  [ErrorCode.notEmpty, 'the node has children'],
  [ErrorCode.noAuth, 'the access list of the node refuses it'],
  [ErrorCode.noChildrenForEphemerals, 'an ephemeral node has no children'],
  [ErrorCode.badArguments, 'ZooKeeper takes no such path or mode'],
  [ErrorCode.invalidAcl, 'the access list is not valid'],
  [ErrorCode.marshallingError, 'request or answer did not parse: the two sides speak different versions'],
  [ErrorCode.unimplemented, 'the server does not know the operation'],
  [ErrorCode.connectionLoss, 'the connection was lost; it is not known whether the request was done'],
  [ErrorCode.sessionExpired, 'the session is over; its ephemeral nodes are gone'],
  [ErrorCode.authFailed, 'the server does not accept who we say we are'],
  [ErrorCode.noWatcher, 'there is no such watch'],
  [ErrorCode.quotaExceeded, 'a quota above the node is used up'],
])

/** @returns what a code means, as the message of an error */
export function errorText(code: number, path: string): string {
  const text = texts.get(code) ?? `ZooKeeper refused with code ${code}`
  return path === '' ? text : `${path}: ${text}`
}
