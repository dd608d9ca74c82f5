import { ErrorCode } from '../../jute/operations.ts'
import type { ReconfigRequest } from '../../jute/generated/proto.ts'
import {
  type EnsembleConfig,
  type EnsembleServer,
  formatEnsembleConfig,
  parseEnsembleConfig,
  votersOf,
} from '../../zab/config/ensemble-config.ts'

/**
 * The configuration that a client asks for.
 *
 * @param last the newest one that was seen
 * @param zxid of the transaction that it will be: its version
 * @param votersMin two, or one where an ensemble of one is allowed
 * @returns the configuration, or ZooKeeper's code for what is wrong with the request
 */
export function wantedConfig(
  request: ReconfigRequest,
  last: EnsembleConfig,
  zxid: number,
  votersMin: number,
): EnsembleConfig | number {
  if (request.curConfigId !== -1 && request.curConfigId !== last.version) return ErrorCode.badVersion
  const config = request.newMembers === null ? changed(request, last) : whole(request.newMembers)
  if (typeof config === 'number') return config
  if (votersOf(config).length < votersMin) return ErrorCode.badArguments
  return { ...config, version: zxid }
}

/** All members at once, separated by lines or commas. An empty list fails in ZooKeeper on the way to its members. */
function whole(newMembers: string): EnsembleConfig | number {
  if (newMembers.trim() === '') return ErrorCode.marshallingError
  return parseEnsembleConfig(newMembers.replaceAll(',', '\n')) ?? ErrorCode.badArguments
}

/** Some leave, some join or change. Groups have weights to be agreed on, so such an ensemble changes only as a whole. */
function changed(request: ReconfigRequest, last: EnsembleConfig): EnsembleConfig | number {
  if (last.groups.size > 0) return ErrorCode.badArguments
  const servers = new Map(last.servers)
  for (const leaving of listed(request.leavingServers)) {
    if (!/^-?\d+$/.test(leaving)) return ErrorCode.marshallingError
    servers.delete(Number(leaving))
  }
  for (const joining of listed(request.joiningServers)) {
    const server = joinerOf(joining)
    if (server === undefined || server.clientAddress === '') return ErrorCode.badArguments
    for (const other of servers.values()) {
      if (other.id !== server.id && sharesAddress(server, other)) return ErrorCode.badArguments
    }
    servers.set(server.id, server)
  }
  // Through the text: what is compared with others' texts must be written alike.
  return parseEnsembleConfig(formatEnsembleConfig({ ...last, servers })) ?? ErrorCode.badArguments
}

function listed(text: string | null): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function joinerOf(text: string): EnsembleServer | undefined {
  const config = parseEnsembleConfig(text) ?? parseEnsembleConfig(`${text}\nserver.0=none:1:1`)
  return [...(config?.servers.values() ?? [])].find((server) => text.startsWith(`server.${server.id}=`))
}

/** No port of one may be a port of the other on the same host. */
function sharesAddress(left: EnsembleServer, right: EnsembleServer): boolean {
  const taken = new Set(addressesOf(left))
  return addressesOf(right).some((address) => taken.has(address))
}

function addressesOf(server: EnsembleServer): readonly string[] {
  const clients = server.clientAddress === '' ? [] : server.clientAddress.split(';')
  return [
    ...server.addresses.flatMap(({ host, quorumPort, electionPort }) => [
      `${host}:${quorumPort}`,
      `${host}:${electionPort}`,
    ]),
    ...clients.filter((address) => !address.startsWith('0.0.0.0:')),
  ]
}
