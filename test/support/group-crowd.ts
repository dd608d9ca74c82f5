import { ErrorCode } from '../../src/model/error-code.ts'
import type { GroupWorld, JoinOptions, WorldClient } from './group-world.ts'

type Phase = 'out' | 'joining' | 'joined' | 'syncing' | 'working' | 'dead'

interface Consumer {
  readonly client: WorldClient
  readonly options: JoinOptions
  phase: Phase
  /** Times it was told that it is no member although it never missed a beat. */
  disownedCount: number
  /** Somebody else has started under its static id: it is no member any more, whether it knows or not. */
  isDisplaced: boolean
}

/** Consumers that behave as clients do: they heartbeat every second, rejoin when told, forget their id when disowned. */
export class GroupCrowd {
  readonly world: GroupWorld
  readonly consumers: Consumer[] = []
  /** Everything that must never happen and did. */
  readonly violations: string[] = []
  #assignmentNumber = 0
  readonly #assignmentOf = new Map<number, string>()

  constructor(world: GroupWorld) {
    this.world = world
  }

  get living(): readonly Consumer[] {
    return this.consumers.filter((consumer) => consumer.phase !== 'dead')
  }

  /** `instanceId` null for a dynamic member. A static one may take the place of one that died or still lives. */
  start(instanceId: string | null, options: JoinOptions = {}): Consumer {
    const client = this.world.client(`c${this.consumers.length}`, instanceId)
    for (const other of this.consumers) {
      if (instanceId !== null && other.client.instanceId === instanceId) other.isDisplaced = true
    }
    const consumer: Consumer = { client, options, phase: 'out', disownedCount: 0, isDisplaced: false }
    this.consumers.push(consumer)
    return consumer
  }

  /** It stops without a word. */
  kill(consumer: Consumer): void {
    consumer.phase = 'dead'
  }

  leave(consumer: Consumer): void {
    if (consumer.client.memberId !== '') this.world.leave([consumer.client])
    consumer.phase = 'dead'
  }

  /** Everybody does the next thing, then a second passes. */
  tick(): void {
    for (const consumer of this.living) this.#act(consumer)
    this.world.advance(1_000)
    this.#check()
  }

  settle(seconds: number): void {
    for (let left = seconds; left > 0; left -= 1) this.tick()
  }

  get isSettled(): boolean {
    const group = this.world.partition.groups.get('g')
    const living = this.living
    if (living.length === 0) return group === undefined || group.members.size === 0
    return (
      group?.state === 'Stable' &&
      group.members.size === living.length &&
      living.every(({ phase, client }) => phase === 'working' && (client.lastSync?.assignment.length ?? 0) > 0)
    )
  }

  #act(consumer: Consumer): void {
    this.#hear(consumer)
    const { client, phase } = consumer
    switch (phase) {
      case 'out':
        client.lastJoin = undefined
        consumer.phase = 'joining'
        this.world.join(client, consumer.options)
        this.#hear(consumer)
        return
      case 'joined': {
        client.lastSync = undefined
        consumer.phase = 'syncing'
        const assignments: Record<string, string> = {}
        if (client.leader === client.memberId) {
          this.#assignmentNumber += 1
          for (const memberId of client.members) assignments[memberId] = `assignment ${this.#assignmentNumber}`
        }
        this.world.sync(client, assignments)
        this.#hear(consumer)
        return
      }
      case 'syncing':
      case 'working':
        this.#heartbeat(consumer)
        return
      case 'joining':
      case 'dead':
        return
    }
  }

  #heartbeat(consumer: Consumer): void {
    const code = this.world.heartbeat(consumer.client)
    if (consumer.phase !== 'working') return
    if (code === ErrorCode.rebalanceInProgress || code === ErrorCode.illegalGeneration) consumer.phase = 'out'
    else if (code === ErrorCode.unknownMemberId) this.#disowned(consumer)
    else if (code === ErrorCode.fencedInstanceId) consumer.phase = 'dead'
    else if (code !== ErrorCode.none) consumer.phase = 'out'
  }

  /** Takes note of answers that have come. */
  #hear(consumer: Consumer): void {
    const { client } = consumer
    if (consumer.phase === 'joining' && client.lastJoin !== undefined) {
      const code = client.lastJoin.errorCode
      if (code === ErrorCode.none) consumer.phase = 'joined'
      else if (code === ErrorCode.fencedInstanceId) consumer.phase = 'dead'
      else if (code === ErrorCode.unknownMemberId) this.#disowned(consumer)
      else consumer.phase = 'out'
    }
    if (consumer.phase === 'syncing' && client.lastSync !== undefined) {
      const code = client.lastSync.errorCode
      if (code === ErrorCode.none) {
        consumer.phase = 'working'
        this.#noteAssignment(client)
      } else if (code === ErrorCode.fencedInstanceId) consumer.phase = 'dead'
      else if (code === ErrorCode.unknownMemberId) this.#disowned(consumer)
      else consumer.phase = 'out'
    }
  }

  #disowned(consumer: Consumer): void {
    consumer.disownedCount += 1
    consumer.client.memberId = ''
    consumer.phase = 'out'
  }

  #noteAssignment(client: WorldClient): void {
    const assignment = new TextDecoder().decode(client.lastSync?.assignment ?? new Uint8Array(0))
    if (assignment === '') return
    const known = this.#assignmentOf.get(client.generationId)
    if (known === undefined) this.#assignmentOf.set(client.generationId, assignment)
    else if (known !== assignment) {
      this.violations.push(`generation ${client.generationId} was given out as ${known} and as ${assignment}`)
    }
  }

  #check(): void {
    const group = this.world.partition.groups.get('g')
    if (group === undefined) return
    const instances = [...group.members.values()].flatMap(({ instanceId }) => (instanceId === null ? [] : [instanceId]))
    if (new Set(instances).size < instances.length) this.violations.push('two members with one static id')
    if (group.staticMembers.size !== instances.length) this.violations.push('a static id without its member')
    const awaiting = [...group.members.values()].filter((member) => member.joinWaiter !== 0).length
    if (awaiting !== group.awaitingJoinCount) this.violations.push('parked joins are miscounted')
    if (group.members.size > 0 && !group.members.has(group.leader ?? '')) {
      this.violations.push('the leader is no member')
    }
  }
}
