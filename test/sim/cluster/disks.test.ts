import { expect, test } from 'vitest'
import type { OwnedPartition } from '../../../src/shard/owned-partition.ts'
import type { ClusterPlay } from './play.ts'
import type { BrokerMachine } from './broker-machine.ts'
import { scenario } from './scenario.ts'

const EVENTS = { topic: 'events', partition: 0 }
const WRITER = { acks: -1 as const, isIdempotent: true, thinkMs: 20, burst: 4, valueSizeBytes: 40 }
/** So slow that nothing becomes durable while a story goes on. */
const STUCK_SYNC_MS = 60_000

function rolesOf(play: ClusterPlay): { readonly leader: BrokerMachine; readonly followers: readonly BrokerMachine[] } {
  const leader = play.leaderOf(EVENTS)
  if (leader === undefined) throw new Error('there is a leader')
  return { leader, followers: play.brokers.filter((broker) => broker !== leader) }
}

function replicaOn(broker: BrokerMachine): OwnedPartition | undefined {
  const partitions = [...(broker.running?.path.shard.ownership.all() ?? [])]
  return partitions.find(({ assignment }) => assignment.topic === EVENTS.topic)
}

function endOn(broker: BrokerMachine): number {
  return replicaOn(broker)?.replica?.position.logEndOffset ?? 0
}

test('a cut is durable before newer records take the place of what is gone, so that no old checkpoint speaks for them', async () => {
  await scenario({ settings: { isDurable: true } }, async (play) => {
    await play.createTopic('events', 1, 3, { 'min.insync.replicas': '1' })
    play.addProducer({ ...WRITER, acks: 1, isIdempotent: false, burst: 12, valueSizeBytes: 60 })
    await play.run(500)
    const { leader, followers } = rolesOf(play)
    // It goes on alone, for a while that ends before it may shrink the in-sync set: this is cut off later.
    for (const follower of followers) play.network.cut(follower.address, leader.address)
    await play.run(1_500)
    leader.disk.writeBack()
    const endAlone = endOn(leader)
    leader.crash('none')
    play.network.healAll()
    await play.run(1_000)
    leader.start()
    await play.until(() => leader.isListening && replicaOn(leader)?.isFollower === true, 'it does not follow')
    await play.until(() => endOn(leader) > 2 * endAlone, 'it gets nothing new')
    await play.run(50)
    leader.crash('all')
    await play.run(500)
    leader.start()
    await play.finish()
  })
})

test('nobody is shown a record that its leader has in memory alone', async () => {
  await scenario({ settings: { isDurable: true } }, async (play) => {
    await play.createTopic('events', 1, 3, { 'min.insync.replicas': '2' })
    play.addProducer({ ...WRITER, isIdempotent: false })
    play.addReader()
    await play.run(500)
    const { leader, followers } = rolesOf(play)
    leader.disk.trouble.syncMs = STUCK_SYNC_MS
    await play.run(400)
    leader.crash('all')
    for (const follower of followers) follower.crash('none')
    leader.disk.trouble.syncMs = 2
    leader.start()
    // It alone is there to lead, and was in sync.
    await play.until(() => play.leaderOf(EVENTS) === leader && leader.isListening, 'the old leader does not lead again')
    await play.run(500)
    await play.finish()
  })
})

test('a follower that comes back does not call durable what an earlier process left in the memory of the machine', async () => {
  await scenario({ settings: { isDurable: true } }, async (play) => {
    await play.createTopic('events', 1, 3, { 'min.insync.replicas': '2' })
    play.addProducer({ ...WRITER, isIdempotent: false })
    await play.run(500)
    const { leader, followers } = rolesOf(play)
    const [follower, third] = followers
    if (follower === undefined || third === undefined) throw new Error('there are three')
    third.crash('none')
    await play.until(() => replicaOn(leader)?.leadership?.inSyncReplicas.length === 2, 'the third stays in sync')
    await play.run(300)
    follower.disk.trouble.syncMs = STUCK_SYNC_MS
    await play.run(300)
    follower.crash('none')
    follower.start()
    await play.until(() => replicaOn(follower)?.isFollower === true, 'it does not follow')
    await play.run(500)
    for (const broker of [leader, follower]) broker.crash('all')
    follower.disk.trouble.syncMs = 2
    follower.start()
    await play.run(3_000)
    await play.finish()
  })
})

test('a disk that fails while a partition is idle is noticed, and somebody else leads', async () => {
  await scenario({}, async (play) => {
    await play.createTopic('events', 1, 3, { 'min.insync.replicas': '2' })
    const producer = play.addProducer(WRITER)
    await play.run(500)
    producer.rest()
    await play.run(300)
    const { leader } = rolesOf(play)
    leader.disk.trouble.isFull = true
    await play.until(() => replicaOn(leader)?.isOffline === true, 'nobody notices that the disk has failed')
    await play.until(() => ![undefined, leader].includes(play.leaderOf(EVENTS)), 'nobody else leads')
    leader.disk.trouble.isFull = false
    play.replaceDisk(leader)
    await play.run(500)
    leader.start()
    await play.finish()
    expect(leader.crashes).toBe(1)
  })
})
