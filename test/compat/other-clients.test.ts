import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { debian, npmPackage, python, run } from './support/peers.ts'

const here = import.meta.dirname

test('kafkajs: topic, group of two, headers, codecs, admin', async () => {
  const outcome = await run(process.execPath, [
    join(here, 'programs/kafkajs.mjs'),
    inject('bootstrap'),
    npmPackage('kafkajs@2.2.4'),
  ])
  expect(outcome.output).toContain('ok kafkajs')
  expect(outcome.code).toBe(0)
})

test('@platformatic/kafka: produce, consume in a group, admin', async () => {
  const outcome = await run(process.execPath, [
    join(here, 'programs/platformatic.mjs'),
    inject('bootstrap'),
    npmPackage('@platformatic/kafka@2.12.1'),
  ])
  expect(outcome.output).toContain('ok platformatic')
  expect(outcome.code).toBe(0)
})

test('confluent-kafka (Python, librdkafka): produce, consume in a group, codecs, admin', async (context) => {
  const interpreter = python('confluent-kafka==2.12.0')
  context.skip(interpreter === undefined, 'confluent-kafka cannot be installed here')
  const outcome = await run(interpreter ?? '', [join(here, 'programs/confluent.py'), inject('bootstrap')])
  expect(outcome.output).toContain('ok confluent')
  expect(outcome.code).toBe(0)
})

test('kafka-python speaking as clients of 0.9 and 0.10 did: message formats 0 and 1', async (context) => {
  const interpreter = python('kafka-python==2.0.6')
  context.skip(interpreter === undefined, 'kafka-python cannot be installed here')
  const outcome = await run(interpreter ?? '', [join(here, 'programs/kafka-python.py'), inject('bootstrap')])
  expect(outcome.output).toContain('ok kafka-python')
  expect(outcome.code).toBe(0)
})

test('kcat: metadata, produce, consume', async (context) => {
  context.skip(!debian('kcat', 'kcat'), 'kcat cannot be installed here')
  const topic = `kcat-${Math.floor(performance.now())}`
  const produced = await run(
    'kcat',
    ['-b', inject('bootstrap'), '-P', '-t', topic, '-K', ':', '-H', 'h=1', '-z', 'lz4'],
    { input: 'k1:v1\nk2:v2\nk3:\n' },
  )
  expect(produced.code, produced.output).toBe(0)
  const consumed = await run('kcat', [
    '-b',
    inject('bootstrap'),
    '-C',
    '-t',
    topic,
    '-o',
    'beginning',
    '-e',
    '-q',
    '-f',
    '%o %k=%s %h\\n',
  ])
  expect(consumed.output).toContain('0 k1=v1 h=1')
  expect(consumed.output).toContain('1 k2=v2 h=1')
  const grouped = await run('kcat', [
    '-b',
    inject('bootstrap'),
    '-G',
    `${topic}-g`,
    '-c',
    '3',
    '-q',
    '-X',
    'auto.offset.reset=earliest',
    topic,
  ])
  expect(grouped.output).toContain('v2')
  const metadata = await run('kcat', ['-b', inject('bootstrap'), '-L', '-J', '-t', topic])
  expect(JSON.parse(metadata.output).topics[0].topic).toBe(topic)
})
