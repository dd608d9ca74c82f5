import { type AuthRules, defaultAuthRules } from '../server/auth-rules.ts'
import type { KeyReader } from './tls-keys.ts'

/** Where the users of SASL stand. */
export interface LoginSection {
  readonly path: string
  readonly section: string
}

/** What a `zoo.cfg` says about who is who. */
export interface AuthKeys {
  readonly rules: AuthRules
  /** `java.security.auth.login.config` and `sasl.serverconfig`: the caller reads the file. */
  readonly login: LoginSection | undefined
  /** `SASLAuthenticationProvider.superPassword`: goes before the file's for the user `super`. */
  readonly superPassword: string | undefined
  /** `IPAuthenticationProvider.usexforwardedfor`: the admin server believes that header. */
  readonly isForwardedForBelieved: boolean
  readonly warnings: readonly string[]
}

const names = [
  ...['DigestAuthenticationProvider.superDigest', 'DigestAuthenticationProvider.digestAlg'],
  ...['DigestAuthenticationProvider.enabled', 'X509AuthenticationProvider.superUser'],
  ...['SASLAuthenticationProvider.superPassword', 'allowSaslFailedClients', 'enforce.auth.enabled'],
  ...['enforce.auth.schemes', 'sessionRequireClientSASLAuth', 'requireClientAuthScheme', 'ensembleAuthName'],
  ...['java.security.auth.login.config', 'sasl.serverconfig', 'fips-mode', 'letAnySaslUserDoX'],
  ...['IPAuthenticationProvider.usexforwardedfor', 'quorum.auth.enableSasl', 'quorum.auth.learnerRequireSasl'],
  ...['quorum.auth.serverRequireSasl'],
] as const

/** @returns whether a key is read here */
export function isAuthKey(key: string): boolean {
  return (names as readonly string[]).includes(key) || /^(authProvider|superUser)(\.|$)/.test(key)
}

/** Names for suggestions where somebody mistyped one. */
export const authKeyNames: readonly string[] = names

const providers: Readonly<Record<string, string>> = {
  IPAuthenticationProvider: 'ip',
  DigestAuthenticationProvider: 'digest',
  X509AuthenticationProvider: 'x509',
  SASLAuthenticationProvider: 'sasl',
  EnsembleAuthenticationProvider: 'ensemble',
}

/**
 * Reads the keys of {@link isAuthKey}.
 *
 * @param all every key of the file with its value
 * @param hasTls a client port speaks TLS, which offers `x509`
 */
export function readAuthKeys(keys: KeyReader, all: ReadonlyMap<string, string>, hasTls: boolean): AuthKeys {
  const schemes = new Set(['ip'])
  const warnings: string[] = []
  if (keys.flag('DigestAuthenticationProvider.enabled', true)) schemes.add('digest')
  if (hasTls) schemes.add('x509')
  for (const [key, className] of all) {
    if (!key.startsWith('authProvider.')) continue
    const scheme = providers[className.replace('org.apache.zookeeper.server.auth.', '')]
    if (scheme === undefined) keys.error(`${key}=${className}: Java classes cannot be loaded; remove the key`)
    else schemes.add(scheme)
  }
  const ensembleNames = schemes.delete('ensemble')
    ? new Set((keys.text('ensembleAuthName') ?? '').split(',').map((name) => name.trim()))
    : undefined
  refuseUnserved(keys)
  if (keys.text('requireClientAuthScheme') !== undefined) {
    warnings.push(
      'requireClientAuthScheme does nothing, as in ZooKeeper; use sessionRequireClientSASLAuth or enforce.auth.schemes',
    )
  }
  const superDigest = keys.text('DigestAuthenticationProvider.superDigest')
  return {
    rules: {
      ...defaultAuthRules,
      schemes,
      superDigest,
      digestAlgorithm: keys.text('DigestAuthenticationProvider.digestAlg') ?? defaultAuthRules.digestAlgorithm,
      x509SuperUser: keys.text('X509AuthenticationProvider.superUser'),
      saslSuperUsers: new Set([...all].filter(([key]) => /^superUser(\.|$)/.test(key)).map(([, user]) => user)),
      isSaslFailureTolerated: keys.flag('allowSaslFailedClients', false),
      enforcedSchemes: readEnforced(keys, schemes),
      ensembleNames,
    },
    login: readLogin(keys, warnings),
    superPassword: keys.text('SASLAuthenticationProvider.superPassword'),
    isForwardedForBelieved: keys.flag('IPAuthenticationProvider.usexforwardedfor', false),
    warnings,
  }
}

function readLogin(keys: KeyReader, warnings: string[]): LoginSection | undefined {
  const path = keys.text('java.security.auth.login.config')
  if (path === undefined) return undefined
  // ZooKeeper 3.9 is in FIPS mode unless told otherwise, and its clients then have no DIGEST-MD5. A file with users says
  // what is wanted; only the key itself says otherwise.
  if (!keys.flag('fips-mode', false)) return { path, section: keys.text('sasl.serverconfig') ?? 'Server' }
  warnings.push('fips-mode=true switches SASL off: DIGEST-MD5 rests on MD5')
  return undefined
}

function readEnforced(keys: KeyReader, schemes: ReadonlySet<string>): readonly string[] {
  const isSaslNeeded = keys.flag('sessionRequireClientSASLAuth', false)
  if (!isSaslNeeded && !keys.flag('enforce.auth.enabled', false)) return []
  const enforced = isSaslNeeded
    ? ['sasl']
    : (keys.text('enforce.auth.schemes') ?? '')
        .split(',')
        .map((scheme) => scheme.trim())
        .filter((scheme) => scheme !== '')
  if (enforced.length === 0) keys.error('enforce.auth.enabled is true: enforce.auth.schemes must name a scheme')
  for (const scheme of enforced) {
    if (schemes.has(scheme)) continue
    keys.error(
      `authentication scheme ${scheme} is enforced but not offered; ` +
        (scheme === 'sasl'
          ? 'add authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider'
          : 'offer it, or enforce another'),
    )
  }
  return enforced
}

function refuseUnserved(keys: KeyReader): void {
  if (keys.text('letAnySaslUserDoX') !== undefined) {
    keys.error('letAnySaslUserDoX is not served; give the users concerned an access list entry of their own')
  }
  for (const key of ['quorum.auth.enableSasl', 'quorum.auth.learnerRequireSasl', 'quorum.auth.serverRequireSasl']) {
    if (keys.flag(key, false)) {
      keys.error(`${key}: SASL between servers is not served; use sslQuorum with certificates, or remove the key`)
    }
  }
}
