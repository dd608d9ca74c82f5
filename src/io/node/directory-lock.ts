import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'

/**
 * Claims a directory for this process until it ends, however it ends.
 *
 * Node has no `flock`. On Linux an abstract socket, named by the directory's device and inode, does the same: only one
 * process can hold the name, and the kernel frees it at the end of the process. A Kafka or ZooKeeper JVM holds a POSIX
 * lock on `.lock`, which `/proc/locks` shows. Elsewhere a file with the process id has to do.
 *
 * Abstract sockets belong to a network namespace: two containers that share a volume do not see each other's.
 */

const LOCK_FILE = '.lock'
const PID_FILE = '.jackdaw-pid'
/** By path. Held until given back or until the process ends; kept so that they are not collected. */
const held: Map<string, Server> = new Map()

/** @returns undefined when the directory is ours now, else a sentence saying who holds it */
export async function lockDirectory(path: string): Promise<string | undefined> {
  const javaHolder = holderOfJavaLock(join(path, LOCK_FILE))
  if (javaHolder !== undefined) {
    return `${path} is in use by process ${javaHolder} (it holds ${LOCK_FILE}, as a Kafka broker does). Stop it first.`
  }
  if (process.platform !== 'linux') return lockWithPidFile(path)
  const { dev, ino } = statSync(path)
  const name = `\0jackdaw-directory-${dev}-${ino}`
  if (held.has(path)) return `${path} is in use by this very process.`
  const server = createServer((socket) => socket.end(`${process.pid}\n`))
  const problem = await listen(server, name)
  if (problem === 'EADDRINUSE')
    return `${path} is in use by another Jackdaw process. Stop it, or use another directory.`
  if (problem !== undefined) return `${path} cannot be locked (${problem}).`
  server.unref()
  held.set(path, server)
  // Kafka refuses a directory without this file's lock being free; it must exist for its own check.
  writeFileSync(join(path, LOCK_FILE), '', { flag: 'a' })
  return undefined
}

/** Gives the directory back; harmless when it is not held. */
export function unlockDirectory(path: string): void {
  held.get(path)?.close()
  held.delete(path)
  const file = join(path, PID_FILE)
  if (process.platform !== 'linux') unlinkSyncIfOurs(file)
}

function unlinkSyncIfOurs(file: string): void {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return
  if (readFileSync(file, 'latin1') === `${process.pid}`) unlinkSync(file)
}

function listen(server: Server, name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(name, () => resolve(undefined))
  })
}

/** Process id of whoever holds a POSIX lock on the file, as far as the kernel tells. */
function holderOfJavaLock(path: string): string | undefined {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined || process.platform !== 'linux') return undefined
  let locks: string
  try {
    locks = readFileSync('/proc/locks', 'latin1')
  } catch {
    return undefined
  }
  return holderInLockTable(locks, file.dev, file.ino)
}

/**
 * Looks an inode up in the text of `/proc/locks`: `1: POSIX ADVISORY WRITE 4711 08:02:131 0 EOF`.
 *
 * @param device as `stat` tells it: major and minor number packed into one
 */
export function holderInLockTable(table: string, device: number, inode: number): string | undefined {
  const major = ((device >>> 8) & 0xfff) | (Math.floor(device / 2 ** 32) & ~0xfff)
  const minor = (device & 0xff) | ((device >>> 12) & ~0xff)
  const wanted = `${hex(major)}:${hex(minor)}:${inode}`
  for (const line of table.split('\n')) {
    const fields = line.trim().split(/\s+/)
    // A blocked waiter's line has an arrow as second field; it holds nothing.
    if (fields[1] === 'POSIX' && fields[3] === 'WRITE' && fields[5] === wanted) return fields[4]
  }
  return undefined
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0')
}

function lockWithPidFile(path: string): string | undefined {
  const file = join(path, PID_FILE)
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' })
      process.once('exit', () => unlinkSyncIfOurs(file))
      return undefined
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(readFileSync(file, 'latin1'))
      if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) return `${path} is in use by process ${pid}. Stop it first.`
      // Whoever wrote it is gone: it could not clean up.
      unlinkSync(file)
    }
  }
  return `${path} cannot be locked: another process keeps taking it.`
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
