import type { BrokerView, PartitionView, TopicView, ViewUpdate } from './contract.ts'

/**
 * One thread's copy of the cluster's metadata: fed with updates in order, read by every request.
 *
 * Invariant: what it returns is frozen in time; a topic that changes gets a new object.
 */
export class ClusterView {
  clusterId: string = ''
  controllerId: number = -1
  brokers: readonly BrokerView[] = []
  /** Of the finalized features, -1 before it is known. */
  featuresEpoch: number = -1
  /** Counts applied updates: anything derived from the view can be kept until this moves. */
  generation: number = 0

  readonly #topicsByName = new Map<string, TopicView>()
  readonly #topicsById = new Map<string, TopicView>()
  readonly #brokerConfigs = new Map<string, Readonly<Record<string, string>>>()
  readonly #resourceConfigs = new Map<string, Readonly<Record<string, string>>>()

  apply(update: ViewUpdate): void {
    this.generation += 1
    switch (update.kind) {
      case 'cluster':
        this.clusterId = update.clusterId
        this.controllerId = update.controllerId
        this.brokers = update.brokers
        return
      case 'topic':
        this.#putTopic(update.topic)
        return
      case 'partitions':
        this.#replacePartitions(update.topic, update.topicId, update.partitions)
        return
      case 'topicGone':
        this.#forgetTopic(update.name)
        return
      case 'brokerConfig':
        this.#brokerConfigs.set(update.broker, update.config)
        return
      case 'resourceConfig':
        this.#resourceConfigs.set(`${update.resourceType}/${update.name}`, update.config)
        return
      case 'features':
        this.featuresEpoch = update.epoch
        return
    }
  }

  topic(name: string): TopicView | undefined {
    return this.#topicsByName.get(name)
  }

  topicById(topicId: string): TopicView | undefined {
    return this.#topicsById.get(topicId)
  }

  partition(topic: string, partition: number): PartitionView | undefined {
    return this.#topicsByName.get(topic)?.partitions[partition]
  }

  topics(): IterableIterator<TopicView> {
    return this.#topicsByName.values()
  }

  get topicCount(): number {
    return this.#topicsByName.size
  }

  /** Dynamic configuration of one broker; '' for the cluster-wide default. */
  brokerConfig(broker: string): Readonly<Record<string, string>> {
    return this.#brokerConfigs.get(broker) ?? {}
  }

  /** Dynamic configuration of another kind of resource (client metrics, groups). */
  resourceConfig(resourceType: number, name: string): Readonly<Record<string, string>> | undefined {
    return this.#resourceConfigs.get(`${resourceType}/${name}`)
  }

  resourceNames(resourceType: number): readonly string[] {
    const prefix = `${resourceType}/`
    return [...this.#resourceConfigs.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
  }

  #putTopic(topic: TopicView): void {
    this.#forgetTopic(topic.name)
    this.#topicsByName.set(topic.name, topic)
    this.#topicsById.set(topic.topicId, topic)
  }

  /** Of another topic of that name nothing is changed. */
  #replacePartitions(name: string, topicId: string, changed: readonly PartitionView[]): void {
    const topic = this.#topicsByName.get(name)
    if (topic?.topicId !== topicId) return
    const partitions = [...topic.partitions]
    for (const partition of changed) partitions[partition.partition] = partition
    this.#putTopic({ ...topic, partitions })
  }

  #forgetTopic(name: string): void {
    const old = this.#topicsByName.get(name)
    if (old === undefined) return
    this.#topicsByName.delete(name)
    this.#topicsById.delete(old.topicId)
  }
}
