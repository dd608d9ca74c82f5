import type { Entropy } from '../../io/ports.ts'
import { isKeeperError } from '../client.ts'
import { type CreateMode, KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../contract.ts'
import { errorText } from '../error-text.ts'
import { sessionEndOf } from './session-end.ts'

/**
 * How often one request may be lost with its connection before the recipe gives up. Requests made while there is no
 * connection wait, so this counts connections that broke at the wrong moment, not time.
 */
const LOSSES_MAX = 20

/** Digits of the number that a server appends to a sequential name. */
const SEQUENCE_DIGITS = 10

/** Repeats a request that may safely be done twice until its connection holds. @throws KeeperError as the request does */
export async function repeating<Result>(request: () => Promise<Result>): Promise<Result> {
  for (let losses = 0; ; losses += 1) {
    try {
      return await request()
    } catch (error) {
      if (losses >= LOSSES_MAX || !isKeeperError(error, KeeperErrorCode.connectionLoss)) throw error
    }
  }
}

/** Does a write; `wasDone` says, once there is a connection again, whether the lost one took effect after all. */
export async function once<Result>(
  write: () => Promise<Result>,
  wasDone: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let losses = 0; ; losses += 1) {
    try {
      return await write()
    } catch (error) {
      if (losses >= LOSSES_MAX || !isKeeperError(error, KeeperErrorCode.connectionLoss)) throw error
      const done = await repeating(wasDone)
      if (done !== undefined) return done
    }
  }
}

/** Makes a node and those above it; those that are there are fine. */
export async function ensurePath(client: ZooKeeperClient, path: string): Promise<void> {
  for (let slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
    const at = slash < 0 ? path : path.slice(0, slash)
    try {
      await repeating(() => client.create(at, null))
    } catch (error) {
      if (!isKeeperError(error, KeeperErrorCode.nodeExists)) throw error
    }
    if (slash < 0) return
  }
}

/** @returns a name that nobody else makes, in the form in which other clients know protected nodes */
export function uniquePrefix(entropy: Entropy): string {
  let hex = ''
  for (const byte of entropy.bytes(16)) hex += byte.toString(16).padStart(2, '0')
  return `_c_${hex}-`
}

/**
 * Makes exactly one sequential node, whatever happens to connections: after a loss it looks for its own unique prefix
 * before it tries again.
 *
 * @param label follows the unique prefix in the name: `lock-`
 * @returns the whole path
 */
export async function createProtected(
  client: ZooKeeperClient,
  parent: string,
  label: string,
  data: Uint8Array | null,
  mode: CreateMode,
  entropy: Entropy,
): Promise<string> {
  const prefix = uniquePrefix(entropy) + label
  const create = async (): Promise<string> => (await client.create(`${parent}/${prefix}`, data, mode)).path
  const find = async (): Promise<string | undefined> => {
    // The server of the new connection may lag behind the one that took the request.
    await client.sync(parent)
    const own = (await client.getChildren(parent)).children.find((name) => name.startsWith(prefix))
    return own === undefined ? undefined : `${parent}/${own}`
  }
  try {
    return await once(create, find)
  } catch (error) {
    if (!isKeeperError(error, KeeperErrorCode.noNode)) throw error
    await ensurePath(client, parent)
    return once(create, find)
  }
}

/** Deletes a node; one that is gone already, or went with its session, is fine. */
export async function remove(client: ZooKeeperClient, path: string): Promise<void> {
  try {
    await repeating(() => client.delete(path))
  } catch (error) {
    if (isKeeperError(error, KeeperErrorCode.noNode) || isKeeperError(error, KeeperErrorCode.sessionExpired)) return
    throw error
  }
}

/** The names with one of the labels, in the order in which the server numbered them. */
export function inLine(names: readonly string[], labels: readonly string[]): string[] {
  const sequence = (name: string): string => name.slice(-SEQUENCE_DIGITS)
  return names
    .filter((name) => labels.some((label) => name.slice(0, -SEQUENCE_DIGITS).endsWith(label)))
    .sort((one, other) => (sequence(one) < sequence(other) ? -1 : 1))
}

/**
 * Waits until a node is gone or changed. Leaves no watch behind when there is no such node.
 *
 * @throws KeeperError sessionExpired when the session ends meanwhile
 */
export async function untilTouched(client: ZooKeeperClient, path: string): Promise<void> {
  await untilTold(client, async (told) => {
    try {
      await client.getData(path, told)
      return true
    } catch (error) {
      if (isKeeperError(error, KeeperErrorCode.noNode)) return false
      throw error
    }
  })
}

/**
 * Sets a watch and waits for it.
 *
 * @param watch sets it; false when there is nothing to wait for
 * @throws KeeperError sessionExpired when the session ends meanwhile
 */
export async function untilTold(client: ZooKeeperClient, watch: (told: () => void) => Promise<boolean>): Promise<void> {
  const end = sessionEndOf(client)
  let told: () => void = () => {}
  const event = new Promise<void>((resolve) => {
    told = resolve
  })
  // Listens before it asks: a session that ends between answer and listening would end unheard.
  const forget = end.listen(() => told())
  try {
    if (!(await repeating(() => watch(told)))) return
    await event
    if (end.isOver) throw sessionOver()
  } finally {
    forget()
  }
}

export function sessionOver(path: string = ''): KeeperError {
  const { sessionExpired } = KeeperErrorCode
  return new KeeperError(sessionExpired, path, errorText(sessionExpired, path))
}
