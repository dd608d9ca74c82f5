/** Who may prove an identity, by which scheme, and who must. Names of ZooKeeper's own keys are beside the fields. */
export interface AuthRules {
  /** Schemes of access lists besides `world` and `auth`: `ip`, `digest`, `x509`, `sasl`. */
  readonly schemes: ReadonlySet<string>
  /** `DigestAuthenticationProvider.superDigest`: `user:hash` whose owner may do everything; undefined = nobody. */
  readonly superDigest: string | undefined
  /** `DigestAuthenticationProvider.digestAlg`, Java's name. */
  readonly digestAlgorithm: string
  /** `X509AuthenticationProvider.superUser`: the subject of a certificate. */
  readonly x509SuperUser: string | undefined
  /** `superUser`, `superUser.N`: users of SASL who may do everything. */
  readonly saslSuperUsers: ReadonlySet<string>
  /** Users of SASL and their passwords, of the login configuration; undefined = SASL is not offered. */
  readonly saslUsers: ReadonlyMap<string, string> | undefined
  /** `allowSaslFailedClients`: a failed exchange leaves the connection as it was. */
  readonly isSaslFailureTolerated: boolean
  /** `enforce.auth.schemes`, `sessionRequireClientSASLAuth`: one of them must be proved before anything else; empty = none. */
  readonly enforcedSchemes: readonly string[]
  /** `ensembleAuthName`: names a client may expect; anything else closes it. Undefined = the scheme is not offered. */
  readonly ensembleNames: ReadonlySet<string> | undefined
}

export const defaultAuthRules: AuthRules = {
  schemes: new Set(['ip', 'digest']),
  superDigest: undefined,
  digestAlgorithm: 'SHA1',
  x509SuperUser: undefined,
  saslSuperUsers: new Set(),
  saslUsers: undefined,
  isSaslFailureTolerated: false,
  enforcedSchemes: [],
  ensembleNames: undefined,
}
