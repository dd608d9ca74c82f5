import { expect, test } from 'vitest'
import { adminCommand, adminCommandNames } from '../../../src/keeper/server/admin-commands.ts'
import { flatMetrics, metrics, prometheusText } from '../../../src/keeper/server/monitor.ts'
import { LatencyHistogram } from '../../../src/keeper/server/server-stats.ts'
import type { KeeperOptions } from '../../../src/keeper/contract.ts'
import { bytesOf, KeeperWorld, textOf } from './support.ts'

/** What a monitoring client is told. */
function say(world: KeeperWorld, bytes: Uint8Array): string {
  let said = ''
  let isClosed = false
  const connection = world.keeper.accept({
    remoteAddress: '127.0.0.1',
    remotePort: 0,
    send: (answer) => {
      said += textOf(answer)
    },
    close: () => {
      isClosed = true
    },
    pause: () => {},
    resume: () => {},
  })
  connection.feed(bytes)
  expect(isClosed).toBe(true)
  return said
}

async function busyWorld(options: Partial<KeeperOptions> = {}): Promise<KeeperWorld> {
  const world = new KeeperWorld({ environment: ['host.name=here'], configuration: ['clientPort=2181'], ...options })
  world.start()
  const client = await world.connect()
  for (let index = 0; index < 200; index += 1) await client.create(`/n${index}`, bytesOf('data'))
  await client.getData('/n0', () => {})
  return world
}

function admin(world: KeeperWorld, name: string, query: readonly (readonly [string, string])[] = []): unknown {
  const server = world.keeper.server!
  return adminCommand(name, { ...server.commandContext(), lastSnapshot: world.keeper.lastSnapshot }, new Map(query))
}

test('dirs, hash, envi and the trace mask answer in the form of ZooKeeper', async () => {
  const world = await busyWorld()
  expect(say(world, bytesOf('dirs'))).toMatch(/^datadir_size: [1-9]\d*\nlogdir_size: [1-9]\d*\n$/)
  // One digest for every 128 transactions; the session's beginning was the first of 201.
  expect(say(world, bytesOf('hash'))).toMatch(/^80: -?\d+\n$/)
  expect(say(world, bytesOf('envi'))).toMatch(/^Environment:\nzookeeper\.version=3\.9\.5.*\nhost\.name=here\n$/)
  expect(say(world, bytesOf('gtmk'))).toBe('306')
  expect(say(world, new Uint8Array([...bytesOf('stmk'), 0, 0, 0, 0, 0, 0, 1, 2]))).toBe('258')
  expect(say(world, bytesOf('gtmk'))).toBe('258')
})

test('mntr has the values under the names of ZooKeeper, summaries with their percentiles', async () => {
  const lines = new Map(
    say(await busyWorld(), bytesOf('mntr'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t') as [string, string]),
  )
  expect(lines.get('zk_server_state')).toBe('standalone')
  expect(lines.get('zk_znode_count')).toBe('205')
  expect(lines.get('zk_watch_count')).toBe('1')
  expect(lines.get('zk_cnt_updatelatency')).toBe('200')
  expect(lines.get('zk_cnt_readlatency')).toBe('1')
  expect(Number(lines.get('zk_cnt_fsynctime'))).toBeGreaterThan(0)
  expect(lines.get('zk_commit_count')).toBe('201')
  for (const name of ['zk_p99_readlatency', 'zk_max_latency', 'zk_bytes_received_count', 'zk_uptime']) {
    expect(lines.has(name), name).toBe(true)
  }
  expect(lines.get('zk_avg_latency')).toMatch(/^\d+\.\d+$/)
})

test('cons shows the latency of each connection, and crst sets it back', async () => {
  const world = await busyWorld()
  const server = world.keeper.server!
  const [connection] = server.connections
  connection!.latency.record(7)
  expect(say(world, bytesOf('cons'))).toMatch(/lop=GETD,.*lresp=\d+,llat=\d+,minlat=0,avglat=0,maxlat=7\)/)
  say(world, bytesOf('crst'))
  expect(say(world, bytesOf('cons'))).toMatch(/recved=0,sent=0,.*maxlat=0\)/)
})

test('every command of the admin server answers with its first name and without an error', async () => {
  const world = await busyWorld()
  await world.time.advance(1000)
  for (const name of adminCommandNames.filter((each) => each !== 'leader' && each !== 'set_trace_mask')) {
    expect(admin(world, name), name).toMatchObject({ command: name, error: null })
    expect(() => JSON.stringify(admin(world, name)), name).not.toThrow()
  }
  expect(admin(world, 'mntr')).toMatchObject({ command: 'monitor', znode_count: 205, version: expect.any(String) })
  expect(admin(world, 'conf')).toMatchObject({ client_port: 2181, data_dir: '/keeper/version-2', tick_time: 1000 })
  expect(admin(world, 'wchp')).toMatchObject({ path_to_session_ids: { '/n0': [expect.stringMatching(/^0x1/)] } })
  expect(admin(world, 'lsnp')).toMatchObject({ zxid: '0', timestamp: expect.any(Number) })
  expect(admin(world, 'stmk')).toMatchObject({ error: 'setTraceMask requires long traceMask argument' })
  expect(admin(world, 'stmk', [['traceMask', '12']])).toMatchObject({ error: null, tracemask: 12 })
  expect(admin(world, 'nothing')).toBeUndefined()
})

test('Prometheus reads counters, gauges and summaries', async () => {
  const world = await busyWorld()
  const text = prometheusText(metrics(world.keeper.server!.commandContext()))
  expect(text).toContain('# TYPE znode_count gauge\nznode_count 205\n')
  expect(text).toContain('# TYPE commit_count counter\ncommit_count 201\n')
  expect(text).toMatch(/updatelatency\{quantile="0\.99",\} \d+\n/)
  expect(text).toContain('updatelatency_count 200\n')
  expect(text).not.toContain('server_state')
  expect(flatMetrics(metrics(world.keeper.server!.commandContext())).length).toBeGreaterThan(40)
})

test('percentiles are exact below 64 ms and within a sixteenth above', () => {
  const histogram = new LatencyHistogram()
  for (let value = 0; value < 64; value += 1) histogram.record(value)
  expect([histogram.percentileMs(0.5), histogram.percentileMs(1)]).toEqual([31, 63])
  histogram.reset()
  for (const value of [100, 1000, 10_000, 1e12]) histogram.record(value)
  expect(histogram.percentileMs(0.25)).toBe(100)
  expect(histogram.percentileMs(0.5)).toBe(992)
  expect(histogram.percentileMs(0.75)).toBe(9728)
  expect(histogram.percentileMs(1)).toBeGreaterThan(2e9)
})

test('queues, connections and the start have their metrics; what cannot happen here is zero', async () => {
  const world = await busyWorld({ fileDescriptors: () => ({ openCount: 12, maxCount: 1024 }) })
  const shown = new Map(flatMetrics(metrics(world.keeper.server!.commandContext())))
  for (const [name, value] of [
    ['open_file_descriptor_count', 12],
    ['max_file_descriptor_count', 1024],
    ['prep_processor_request_queued', 201],
    ['sync_processor_request_queued', 201],
    ['request_commit_queued', 201],
    ['outstanding_changes_queued', 201],
    ['sum_sync_processor_batch_size', 201],
    ['max_sync_processor_queue_size', 0],
    ['cnt_dbinittime', 1],
    ['sum_startup_txns_loaded', 0],
    ['connection_drop_probability', 0],
    ['non_mtls_local_conn_count', 0],
    ['throttled_ops', 0],
    ['response_packet_cache_hits', 0],
  ] as const) {
    expect([name, shown.get(name)]).toEqual([name, value])
  }
  say(world, bytesOf('ruok'))
  const names = metrics(world.keeper.server!.commandContext()).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
