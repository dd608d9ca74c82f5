/** `listeners`, `advertised.listeners` and `listener.security.protocol.map`. */
import { listItems } from './values.ts'

export interface ListenerConfig {
  /** Upper case, as everywhere on the wire. */
  readonly name: string
  /** Empty: every interface (as an address to bind), or whatever host the client used (as an advertised one). */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly securityProtocol: string
}

const SECURITY_PROTOCOLS: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

const LISTENER = /^([A-Za-z0-9_-]+):\/\/(\[[0-9a-fA-F:.%]*\]|[^:[\]]*):(\d{1,5})$/
const PORT_MAX = 65_535
const WILDCARDS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '[::]'])

/** Whether an address to bind means every interface. */
export function isWildcardHost(host: string): boolean {
  return WILDCARDS.has(host)
}

/** Listener name to security protocol; empty text gives the four that are named like their protocol. */
export function parseProtocolMap(text: string, problems: string[]): ReadonlyMap<string, string> {
  const map = new Map(SECURITY_PROTOCOLS.map((protocol) => [protocol, protocol]))
  for (const item of listItems(text)) {
    const colon = item.lastIndexOf(':')
    const name = item.slice(0, Math.max(0, colon)).trim().toUpperCase()
    const protocol = item
      .slice(colon + 1)
      .trim()
      .toUpperCase()
    if (name === '' || !SECURITY_PROTOCOLS.includes(protocol)) {
      problems.push(
        `listener.security.protocol.map: '${item}' is not allowed: write LISTENER:PROTOCOL with one of ${SECURITY_PROTOCOLS.join(', ')}`,
      )
      continue
    }
    map.set(name, protocol)
  }
  return map
}

/** Parses `NAME://host:port,…`. What is wrong goes to `problems`, each naming key, value and what is allowed. */
export function parseListeners(
  key: string,
  text: string,
  protocols: ReadonlyMap<string, string>,
  problems: string[],
): readonly ListenerConfig[] {
  const listeners: ListenerConfig[] = []
  for (const item of listItems(text)) {
    const match = LISTENER.exec(item)
    const port = Number(match?.[3] ?? -1)
    if (match === null || port > PORT_MAX) {
      problems.push(`${key}: '${item}' is not allowed: write NAME://host:port with a port from 0 to ${PORT_MAX}`)
      continue
    }
    const name = (match[1] ?? '').toUpperCase()
    const securityProtocol = protocols.get(name)
    if (securityProtocol === undefined) {
      problems.push(
        `${key}: no security protocol is known for the listener ${name}: add ${name}:PLAINTEXT (or SSL, SASL_PLAINTEXT, SASL_SSL) to listener.security.protocol.map`,
      )
      continue
    }
    if (listeners.some((other) => other.name === name)) {
      problems.push(`${key}: the listener ${name} stands there twice: every listener needs a name of its own`)
      continue
    }
    listeners.push({ name, host: (match[2] ?? '').replace(/^\[|\]$/g, ''), port, securityProtocol })
  }
  return listeners
}
