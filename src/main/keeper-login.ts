import { readFileSync } from 'node:fs'
import { nodeHash } from '../io/node/hash.ts'
import type { ZooCfg } from '../keeper/config/zoo-cfg.ts'
import type { AuthRules } from '../keeper/server/auth-rules.ts'
import { digestUsers, parseLoginConfiguration } from '../security/jaas.ts'

/**
 * Completes what a `zoo.cfg` says about who is who with the users in the login configuration that it names.
 *
 * @param errors gets a sentence for everything that must keep the server from starting
 */
export function readAuthRules(file: ZooCfg, errors: string[]): AuthRules {
  const { rules, login, superPassword } = file.auth
  if (nodeHash(rules.digestAlgorithm, new Uint8Array(0)) === undefined) {
    errors.push(
      `DigestAuthenticationProvider.digestAlg=${rules.digestAlgorithm}: this platform has no such hash function; use SHA1 or SHA-256`,
    )
  }
  if (login === undefined) return rules
  try {
    const users = digestUsers(parseLoginConfiguration(readFileSync(login.path, 'utf8')), login.section)
    if (users === undefined) {
      errors.push(
        `${login.path}: there is no section ${login.section}; add one, or name another with sasl.serverconfig`,
      )
      return rules
    }
    const all = new Map(users)
    if (superPassword !== undefined && all.has('super')) all.set('super', superPassword)
    return { ...rules, saslUsers: all }
  } catch (error) {
    errors.push(`${login.path}: ${error instanceof Error ? error.message : String(error)}`)
    return rules
  }
}
