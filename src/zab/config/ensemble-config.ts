import type { ServerId } from '../contract.ts'

export interface ServerAddress {
  readonly host: string
  readonly quorumPort: number
  readonly electionPort: number
}

export interface EnsembleServer {
  readonly id: ServerId
  readonly addresses: readonly ServerAddress[]
  readonly isVoter: boolean
  /** What follows the first semicolon, `host:port[;host:port]`; empty when the client port is set elsewhere. */
  readonly clientAddress: string
}

/** Who belongs to the ensemble, and which sets of them may decide. */
export interface EnsembleConfig {
  /** The zxid that made it; 0 for one read from a static file. */
  readonly version: number
  readonly servers: ReadonlyMap<ServerId, EnsembleServer>
  /** Group of each server; empty when plain majorities decide. */
  readonly groups: ReadonlyMap<ServerId, number>
  readonly weights: ReadonlyMap<ServerId, number>
}

const ADDRESS = /^(\[[^\]]+\]|[^:[\]]+):(\d+):(\d+)(?::(participant|observer))?$/i

/**
 * Reads the text that travels in notifications and NEWLEADER and lies in `/zookeeper/config`.
 *
 * @returns undefined when a line is not understood, a group names an unknown server or overlaps, or nobody votes
 */
export function parseEnsembleConfig(text: string): EnsembleConfig | undefined {
  const servers = new Map<ServerId, EnsembleServer>()
  const groups = new Map<ServerId, number>()
  const weights = new Map<ServerId, number>()
  let version = 0
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '') continue
    const at = line.indexOf('=')
    const [kind = '', number = ''] = line.slice(0, at).split('.')
    const value = line.slice(at + 1)
    const id = Number(number)
    if (kind === 'version') version = Number.parseInt(value, 16)
    else if (!Number.isSafeInteger(id) || number === '') return undefined
    else if (kind === 'server') {
      const server = parseServer(id, value)
      if (server === undefined) return undefined
      servers.set(id, server)
    } else if (kind === 'group') {
      for (const member of value.split(':').map(Number)) {
        if (!Number.isSafeInteger(member) || groups.has(member)) return undefined
        groups.set(member, id)
      }
    } else if (kind === 'weight') weights.set(id, Number(value))
    else return undefined
  }
  const voters = [...servers.values()].filter((server) => server.isVoter)
  if (voters.length === 0 || !Number.isSafeInteger(version)) return undefined
  if (groups.size > 0 && voters.some((server) => !groups.has(server.id))) return undefined
  for (const member of groups.keys()) if (!weights.has(member)) weights.set(member, 1)
  if ([...weights.values()].some((weight) => !Number.isSafeInteger(weight) || weight < 0)) return undefined
  return { version, servers, groups, weights }
}

function parseServer(id: ServerId, spec: string): EnsembleServer | undefined {
  const semicolonAt = spec.indexOf(';')
  const quorumPart = semicolonAt < 0 ? spec : spec.slice(0, semicolonAt)
  const clientPart = semicolonAt < 0 ? '' : spec.slice(semicolonAt + 1)
  const addresses: ServerAddress[] = []
  let isVoter = true
  for (const part of quorumPart.split('|')) {
    const match = ADDRESS.exec(part)
    if (match === null) return undefined
    const [, host = '', quorumPort = '', electionPort = '', role] = match
    addresses.push({ host, quorumPort: Number(quorumPort), electionPort: Number(electionPort) })
    if (role?.toLowerCase() === 'observer') isVoter = false
  }
  const clientAddress = clientPart
    .split(';')
    .map((part) => (/^\d+$/.test(part) ? `0.0.0.0:${part}` : part))
    .join(';')
  return { id, addresses, isVoter, clientAddress }
}

/** The text as ZooKeeper prints it: servers compare it byte for byte. */
export function formatEnsembleConfig(config: EnsembleConfig): string {
  const lines: string[] = []
  for (const server of inOrder(config.servers)) {
    const addresses = server.addresses
      .toSorted((left, right) => (left.host < right.host ? -1 : left.host > right.host ? 1 : 0))
      .map((address) => `${address.host}:${address.quorumPort}:${address.electionPort}`)
      .join('|')
    const client = server.clientAddress === '' ? '' : `;${server.clientAddress}`
    lines.push(`server.${server.id}=${addresses}:${server.isVoter ? 'participant' : 'observer'}${client}`)
  }
  const members = new Map<number, ServerId[]>()
  for (const [id, group] of config.groups) members.set(group, [...(members.get(group) ?? []), id])
  for (const group of [...members.keys()].toSorted((left, right) => left - right)) {
    const ids = (members.get(group) ?? []).toSorted((left, right) => left - right)
    lines.push(`group.${group}=${ids.join(':')}`)
  }
  if (config.groups.size > 0) {
    for (const id of [...config.weights.keys()].toSorted((left, right) => left - right)) {
      lines.push(`weight.${id}=${config.weights.get(id) ?? 1}`)
    }
  }
  lines.push(`version=${config.version.toString(16)}`)
  return lines.join('\n')
}

function inOrder(servers: ReadonlyMap<ServerId, EnsembleServer>): EnsembleServer[] {
  return [...servers.values()].toSorted((left, right) => left.id - right.id)
}

/** Voters of a configuration, by rising id. */
export function votersOf(config: EnsembleConfig): ServerId[] {
  return inOrder(config.servers)
    .filter((server) => server.isVoter)
    .map((server) => server.id)
}

export function isVoter(config: EnsembleConfig, id: ServerId): boolean {
  return config.servers.get(id)?.isVoter === true
}

/** @returns the host as sockets want it: an IPv6 address stands in brackets in the text */
export function socketHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

/** Same members, addresses and roles, whatever the version. */
export function isSameMembership(left: EnsembleConfig, right: EnsembleConfig): boolean {
  return formatEnsembleConfig({ ...left, version: 0 }) === formatEnsembleConfig({ ...right, version: 0 })
}
