import { expect, test } from 'vitest'
import { alterReassignments } from '../../../src/client/admin/reassignments.ts'
import { deleteTopic } from '../../../src/client/admin/topics.ts'
import { scenario } from './scenario.ts'

const STEADY = { acks: -1 as const, isIdempotent: true, thinkMs: 20, burst: 4, valueSizeBytes: 40 }

test('a calm cluster serves producers, readers and groups', async () => {
  await scenario({}, async (play) => {
    await play.createTopic('events', 2, 3, { 'min.insync.replicas': '2' })
    play.addProducer(STEADY)
    play.addReader()
    play.addMember('group', ['events'])
    play.addCommitter({ topic: 'events', partition: 0 })
    await play.run(3_000)
    await play.finish()
    expect(play.ledger.acknowledged).toBeGreaterThan(50)
    expect(play.ledger.shownCount).toBeGreaterThanOrEqual(play.ledger.acknowledged)
    expect(play.ledger.committedCount).toBeGreaterThan(5)
  })
})

test('all machines lose their power at once, and what was acknowledged as durable is there', async () => {
  await scenario({ settings: { isDurable: true } }, async (play) => {
    await play.createTopic('events', 2, 3, { 'min.insync.replicas': '2' })
    play.addProducer(STEADY)
    await play.run(2_000)
    await play.finish()
    await play.fallAndRise()
  })
})

test('a leader that had everything in its memory alone shows nothing of it after a restart', async () => {
  await scenario({}, async (play) => {
    await play.createTopic('events', 1, 3, { 'min.insync.replicas': '2' })
    play.addProducer({ ...STEADY, acks: 1, isIdempotent: false })
    play.addReader()
    await play.run(300)
    const events = { topic: 'events', partition: 0 }
    const leader = play.leaderOf(events)
    if (leader === undefined) throw new Error('there is a leader')
    const others = play.brokers.filter((broker) => broker !== leader)
    // Followers fetch nothing more; the leader takes what producers send.
    for (const other of others) play.network.cut(other.address, leader.address)
    await play.run(500)
    leader.crash('none')
    play.network.healAll()
    await play.run(100)
    leader.start()
    await play.run(3_000)
    await play.finish()
  })
})

test('a topic is deleted while one of its brokers is down: the broker comes back, deletes its part and lives', async () => {
  await scenario({}, async (play) => {
    await play.createTopic('old', 2, 3)
    const away = play.brokers.find((broker) => broker !== play.controller)
    away?.crash('none')
    await play.run(2_000)
    play.ledger.doomed.add('old')
    await play.answered(deleteTopic(play.admin.context, 'old'), 'the deletion is not answered')
    play.partitions = []
    await play.run(1_000)
    away?.start()
    await play.finish()
    expect((await play.tree()).topics.has('old')).toBe(false)
    expect(away?.crashes).toBe(1)
  })
})

test('a broker that was cut off while its replica moved away gives it up when it is back', async () => {
  await scenario({ settings: { brokers: 4 } }, async (play) => {
    await play.createTopic('events', 1, 3)
    play.addProducer(STEADY)
    await play.run(500)
    const replicas = play.controller?.running?.path.view.partition('events', 0)?.replicas ?? []
    const leader = play.leaderOf({ topic: 'events', partition: 0 })
    const away = play.brokers.find(
      (broker) => replicas.includes(broker.id) && ![leader, play.controller].includes(broker),
    )
    const fourth = play.brokers.find(({ id }) => !replicas.includes(id))
    if (away === undefined || fourth === undefined) throw new Error('somebody may go')
    away.process?.pause(8_000)
    await play.run(4_500)
    const wanted = [...replicas.filter((id) => id !== away.id), fourth.id]
    const move = { topic: 'events', partition: 0, replicas: wanted }
    await play.answered(alterReassignments(play.admin.context, [move]), 'the move is not answered')
    await play.run(5_000)
    await play.finish()
    expect((await play.tree()).topics.get('events')?.node.assignment.get(0)).toEqual(wanted)
  })
})

test('a follower whose history parted hears of the high watermark again although nothing new is written', async () => {
  await scenario({}, async (play) => {
    await play.createTopic('events', 1, 3, { 'min.insync.replicas': '1' })
    const producer = play.addProducer({ ...STEADY, acks: 1, isIdempotent: false })
    await play.run(300)
    const leader = play.leaderOf({ topic: 'events', partition: 0 })
    if (leader === undefined) throw new Error('there is a leader')
    const others = play.brokers.filter((broker) => broker !== leader)
    for (const other of others) play.network.cut(other.address, leader.address)
    await play.run(400)
    producer.rest()
    leader.crash('none')
    play.network.healAll()
    await play.run(1_500)
    leader.start()
    // Soon: once it has the leadership back, as the preferred broker, it would know in any case.
    const hasHeard = (): boolean =>
      [...(leader.running?.path.shard.ownership.all() ?? [])].some(
        ({ assignment: { topic }, isFollower, replica }) =>
          topic === 'events' &&
          isFollower &&
          replica !== undefined &&
          replica.position.highWatermark > 0 &&
          replica.position.highWatermark === replica.position.logEndOffset,
      )
    await play.until(hasHeard, 'the old leader does not hear what is replicated', 1_500)
    await play.finish()
  })
})
