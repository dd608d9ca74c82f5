import { expect, test } from 'vitest'
import { configFlag, configNumber, configText, readBrokerConfig } from '../../../src/cluster/config/broker-config.ts'
import { internalTopicSpec } from '../../../src/cluster/config/internal-topics.ts'
import { testConfig } from '../../support/cluster-node.ts'

const STOCK_3_9 = `
broker.id=0
#listeners=PLAINTEXT://:9092
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=/tmp/kafka-logs
num.partitions=1
num.recovery.threads.per.data.dir=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.retention.check.interval.ms=300000
zookeeper.connect=localhost:2181
zookeeper.connection.timeout.ms=18000
group.initial.rebalance.delay.ms=0
`

const STOCK_4 = `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=localhost:9093
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
inter.broker.listener.name=PLAINTEXT
advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
num.network.threads=3
num.io.threads=8
log.dirs=/tmp/kraft-combined-logs
num.partitions=1
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
`

test('without any configuration the node listens on loopback only', () => {
  const { config, errors, warnings } = readBrokerConfig({})
  expect(errors).toEqual([])
  expect(warnings).toEqual([])
  expect(config).toMatchObject({
    nodeId: -1,
    listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9092, securityProtocol: 'PLAINTEXT' }],
    interBrokerListener: 'PLAINTEXT',
    zookeeperConnect: null,
  })
})

test('the server.properties of Kafka 3.9 starts as it is', () => {
  const { config, errors, warnings } = readBrokerConfig({ file: STOCK_3_9 })
  expect(errors).toEqual([])
  expect(warnings).toEqual([])
  expect(config).toMatchObject({ nodeId: 0, zookeeperConnect: 'localhost:2181', logDirectories: ['/tmp/kafka-logs'] })
})

test('the server.properties of Kafka 4 starts, its controller listener left out', () => {
  const { config, errors, warnings } = readBrokerConfig({ file: STOCK_4 })
  expect(errors).toEqual([])
  expect(warnings).toEqual([expect.stringContaining('controller.listener.names')])
  expect(config).toMatchObject({
    nodeId: 1,
    listeners: [{ name: 'PLAINTEXT', host: '', port: 9092 }],
    advertisedListeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9092 }],
    zookeeperConnect: null,
  })
})

test('a wildcard listener without advertised address leaves the host to the connection', () => {
  for (const host of ['', '0.0.0.0', '[::]']) {
    const { config } = readBrokerConfig({ overrides: [`listeners=PLAINTEXT://${host}:9092`] })
    expect(config?.advertisedListeners).toMatchObject([{ host: '', port: 9092 }])
  }
})

test('overrides beat the environment, which beats the file', () => {
  const { config } = readBrokerConfig({
    file: 'num.partitions=1\nlog.retention.ms=1\nmessage.max.bytes=1000',
    environment: {
      KAFKA_NUM_PARTITIONS: '2',
      KAFKA_LOG_RETENTION_MS: '2',
      KAFKA_HEAP_OPTS: '-Xmx1g',
      PATH: '/bin',
      JACKDAW_NUM_SHARDS: '3',
    },
    overrides: ['num.partitions=3'],
  })
  if (config === undefined) throw new Error('refused')
  expect(configNumber(config, 'num.partitions')).toBe(3)
  expect(configNumber(config, 'log.retention.ms')).toBe(2)
  expect(configNumber(config, 'message.max.bytes')).toBe(1000)
  expect(configNumber(config, 'jackdaw.num.shards')).toBe(3)
  expect(configFlag(config, 'auto.create.topics.enable')).toBe(true)
  expect(configText(config, 'compression.type')).toBe('producer')
  expect(Object.keys(config.properties).sort()).toEqual([
    'jackdaw.num.shards',
    'log.retention.ms',
    'message.max.bytes',
    'num.partitions',
  ])
})

test('an unknown key is a warning with the nearest known one', () => {
  const { config, warnings } = readBrokerConfig({ overrides: ['log.retension.ms=1', 'my.plugin.thing=x'] })
  expect(config).toBeDefined()
  expect(warnings).toEqual([
    'unknown configuration log.retension.ms is ignored: did you mean log.retention.ms?',
    'unknown configuration my.plugin.thing is ignored',
  ])
})

test.each([
  ['num.partitions=many', /num\.partitions.*Allowed: a value of type int, at least 1/],
  ['num.partitions=0', /Invalid value 0 for configuration num\.partitions: Value must be at least 1/],
  ['log.cleanup.policy=shred', /one of compact, delete/],
  ['auto.create.topics.enable=perhaps', /true or false/],
  ['listeners=PLAINTEXT://localhost', /listeners.*NAME:\/\/host:port/],
  ['listeners=PLAINTEXT://localhost:99999', /port from 0 to 65535/],
  ['listeners=MINE://:9092', /MINE.*listener\.security\.protocol\.map/],
  ['listeners=PLAINTEXT://:1,PLAINTEXT://:2', /PLAINTEXT stands there twice/],
  ['listener.security.protocol.map=MINE:CLEAR', /MINE:CLEAR.*PLAINTEXT, SSL/],
  ['advertised.listeners=PLAINTEXT://0.0.0.0:9092', /0\.0\.0\.0.*cannot connect/],
  ['advertised.listeners=SSL://host:9092', /SSL.*one of PLAINTEXT/],
  ['inter.broker.listener.name=INT', /INT.*one of PLAINTEXT/],
  ['process.roles=controller', /broker,controller/],
  ['jackdaw.memory.bytes=5', /jackdaw\.memory\.bytes.*at least 16777216/],
  ['nonsense', /key=value/],
])('%s is refused with key, value and what is allowed', (override, message) => {
  const { config, errors } = readBrokerConfig({ overrides: [override] })
  expect(config).toBeUndefined()
  expect(errors.join('\n')).toMatch(message)
})

test('broker.id and node.id must agree', () => {
  expect(readBrokerConfig({ overrides: ['broker.id=1', 'node.id=2'] }).errors).toHaveLength(1)
  expect(readBrokerConfig({ overrides: ['broker.id=2', 'node.id=2'] }).config?.nodeId).toBe(2)
})

test('all faults are found at once, and a password is not shown', () => {
  const { errors } = readBrokerConfig({
    overrides: ['num.partitions=x', 'log.segment.bytes=y', 'socket.request.max.bytes=0'],
  })
  expect(errors).toHaveLength(3)
})

test('internal topics need no more replicas than there are brokers, unless somebody asked for them', () => {
  const plain = internalTopicSpec('__transaction_state', testConfig(), 1)
  expect(plain).toMatchObject({
    partitionCount: 50,
    replicationFactor: 1,
    config: { 'min.insync.replicas': '1', 'cleanup.policy': 'compact' },
  })
  expect(internalTopicSpec('__transaction_state', testConfig(), 5)).toMatchObject({
    replicationFactor: 3,
    config: { 'min.insync.replicas': '2' },
  })
  expect(
    internalTopicSpec('__consumer_offsets', testConfig(['offsets.topic.replication.factor=3']), 1)?.replicationFactor,
  ).toBe(3)
  expect(internalTopicSpec('orders', testConfig(), 1)).toBeUndefined()
})

test('a listener for the controller alone is refused, with the way out', () => {
  const { errors } = readBrokerConfig({ overrides: ['control.plane.listener.name=CONTROLLER'] })
  expect(errors.join()).toMatch(/control\.plane\.listener\.name.*remove the key/)
})
