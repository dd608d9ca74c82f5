import { readFileSync } from 'node:fs'
import { NodeEntropy } from '../io/node/entropy.ts'
import { nodeHash } from '../io/node/hash.ts'
import { tlsOpener } from '../io/node/tls-connect.ts'
import { readClientTls } from '../keeper/config/tls-keys.ts'
import { digestLogin, parseLoginConfiguration } from '../security/jaas.ts'
import type { SaslLogin } from '../zookeeper/sasl.ts'
import { systemProperties } from './system-properties.ts'

/** How a client of ZooKeeper speaks and who it is. */
export interface ClientSecurity {
  /** Begins a TLS connection; undefined = plain. */
  readonly openTls: ReturnType<typeof tlsOpener> | undefined
  readonly sasl: SaslLogin | undefined
}

/**
 * Reads what ZooKeeper's own clients read: `client.secure`, `ssl.*`, `java.security.auth.login.config`,
 * `sasl.clientconfig`, `sasl.client`, from system properties in the environment and from a file of properties.
 *
 * @param text the file; goes before the environment
 * @param javaFlags words for Java, such as CLIENT_JVMFLAGS
 * @throws Error that names the key or file that is wrong
 */
export function clientSecurity(text: string, ...javaFlags: readonly (string | undefined)[]): ClientSecurity {
  const values = new Map(systemProperties(...javaFlags))
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*$/.exec(line)
    if (match !== null) values.set((match[1] ?? '').replace(/^zookeeper\./, ''), match[2] ?? '')
  }
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = values.get(key)
    return value === undefined ? otherwise : value.toLowerCase() === 'true'
  }
  const tls = readClientTls({
    text: (key) => values.get(key),
    number: () => undefined,
    port: () => undefined,
    flag,
    error: (sentence) => {
      throw new Error(sentence)
    },
  })
  return {
    openTls: flag('client.secure', false) ? tlsOpener(tls) : undefined,
    sasl: flag('sasl.client', true) ? readLogin(values) : undefined,
  }
}

function readLogin(values: ReadonlyMap<string, string>): SaslLogin | undefined {
  const path = values.get('java.security.auth.login.config')
  if (path === undefined) return undefined
  const section = values.get('sasl.clientconfig') ?? 'Client'
  const login = digestLogin(parseLoginConfiguration(readFileSync(path, 'utf8')), section)
  // A file for the server alone is no reason to prove anything.
  return login === undefined ? undefined : { ...login, hash: nodeHash, entropy: new NodeEntropy() }
}
