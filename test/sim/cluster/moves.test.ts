import { expect, test } from 'vitest'
import { alterReassignments } from '../../../src/client/admin/reassignments.ts'
import { scenario } from './scenario.ts'

const EVENTS = { topic: 'events', partition: 0 }

test('a move is called off when only a replica that it had added is left: that one stays until the others have it all', async () => {
  await scenario({ settings: { brokers: 5 } }, async (play) => {
    await play.createTopic('events', 1, 2, { 'min.insync.replicas': '1' })
    play.addProducer({ acks: -1, isIdempotent: true, thinkMs: 20, burst: 4, valueSizeBytes: 40 })
    await play.run(500)
    const inView = () => play.controller?.running?.path.view.partition('events', 0)
    const origin = inView()?.replicas ?? []
    const others = play.brokers.filter(({ id }) => !origin.includes(id))
    const [added, absent] = [...others.filter((one) => one !== play.controller), ...others]
    if (added === undefined || absent === undefined) throw new Error('there are five')
    // The move cannot end: one of its goals does not answer.
    absent.process?.pause(6_000)
    const move = { ...EVENTS, replicas: [added.id, absent.id] }
    await play.answered(alterReassignments(play.admin.context, [move]), 'the move is not answered')
    await play.until(() => inView()?.inSyncReplicas.includes(added.id) === true, 'the new replica does not get in sync')
    for (const id of origin) play.broker(id).crash('none')
    await play.until(() => play.leaderOf(EVENTS) === added, 'nobody leads')
    await play.run(1_000)
    const calledOff = { ...EVENTS, replicas: null }
    await play.answered(alterReassignments(play.admin.context, [calledOff]), 'the end of the move is not answered')
    await play.run(500)
    await play.finish()
    const assignment = (await play.tree()).topics.get('events')?.node.assignment.get(0)
    expect([...(assignment ?? [])].sort()).toEqual([...origin].sort())
  })
})
