import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Permission } from '../jute/operations.ts'
import type { Id } from '../jute/generated/data.ts'
import type { AdminSettings } from '../keeper/config/zoo-cfg.ts'
import type { Keeper } from '../keeper/contract.ts'
import { isAllowed } from '../keeper/server/access.ts'
import { adminCommand, adminCommandNames, type AdminContext } from '../keeper/server/admin-commands.ts'
import type { KeeperServer } from '../keeper/server/keeper-server.ts'
import { metrics, prometheusText } from '../keeper/server/monitor.ts'
import { RateLimiter } from '../keeper/server/rate-limiter.ts'
import type { AdminAnswer, AdminHandler, AdminRequest } from './http/admin-server.ts'
import type { HttpAnswer, HttpHandler } from './http/contract.ts'

const HTML = 'text/html; charset=utf-8'
const JSON_TYPE = 'application/json'
const TEXT = 'text/plain; charset=utf-8'
const BYTES = 'application/octet-stream'
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8'
const notServing = 'This ZooKeeper instance is not currently serving requests'
const MICROSECONDS_PER_MS = 1000
/** A command's body, which is a few words of JSON. */
const JSON_BODY_BYTES_MAX = 64 << 10
/** One snapshot at a time: how often, and for how long, another's end is waited for. */
const SNAPSHOT_POLL_MS = 100
const SNAPSHOT_WAITS_MAX = 600

/** What the admin server works on. */
export interface AdminTarget {
  readonly keeper: Keeper
  readonly settings: AdminSettings
  /** Where an uploaded snapshot is kept until it is whole. */
  readonly directory: string
  readonly nowMs: () => number
}

/** Runs a command that is more than a look at the server. */
type StreamCommand = (target: AdminTarget, server: KeeperServer, request: AdminRequest) => Promise<AdminAnswer>

interface Guarded {
  readonly names: readonly string[]
  readonly method: 'GET' | 'POST'
  readonly run: StreamCommand
}

/** ZooKeeper's AdminServer: `commandPath` lists the commands, `commandPath/name` runs one. */
export function adminHandler(target: AdminTarget): AdminHandler {
  const { commandPath } = target.settings
  const guarded = guardedCommands(target.settings)
  return (request) => {
    const path = request.path.replace(/\/+$/, '')
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') return notSupported(request)
    if (!request.isEncrypted) countInsecure(target.keeper)
    if (path === commandPath) return { status: 200, contentType: HTML, body: listing(commandPath, guarded) }
    if (!path.startsWith(`${commandPath}/`)) {
      return { status: 404, contentType: TEXT, body: `nothing at ${request.path}: try ${commandPath}\n` }
    }
    const name = path.slice(commandPath.length + 1)
    const own = guarded.find(({ names }) => names.includes(name))
    if (own !== undefined) return runGuarded(target, own, request)
    if (request.method === 'POST') return notSupported(request)
    return run(target.keeper, name, request.query)
  }
}

/** `/metrics` for Prometheus, under ZooKeeper's names. */
export function metricsHandler(keeper: Keeper): HttpHandler {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notSupported(request)
    if (request.path !== '/metrics') {
      return { status: 404, contentType: TEXT, body: `nothing at ${request.path}: try /metrics\n` }
    }
    const { server } = keeper
    return server === undefined
      ? { status: 503, contentType: TEXT, body: `${notServing}\n` }
      : { status: 200, contentType: PROMETHEUS, body: prometheusText(metrics(server.commandContext())) }
  }
}

function notSupported(request: { readonly method: string; readonly path: string }): HttpAnswer {
  return { status: 405, contentType: TEXT, body: `${request.method} is not supported at ${request.path}\n` }
}

function countInsecure(keeper: Keeper): void {
  if (keeper.server !== undefined) keeper.server.stats.insecureAdminCount += 1
}

/** ZooKeeper answers 200 here whatever goes wrong, and so do we: its error is in the body. */
function run(keeper: Keeper, name: string, query: string): HttpAnswer {
  const { server } = keeper
  if (server === undefined || !server.isRunning) return json(200, { command: name, error: notServing })
  const context: AdminContext = { ...server.commandContext(), lastSnapshot: keeper.lastSnapshot }
  const answer = adminCommand(name, context, new Map(new URLSearchParams(query)))
  return json(200, answer ?? { command: name, error: `Unknown command: ${name}` })
}

async function runGuarded(target: AdminTarget, command: Guarded, request: AdminRequest): Promise<AdminAnswer> {
  const [name = ''] = command.names
  const { server } = target.keeper
  if (server === undefined || !server.isRunning) return json(200, { command: name, error: notServing })
  if (request.method !== command.method) return notSupported(request)
  const { authorization } = request
  if (authorization === undefined) {
    return json(401, { command: name, error: 'Auth info is missing for the command' })
  }
  const ids = idsOf(server, authorization, request)
  if (ids === undefined) return json(401, { command: name, error: 'Not authenticated' })
  if (!mayDoEverything(server, ids)) return json(403, { command: name, error: 'Not authorized' })
  return command.run(target, server, request)
}

/** `Authorization: digest user:password`, `ip` or `x509`. */
function idsOf(server: KeeperServer, authorization: string, request: AdminRequest): readonly Id[] | undefined {
  const [scheme = '', proof, ...rest] = authorization.split(' ')
  const { auth } = server
  if (rest.length > 0 || !auth.rules.schemes.has(scheme)) return undefined
  if (scheme === 'ip') return [{ scheme, id: request.remoteAddress }]
  if (scheme === 'x509') return request.certificate === undefined ? undefined : auth.x509Ids(request.certificate)
  if (scheme !== 'digest' || proof === undefined) return undefined
  const digest = auth.digestOf(new TextEncoder().encode(proof))
  if (digest === undefined) return undefined
  const own: Id = { scheme, id: digest }
  return digest === auth.rules.superDigest ? [{ scheme: 'super', id: '' }, own] : [own]
}

function mayDoEverything(server: KeeperServer, ids: readonly Id[]): boolean {
  const root = server.tree.find('/')
  if (root === undefined) return false
  if (server.options.skipAcl) return true
  const acl = server.tree.aclOf(root)
  return [Permission.read, Permission.write, Permission.create, Permission.delete, Permission.admin].every(
    (permission) => isAllowed(acl, permission, ids),
  )
}

function guardedCommands(settings: AdminSettings): readonly Guarded[] {
  // ZooKeeper counts this interval in microseconds by mistake: three snapshots a second, not one in five minutes.
  const snapshots = new RateLimiter(settings.rateLimiterIntervalMs / MICROSECONDS_PER_MS)
  const restores = new RateLimiter(settings.rateLimiterIntervalMs)
  return [
    { names: ['snapshot', 'snap'], method: 'GET', run: (...args) => snapshot(snapshots, ...args) },
    { names: ['restore', 'rest'], method: 'POST', run: (...args) => restore(restores, ...args) },
    { names: ['shed_connections', 'shed'], method: 'POST', run: shedConnections },
  ]
}

async function snapshot(
  limiter: RateLimiter,
  { keeper, settings, nowMs }: AdminTarget,
  { stats, log }: KeeperServer,
  request: AdminRequest,
): Promise<AdminAnswer> {
  const command = 'snapshot'
  if (!settings.isSnapshotEnabled) return json(503, { command, error: null })
  if (!limiter.allow(nowMs())) {
    stats.snapshotRateLimitedCount += 1
    return json(429, { command, error: null })
  }
  try {
    const path = await takeSnapshot(keeper)
    const zxid = path.slice(path.lastIndexOf('.') + 1)
    const headers = { last_zxid: `0x${zxid}`, snapshot_size: String((await stat(path)).size) }
    const isStreamed = (new URLSearchParams(request.query).get('streaming') ?? 'true').toLowerCase() === 'true'
    return isStreamed
      ? { status: 200, contentType: BYTES, body: '', headers, filePath: path }
      : { ...json(200, { command, error: null }), headers }
  } catch (error) {
    stats.snapshotErrorCount += 1
    log.error('a snapshot asked for by the admin server failed', { error })
    return json(500, { command, error: null })
  }
}

async function takeSnapshot(keeper: Keeper): Promise<string> {
  for (let waits = 0; waits < SNAPSHOT_WAITS_MAX; waits += 1) {
    const path = await keeper.snapshot()
    if (path !== undefined) return path
    // One is being written: it may have begun before what the caller wants to see in it.
    await new Promise((resolve) => setTimeout(resolve, SNAPSHOT_POLL_MS))
  }
  throw new Error('another snapshot does not come to its end')
}

async function restore(
  limiter: RateLimiter,
  { keeper, settings, directory, nowMs }: AdminTarget,
  { stats, log }: KeeperServer,
  request: AdminRequest,
): Promise<AdminAnswer> {
  const command = 'restore'
  if (!settings.isRestoreEnabled) return json(503, { command, error: null })
  if (keeper.restore === undefined) {
    const error = 'A member of an ensemble is not restored by itself: stop all, replace their data, start them'
    return json(500, { command, error })
  }
  if (!limiter.allow(nowMs())) {
    stats.restoreRateLimitedCount += 1
    return json(429, { command, error: null })
  }
  const path = `${directory}/restore.upload`
  const startedAtMs = nowMs()
  try {
    await pipeline(request.body, createWriteStream(path))
    const zxid = await keeper.restore(path)
    stats.restoreTime.record(nowMs() - startedAtMs)
    return json(200, { command, error: null, last_zxid: zxid })
  } catch (error) {
    stats.restoreErrorCount += 1
    log.error('a snapshot could not be restored', { cause: error instanceof Error ? error.message : String(error) })
    return json(500, { command, error: null })
  } finally {
    await rm(path, { force: true })
  }
}

async function shedConnections(
  _target: AdminTarget,
  server: KeeperServer,
  request: AdminRequest,
): Promise<AdminAnswer> {
  const command = 'shed_connections'
  const refused = (error: string): AdminAnswer => json(400, { command, error })
  const text = await readText(request.body)
  let fields: unknown
  try {
    fields = JSON.parse(text ?? '')
  } catch (error) {
    return refused(`Invalid JSON or failed to read request body: ${error instanceof Error ? error.message : ''}`)
  }
  if (typeof fields !== 'object' || fields === null || !('percentage' in fields)) {
    return refused('Missing required field: percentage')
  }
  const percentage = Math.trunc(Number(fields.percentage))
  if (!(percentage >= 0 && percentage <= 100)) return refused('Percentage must be between 0 and 100')
  return json(200, {
    command,
    error: null,
    connections_shed: server.shedConnections(percentage),
    percentage_requested: percentage,
  })
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of body) {
    sizeBytes += part.length
    if (sizeBytes > JSON_BODY_BYTES_MAX) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, contentType: JSON_TYPE, body: `${JSON.stringify(body, null, 2)}\n` }
}

function listing(commandPath: string, guarded: readonly Guarded[]): string {
  return [...adminCommandNames, ...guarded.map(({ names }) => names[0] ?? '')]
    .sort()
    .map((name) => `<a href="${commandPath}/${name}">${name}</a>\n<br/>\n`)
    .join('')
}
