import { juteMaxBufferBytes } from '../jute/reader.ts'
import type { KeeperOptions } from './contract.ts'
import { Admission, defaultAdmissionRules } from './server/admission.ts'
import { Authenticator } from './server/auth-connection.ts'
import { defaultAuthRules } from './server/auth-rules.ts'
import { noLocalSessions } from './server/local-sessions.ts'
import type { KeeperServerOptions } from './server/options.ts'
import type { ServerStats } from './server/server-stats.ts'
import type { LogWriterOptions } from './storage/log-writer.ts'

/** What a server runs with where nothing else is said: ZooKeeper's defaults. */
export function serverOptions(options: KeeperOptions): KeeperServerOptions {
  const tickTimeMs = options.tickTimeMs ?? 3000
  const admission = { ...defaultAdmissionRules, ...options.admission }
  return {
    tickTimeMs,
    minSessionTimeoutMs: options.minSessionTimeoutMs ?? 2 * tickTimeMs,
    maxSessionTimeoutMs: options.maxSessionTimeoutMs ?? 20 * tickTimeMs,
    // ZooKeeper numbers a standalone server's sessions as server 1's.
    serverId: options.serverId ?? 1,
    juteMaxBufferBytes: options.juteMaxBufferBytes ?? juteMaxBufferBytes,
    outstandingMax: options.outstandingMax ?? 1000,
    maxClientConnections: admission.perAddressMax,
    admission: new Admission(admission, options.entropy),
    extendedTypesEnabled: options.extendedTypesEnabled ?? false,
    enforceQuota: options.enforceQuota ?? false,
    skipAcl: options.skipAcl ?? false,
    auth: new Authenticator({ ...defaultAuthRules, ...options.auth }, options.entropy, options.hash),
    containerUnusedMs: options.containerUnusedMs ?? 0,
    fourLetterWords: new Set(options.fourLetterWords ?? ['srvr']),
    localSessions: options.localSessions ?? noLocalSessions,
  }
}

/** @param logDirectory the one with the log files in it */
export function logWriterOptions(options: KeeperOptions, logDirectory: string, stats: ServerStats): LogWriterOptions {
  return {
    disk: options.disk,
    directory: logDirectory,
    preallocateBytes: options.preallocateBytes ?? 64 << 20,
    fileBytesMax: options.logFileBytesMax ?? 0,
    forceSync: options.forceSync ?? true,
    clock: options.clock,
    onSynced: (durationMs) => stats.syncTime.record(durationMs),
  }
}

/** Lines of the `conf` command. */
export function settingLines(settings: KeeperServerOptions): readonly string[] {
  return [
    `tickTime=${settings.tickTimeMs}`,
    `maxClientCnxns=${settings.maxClientConnections}`,
    `minSessionTimeout=${settings.minSessionTimeoutMs}`,
    `maxSessionTimeout=${settings.maxSessionTimeoutMs}`,
  ]
}
