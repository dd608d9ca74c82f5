import { type KeeperError, KeeperErrorCode } from '../../zookeeper/contract.ts'

/** A command cannot be done; the message is what zkCli says. */
export class ShellError extends Error {
  override readonly name: string = 'ShellError'
  readonly exitCode: number

  constructor(message: string, exitCode: number = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

const sentences: ReadonlyMap<number, string> = new Map([
  [KeeperErrorCode.noNode, 'Node does not exist: '],
  [KeeperErrorCode.noChildrenForEphemerals, 'Ephemerals cannot have children: '],
  [KeeperErrorCode.nodeExists, 'Node already exists: '],
  [KeeperErrorCode.notEmpty, 'Node not empty: '],
  [KeeperErrorCode.invalidAcl, 'Acl is not valid : '],
  [KeeperErrorCode.noAuth, 'Insufficient permission : '],
  [KeeperErrorCode.badArguments, 'Arguments are not valid : '],
  [KeeperErrorCode.badVersion, 'version No is not valid : '],
  [KeeperErrorCode.quotaExceeded, 'Quota has exceeded : '],
])

const names: ReadonlyMap<number, string> = new Map([
  [KeeperErrorCode.connectionLoss, 'ConnectionLoss'],
  [KeeperErrorCode.marshallingError, 'MarshallingError'],
  [KeeperErrorCode.unimplemented, 'Unimplemented'],
  [KeeperErrorCode.sessionExpired, 'Session expired'],
  [KeeperErrorCode.authFailed, 'AuthFailed'],
  [KeeperErrorCode.sessionMoved, 'Session moved'],
  [KeeperErrorCode.noWatcher, 'No such watcher'],
])

/** @returns what zkCli prints about a refusal */
export function refusalText(error: KeeperError): string {
  const sentence = sentences.get(error.code)
  if (sentence !== undefined) return sentence + error.path
  const name = names.get(error.code) ?? `Unknown code ${error.code}`
  return `KeeperErrorCode = ${name}${error.path === '' ? '' : ` for ${error.path}`}`
}

/** The client's own check, before anything is sent. @throws ShellError in the words of ZooKeeper's client */
export function checkPath(path: string): string {
  if (path === '') throw new ShellError('Path length must be > 0')
  if (!path.startsWith('/')) throw new ShellError('Path must start with / character')
  if (path === '/') return path
  if (path.endsWith('/')) throw new ShellError('Path must not end with / character')
  const reason = flaw(path)
  if (reason !== undefined) throw new ShellError(`Invalid path string "${path}" caused by ${reason}`)
  return path
}

function flaw(path: string): string | undefined {
  for (let at = 1; at < path.length; at += 1) {
    const code = path.charCodeAt(at)
    if (code === 0) return `null character not allowed @${at}`
    if (path[at] === '/' && path[at - 1] === '/') return `empty node name specified @${at}`
    const isEnd = at + 1 === path.length || path[at + 1] === '/'
    if (path[at] === '.' && isEnd) {
      const isRelative = path[at - 1] === '/' || (path[at - 1] === '.' && path[at - 2] === '/')
      if (isRelative) return `relative paths not allowed @${at}`
    }
    const isControl = code <= 0x1f || (code >= 0x7f && code <= 0x9f)
    if (isControl || (code >= 0xd800 && code <= 0xf8ff) || code >= 0xfff0) return `invalid character @${at}`
  }
  return undefined
}
