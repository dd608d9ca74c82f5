/** What several handlers say about brokers, rights and configuration. */
import type { BrokerLayers } from '../cluster/config/resolve.ts'
import type { BrokerView, EndpointView } from '../cluster/contract.ts'
import type { BrokerServices } from './context.ts'
import type { RequestContext } from './request-context.ts'

/** "Not asked for" in the fields for authorized operations. */
export const OPERATIONS_NOT_ASKED: number = -2_147_483_648

/** Bits by number of the operation. Without an authorizer everybody may do everything a resource knows. */
export const TOPIC_OPERATIONS: number = bits(3, 4, 5, 6, 7, 8, 10, 11)
export const CLUSTER_OPERATIONS: number = bits(5, 7, 8, 9, 10, 11, 12)

function bits(...operations: readonly number[]): number {
  return operations.reduce((mask, operation) => mask | (1 << operation), 0)
}

/** Where a client of this connection reaches a broker: on the listener it came in on. */
function endpointFor(broker: BrokerView, context: RequestContext): EndpointView | undefined {
  const endpoint = broker.endpoints.find(({ listener }) => listener === context.listener)
  if (endpoint === undefined) return undefined
  // Nothing is advertised: what the client used to get here works.
  return endpoint.host === '' ? { ...endpoint, host: context.localHost } : endpoint
}

/** Brokers that can be reached on the connection's listener, as Metadata and DescribeCluster list them. */
export function reachableBrokers(
  services: BrokerServices,
  context: RequestContext,
): readonly { readonly id: number; readonly host: string; readonly port: number; readonly rack: string | null }[] {
  return services.view.brokers.flatMap((broker) => {
    const endpoint = endpointFor(broker, context)
    return endpoint === undefined
      ? []
      : [{ id: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack }]
  })
}

/**
 * Whether a request came in where brokers speak to each other. What only brokers have to say is taken nowhere else: where
 * clients have a listener of their own, they cannot pose as a controller.
 */
export function isAmongBrokers(services: BrokerServices, context: RequestContext): boolean {
  return context.listener === services.config.interBrokerListener
}

/** The layers of configuration of this broker. */
export function brokerLayers(services: BrokerServices): BrokerLayers {
  return {
    dynamic: services.view.brokerConfig(String(services.brokerId)),
    dynamicDefault: services.view.brokerConfig(''),
    static: services.config.properties,
  }
}
