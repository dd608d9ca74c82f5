import type { BrokerView, PartitionView } from '../cluster/contract.ts'
import type { ClusterView } from '../cluster/view.ts'

/** KIP-951: where a client that came to the wrong broker should go, so that it need not ask for metadata first. */
export interface NodeEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The leader of a partition as far as this node knows. */
export function leaderOf(partition: PartitionView): { readonly leaderId: number; readonly leaderEpoch: number } {
  return { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch }
}

/** Adds the address of `nodeId` on the client's listener to `endpoints`, once; nothing when it is not known. */
export function addEndpoint(endpoints: NodeEndpoint[], view: ClusterView, nodeId: number, listener: string): void {
  if (endpoints.some((known) => known.nodeId === nodeId)) return
  const broker = view.brokers.find((known) => known.id === nodeId)
  const endpoint = broker === undefined ? undefined : endpointOn(broker, listener)
  if (broker === undefined || endpoint === undefined) return
  endpoints.push({ nodeId, host: endpoint.host, port: endpoint.port, rack: broker.rack })
}

function endpointOn(broker: BrokerView, listener: string): BrokerView['endpoints'][number] | undefined {
  return broker.endpoints.find((endpoint) => endpoint.listener === listener)
}
