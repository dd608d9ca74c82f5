import { expect, test } from 'vitest'
import { brokerKeys, groupKeys, topicKeys } from '../../../src/cluster/config/registry.ts'
import {
  describeBroker,
  describeBrokerDefault,
  describeResource,
  describeTopic,
  resolveTopicConfig,
} from '../../../src/cluster/config/resolve.ts'
import { whyInvalidValue } from '../../../src/cluster/config/values.ts'

const none = { dynamic: {}, dynamicDefault: {}, static: {} }
const resolve = (topic: Record<string, string>, dynamic = {}, dynamicDefault = {}, fixed = {}) =>
  resolveTopicConfig(topic, dynamic, dynamicDefault, fixed)

test('Kafka’s defaults, when nothing is set', () => {
  expect(resolve({})).toEqual({
    maxMessageBytes: 1_048_588,
    isCompacted: false,
    isDeleted: true,
    timestampType: 0,
    timestampBeforeMaxMs: 2 ** 63,
    timestampAfterMaxMs: 3_600_000,
    compressionCodec: -1,
    compressionLevel: -1,
    segmentBytes: 1_073_741_824,
    segmentMs: 604_800_000,
    segmentJitterMs: 0,
    segmentIndexBytes: 10_485_760,
    indexIntervalBytes: 4_096,
    retentionMs: 604_800_000,
    retentionBytes: -1,
    fileDeleteDelayMs: 60_000,
    minInSyncReplicas: 1,
    flushMessages: Number.POSITIVE_INFINITY,
    flushMs: Number.POSITIVE_INFINITY,
    preallocate: false,
    producerIdExpirationMs: 86_400_000,
    deleteRetentionMs: 86_400_000,
    minCompactionLagMs: 0,
    maxCompactionLagMs: 2 ** 63,
    minCleanableDirtyRatio: 0.5,
  })
})

test('topic beats broker beats cluster-wide default beats file beats default', () => {
  const name = 'log.retention.ms'
  expect(resolve({ 'retention.ms': '1' }, { [name]: '2' }, { [name]: '3' }, { [name]: '4' }).retentionMs).toBe(1)
  expect(resolve({}, { [name]: '2' }, { [name]: '3' }, { [name]: '4' }).retentionMs).toBe(2)
  expect(resolve({}, {}, { [name]: '3' }, { [name]: '4' }).retentionMs).toBe(3)
  expect(resolve({}, {}, {}, { [name]: '4' }).retentionMs).toBe(4)
})

test('a coarse broker key counts where the fine one is set nowhere', () => {
  expect(resolve({}, {}, {}, { 'log.retention.hours': '2' }).retentionMs).toBe(7_200_000)
  expect(resolve({}, {}, {}, { 'log.retention.hours': '2', 'log.retention.minutes': '3' }).retentionMs).toBe(180_000)
  expect(resolve({}, {}, {}, { 'log.retention.hours': '-1' }).retentionMs).toBe(-1)
  expect(resolve({}, {}, {}, { 'log.roll.hours': '1' }).segmentMs).toBe(3_600_000)
  expect(resolve({}, {}, {}, { 'log.flush.scheduler.interval.ms': '9' }).flushMs).toBe(9)
})

test('codecs and their levels', () => {
  expect(resolve({ 'compression.type': 'zstd', 'compression.zstd.level': '7' })).toMatchObject({
    compressionCodec: 4,
    compressionLevel: 7,
  })
  expect(resolve({ 'compression.type': 'uncompressed' })).toMatchObject({ compressionCodec: 0, compressionLevel: -1 })
  expect(resolve({ 'cleanup.policy': 'compact,delete' })).toMatchObject({ isCompacted: true, isDeleted: true })
  expect(resolve({ 'cleanup.policy': '' })).toMatchObject({ isCompacted: false, isDeleted: false })
  expect(resolve({ 'internal.segment.bytes': '200' }).segmentBytes).toBe(200)
})

test('a topic line shows every layer that sets it, strongest first', () => {
  const layers = {
    dynamic: { 'message.max.bytes': '2' },
    dynamicDefault: { 'message.max.bytes': '3' },
    static: { 'message.max.bytes': '4' },
  }
  const [line] = describeTopic({ 'max.message.bytes': '1' }, layers, ['max.message.bytes'])
  expect(line).toEqual({
    name: 'max.message.bytes',
    value: '1',
    isReadOnly: false,
    isSensitive: false,
    source: 1,
    type: 3,
    synonyms: [
      { name: 'max.message.bytes', value: '1', source: 1 },
      { name: 'message.max.bytes', value: '2', source: 2 },
      { name: 'message.max.bytes', value: '3', source: 3 },
      { name: 'message.max.bytes', value: '4', source: 4 },
      { name: 'message.max.bytes', value: '1048588', source: 5 },
    ],
  })
  expect(describeTopic({}, layers, ['max.message.bytes'])[0]).toMatchObject({ value: '2', source: 2 })
})

test('retention in hours has a value but, as in Kafka, no synonyms', () => {
  const layers = { ...none, static: { 'log.retention.hours': '1' } }
  expect(describeTopic({}, layers, ['retention.ms'])).toMatchObject([{ value: '3600000', source: 5, synonyms: [] }])
  const fine = { ...none, static: { 'log.retention.ms': '5', 'log.retention.hours': '1' } }
  expect(describeTopic({}, fine, ['retention.ms'])).toMatchObject([
    {
      value: '5',
      source: 4,
      synonyms: [
        { name: 'log.retention.ms', value: '5', source: 4 },
        { name: 'log.retention.hours', value: '1', source: 4 },
        { name: 'log.retention.hours', value: '168', source: 5 },
      ],
    },
  ])
})

test('all listed topic keys and no internal ones are described, unless one was set', () => {
  const names = describeTopic({}, none, null).map(({ name }) => name)
  expect(names).toHaveLength(33)
  expect(names).toEqual([...names].sort())
  expect(describeTopic({ 'message.format.version': '2.8' }, none, null).map(({ name }) => name)).toContain(
    'message.format.version',
  )
})

test('a broker line: passwords and unknown properties stay hidden, dynamic keys are not read-only', () => {
  const layers = {
    ...none,
    static: { 'ssl.keystore.password': 'hunter2', 'my.plugin.token': 'hunter2', 'num.partitions': '7' },
  }
  const lines = new Map(describeBroker(layers, null).map((line) => [line.name, line]))
  expect(lines.get('ssl.keystore.password')).toMatchObject({
    value: null,
    isSensitive: true,
    source: 4,
    type: 9,
    synonyms: [{ value: null }],
  })
  expect(lines.get('my.plugin.token')).toMatchObject({ value: null, isSensitive: true, source: 4, type: 0 })
  expect(lines.get('num.partitions')).toMatchObject({ value: '7', isReadOnly: true, source: 4, type: 3 })
  expect(lines.get('log.retention.ms')).toMatchObject({ value: null, isReadOnly: false, source: 5 })
  expect(JSON.stringify([...lines.values()])).not.toContain('hunter2')
})

test('the cluster-wide default shows only what was set there', () => {
  const layers = {
    dynamic: { 'num.io.threads': '9' },
    dynamicDefault: { 'num.io.threads': '10' },
    static: { 'num.io.threads': '11' },
  }
  expect(describeBrokerDefault(layers, null)).toMatchObject([
    { name: 'num.io.threads', value: '10', source: 3, synonyms: [{ name: 'num.io.threads', value: '10', source: 3 }] },
  ])
})

test('a group falls back to its broker', () => {
  const layers = { ...none, static: { 'group.consumer.session.timeout.ms': '50000' } }
  const name = 'consumer.session.timeout.ms'
  expect(describeResource(groupKeys, 8, {}, layers, [name])).toMatchObject([{ value: '50000', source: 4 }])
  expect(describeResource(groupKeys, 8, { [name]: '46000' }, layers, [name])).toMatchObject([
    { value: '46000', source: 8 },
  ])
})

test('every default obeys the rules of its own key, or stands for "not set"', () => {
  const unset = new Set([
    'controller.quorum.bootstrap.servers',
    'controller.quorum.voters',
    'group.consumer.migration.policy',
  ])
  for (const key of [...topicKeys.values(), ...brokerKeys.values(), ...groupKeys.values()]) {
    if (key.defaultValue === null || unset.has(key.name) || (key.type === 'list' && key.defaultValue === '')) continue
    expect(whyInvalidValue(key, key.defaultValue), key.name).toBeUndefined()
  }
})

test('every synonym is a broker key', () => {
  for (const key of [...topicKeys.values(), ...groupKeys.values()]) {
    for (const synonym of key.synonyms) expect(brokerKeys.has(synonym), `${key.name} → ${synonym}`).toBe(true)
  }
})

test.each([
  ['retention.ms', 'soon', /Not a number of type LONG/],
  ['retention.ms', '9223372036854775808', /Not a number of type LONG/],
  ['retention.ms', '-2', /at least -1/],
  ['segment.bytes', '2147483648', /Not a number of type INT/],
  ['segment.bytes', '1000', /at least 1048576/],
  ['min.cleanable.dirty.ratio', '1.5', /no more than 1/],
  ['min.cleanable.dirty.ratio', 'x', /DOUBLE/],
  ['cleanup.policy', 'compact,shred', /must be one of: compact, delete/],
  ['cleanup.policy', 'delete,delete', /duplicates/],
  ['compression.gzip.level', '0', /at least 1/],
  ['compression.gzip.level', '10', /no more than 9/],
  ['preallocate', 'yes', /either true or false/],
  ['leader.replication.throttled.replicas', '1-2', /\[partition\]:\[broker\]/],
])('%s=%s is refused', (name, value, message) => {
  const key = topicKeys.get(name)
  if (key === undefined) throw new Error(name)
  expect(whyInvalidValue(key, value)).toMatch(message)
})

test.each([
  ['retention.ms', ' -1 '],
  ['flush.ms', '9223372036854775807'],
  ['compression.gzip.level', '-1'],
  ['cleanup.policy', 'delete, compact'],
  ['cleanup.policy', ''],
  ['leader.replication.throttled.replicas', '0:1,1:2'],
  ['leader.replication.throttled.replicas', '*'],
  ['preallocate', 'TRUE'],
  ['min.cleanable.dirty.ratio', '.5'],
])('%s=%s is accepted', (name, value) => {
  const key = topicKeys.get(name)
  if (key === undefined) throw new Error(name)
  expect(whyInvalidValue(key, value)).toBeUndefined()
})
