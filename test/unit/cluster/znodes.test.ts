import { expect, test } from 'vitest'
import {
  configPath,
  decodeBroker,
  decodeConfig,
  decodeController,
  decodePartitionState,
  decodeProducerIdBlock,
  decodeTopic,
  desanitize,
  encodeBroker,
  encodeConfigChange,
  encodePartitionState,
  encodeProducerIdBlock,
  encodeTopic,
} from '../../../src/cluster/znodes.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const json = (data: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(data))

test('a broker’s registration, as Kafka 3.9 wrote it, is read and written with the same content', () => {
  const stored =
    '{"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT","INT":"PLAINTEXT","SASL_PLAINTEXT":"SASL_PLAINTEXT"},"endpoints":["PLAINTEXT://127.0.0.1:39092","INT://127.0.0.1:39192","SASL_PLAINTEXT://127.0.0.1:39292"],"rack":"r1","jmx_port":-1,"port":39092,"host":"127.0.0.1","version":5,"timestamp":"1795252331102"}'
  const broker = decodeBroker(bytes(stored))
  expect(broker?.endpoints[1]).toEqual({
    listener: 'INT',
    host: '127.0.0.1',
    port: 39_192,
    securityProtocol: 'PLAINTEXT',
  })
  if (broker === undefined) throw new Error('unread')
  expect(json(encodeBroker(broker, 1_795_252_331_102))).toEqual(JSON.parse(stored))
})

test('old and odd registrations are read', () => {
  expect(decodeBroker(bytes('{"version":1,"host":"h","port":9092,"jmx_port":-1}'))?.endpoints).toEqual([
    { listener: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 'PLAINTEXT' },
  ])
  expect(decodeBroker(bytes('{"version":4,"endpoints":["PLAINTEXT://[::1]:9092"]}'))?.endpoints[0]).toMatchObject({
    host: '::1',
  })
  expect(
    json(
      encodeBroker({ endpoints: [{ listener: 'TLS', host: '::1', port: 1, securityProtocol: 'SSL' }], rack: null }, 5),
    ),
  ).toMatchObject({ host: null, port: -1, endpoints: ['TLS://[::1]:1'] })
})

test('a topic keeps id, assignment and a running reassignment', () => {
  const stored =
    '{"partitions":{"0":[3,2,1]},"topic_id":"xvZOHR9CQ5OWi0QEApxU4g","adding_replicas":{"0":[3]},"removing_replicas":{"0":[1]},"version":3}'
  const topic = decodeTopic(bytes(stored))
  if (topic === undefined) throw new Error('unread')
  expect(topic.adding.get(0)).toEqual([3])
  expect(json(encodeTopic(topic))).toEqual(JSON.parse(stored))
  expect(decodeTopic(bytes('{"version":1,"partitions":{"1":[1],"0":[2],"10":[3]}}'))).toMatchObject({ topicId: '' })
  expect([
    ...(decodeTopic(bytes('{"version":1,"partitions":{"1":[1],"0":[2],"10":[3]}}'))?.assignment.keys() ?? []),
  ]).toEqual([0, 1, 10])
})

test('a partition state with and without recovery', () => {
  const stored = '{"controller_epoch":4,"leader":3,"version":1,"leader_recovery_state":1,"leader_epoch":3,"isr":[3]}'
  const state = decodePartitionState(bytes(stored))
  if (state === undefined) throw new Error('unread')
  expect(json(encodePartitionState(state))).toEqual(JSON.parse(stored))
  expect(json(encodePartitionState({ ...state, isRecovering: false }))).not.toHaveProperty('leader_recovery_state')
})

test('a producer id block has its numbers as strings', () => {
  const stored = '{"version":1,"broker":1,"block_start":"1000","block_end":"1999"}'
  const block = decodeProducerIdBlock(bytes(stored))
  expect(block).toEqual({ broker: 1, first: 1_000, last: 1_999 })
  if (block === undefined) throw new Error('unread')
  expect(json(encodeProducerIdBlock(block))).toEqual(JSON.parse(stored))
})

test('a KRaft controller is told from a ZooKeeper one', () => {
  expect(decodeController(bytes('{"version":1,"brokerid":7,"timestamp":"1"}'))).toEqual({
    brokerId: 7,
    kraftControllerEpoch: -1,
  })
  expect(
    decodeController(bytes('{"version":2,"brokerid":7,"timestamp":"1","kraftControllerEpoch":3}'))
      ?.kraftControllerEpoch,
  ).toBe(3)
})

test('entity names that are no path elements are escaped, and come back', () => {
  expect(configPath('groups', 'a/b*c d')).toBe('/config/groups/a%2Fb%2Ac%20d')
  expect(desanitize('a%2Fb%2Ac%20d')).toBe('a/b*c d')
  expect(configPath('brokers', '<default>')).toBe('/config/brokers/<default>')
  expect(json(encodeConfigChange('topics', 't1'))).toEqual({ version: 2, entity_path: 'topics/t1' })
})

test('broken content is nothing rather than an exception', () => {
  for (const text of ['', '{', '[]', 'null', '7', '{"config":7}']) {
    expect(decodeBroker(bytes(text))?.rack ?? null).toBeNull()
    expect(decodePartitionState(bytes(text))).toBeUndefined()
    expect(decodeController(bytes(text))).toBeUndefined()
    expect(decodeConfig(bytes(text))).toEqual({})
  }
  expect(decodeTopic(null)).toBeUndefined()
})
