/** What a broker says of itself in its registration. */
import type { EndpointView } from './contract.ts'
import type { BrokerNode } from './znodes.ts'

export interface BrokerSelf {
  readonly endpoints: readonly EndpointView[]
  /** In place of endpoints without a host. */
  readonly hostName: string
  readonly config: { readonly rack: string | null }
  readonly directoryIds?: readonly string[]
}

/** @param hasRecovered see {@link BrokerNode} */
export function describeBroker(
  { endpoints, hostName, config, directoryIds }: BrokerSelf,
  hasRecovered: boolean,
): BrokerNode {
  return {
    endpoints: endpoints.map((endpoint) => ({ ...endpoint, host: endpoint.host === '' ? hostName : endpoint.host })),
    rack: config.rack,
    ...(directoryIds === undefined ? {} : { directoryIds }),
    ...(hasRecovered ? { hasRecovered } : {}),
  }
}
