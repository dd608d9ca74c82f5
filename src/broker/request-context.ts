/** Who sent the request and how. */
export interface RequestContext {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** Address of the peer, without port. */
  readonly clientHost: string
  /** `User:ANONYMOUS` until there is authentication. */
  readonly principal: string
  /** Name of the listener it came in on: Metadata answers with that listener's endpoints. */
  readonly listener: string
  /** Host the client used to reach us, where the advertised host is left to the connection. */
  readonly localHost: string
}
