/** Requests that only the controller carries out: each in its turn, in the office, or refused item by item. */
import { ErrorCode } from '../model/error-code.ts'
import type { InSyncAnswer, InSyncRequest, PeerControl, ProducerIdsAnswer, ShutdownAnswer } from './contract-calls.ts'
import type { ControlPlane, ControlResult, ReassignmentSpec, ReassignmentView } from './contract.ts'
import { ElectionRequests } from './leader-elections.ts'
import type { Office } from './office.ts'
import { Reassignments } from './reassignments.ts'
import { TopicChanges } from './topic-changes.ts'
import { TopicDeletions } from './topic-deletions.ts'

/** Makes of a refusal of the whole request the answer of that request. */
export type Refuse<Result> = (refusal: ControlResult) => Result

export const NOT_CONTROLLER: ControlResult = {
  code: ErrorCode.notController,
  message: 'This is not the correct controller for this cluster.',
}

type Requests = Pick<
  ControlPlane & PeerControl,
  | 'deleteTopics'
  | 'createPartitions'
  | 'electLeaders'
  | 'alterReassignments'
  | 'listReassignments'
  | 'alterPartition'
  | 'shutDownBroker'
  | 'allocateProducerIdsFor'
>

export abstract class OfficeRequests implements Requests {
  /** undefined while another broker is controller. */
  protected abstract readonly office: Office | undefined

  /** Runs `operation` when everything before it is done; `refuse` says what a trouble with ZooKeeper or load is answered with. */
  protected abstract inTurn<Result>(operation: () => Promise<Result>, refuse: Refuse<Result>): Promise<Result>

  protected abstract takeProducerIds(brokerId: number): Promise<ProducerIdsAnswer>

  deleteTopics(
    topics: readonly { readonly name: string; readonly topicId: string }[],
  ): Promise<readonly (ControlResult & { readonly name: string; readonly topicId: string })[]> {
    return this.inOffice(
      (office) => new TopicDeletions(office.context).delete(topics),
      (refusal) => topics.map(({ name, topicId }) => ({ name, topicId, ...refusal })),
    )
  }

  createPartitions(
    topics: Parameters<ControlPlane['createPartitions']>[0],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly name: string })[]> {
    return this.inOffice(
      (office) => new TopicChanges(office.context).grow(topics, validateOnly),
      (refusal) => topics.map(({ name }) => ({ name, ...refusal })),
    )
  }

  electLeaders(
    electionType: number,
    partitions: readonly { readonly topic: string; readonly partition: number }[] | null,
  ): Promise<readonly (ControlResult & { readonly topic: string; readonly partition: number })[]> {
    return this.inOffice(
      (office) => new ElectionRequests(office.context).elect(electionType, partitions),
      (refusal) => (partitions ?? []).map(({ topic, partition }) => ({ topic, partition, ...refusal })),
    )
  }

  alterReassignments(
    partitions: readonly ReassignmentSpec[],
  ): Promise<readonly (ControlResult & { readonly topic: string; readonly partition: number })[]> {
    return this.inOffice(
      (office) => new Reassignments(office.context).alter(partitions),
      (refusal) => partitions.map(({ topic, partition }) => ({ topic, partition, ...refusal })),
    )
  }

  listReassignments(
    partitions: readonly { readonly topic: string; readonly partition: number }[] | null,
  ): Promise<ControlResult & { readonly moving: readonly ReassignmentView[] }> {
    type Listed = ControlResult & { readonly moving: readonly ReassignmentView[] }
    return this.inOffice<Listed>(
      async (office) => {
        const moving = new Reassignments(office.context).list(partitions)
        return { code: ErrorCode.none, message: null, moving }
      },
      (refusal) => ({ ...refusal, moving: [] }),
    )
  }

  allocateProducerIdsFor(brokerId: number, brokerEpoch: number): Promise<ProducerIdsAnswer> {
    const refused = (code: ErrorCode): Promise<ProducerIdsAnswer> => Promise.resolve({ code, first: -1, count: 0 })
    if (this.office === undefined) return refused(ErrorCode.notController)
    const known = this.office.state.brokers.get(brokerId)
    if (known === undefined) return refused(ErrorCode.brokerIdNotRegistered)
    if (known.epoch !== brokerEpoch) return refused(ErrorCode.staleBrokerEpoch)
    return this.takeProducerIds(brokerId)
  }

  alterPartition(request: InSyncRequest): Promise<InSyncAnswer> {
    return this.inOffice(
      (office) => office.alterInSync(request),
      ({ code }) => ({ code, results: [] }),
    )
  }

  shutDownBroker(brokerId: number, brokerEpoch: number): Promise<ShutdownAnswer> {
    return this.inOffice(
      (office) => office.shutDownBroker(brokerId, brokerEpoch),
      ({ code }) => ({ code, remaining: [] }),
    )
  }

  /** Runs one request of the controller's in its turn. */
  protected inOffice<Result>(operation: (office: Office) => Promise<Result>, refuse: Refuse<Result>): Promise<Result> {
    return this.inTurn(async () => {
      const office = this.office
      if (office === undefined) return refuse(NOT_CONTROLLER)
      await office.trustAgain()
      return operation(office)
    }, refuse)
  }
}
