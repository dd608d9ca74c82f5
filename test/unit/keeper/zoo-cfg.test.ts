import { expect, test } from 'vitest'
import { parseZooCfg } from '../../../src/keeper/config/zoo-cfg.ts'

test("ZooKeeper's sample file is understood", () => {
  const parsed = parseZooCfg(
    [
      '# The number of milliseconds of each tick',
      'tickTime=2000',
      'initLimit=10',
      'dataDir=/var/lib/zookeeper ',
      'dataLogDir = /logs',
      'clientPort=2181',
      'maxSessionTimeout=-1',
      'zookeeper.extendedTypesEnabled=true',
      'forceSync=no',
      'preAllocSize=64',
      '4lw.commands.whitelist=stat, ruok,*',
      'autopurge.purgeInterval=1',
      'server.1=host-a:2888:3888',
    ].join('\r\n'),
  )
  expect(parsed.settings).toEqual({
    tickTimeMs: 2000,
    logDirectory: '/logs',
    extendedTypesEnabled: true,
    forceSync: false,
    preallocateBytes: 65536,
    fourLetterWords: ['stat', 'ruok', '*'],
    purgeIntervalHours: 1,
  })
  expect([parsed.directory, parsed.clientPort]).toEqual(['/var/lib/zookeeper', 2181])
  expect(parsed.ensemble.lines).toEqual(['server.1=host-a:2888:3888'])
  expect([parsed.ensemble.initLimitTicks, parsed.ensemble.syncLimitTicks]).toEqual([10, undefined])
  expect([parsed.warnings, parsed.withoutEffect]).toEqual([[], []])
  expect(parsed.admin).toMatchObject({ isEnabled: true, host: '', port: 8080, commandPath: '/commands' })
  expect(parsed.metrics).toBeUndefined()
})

test('a value that means nothing is an error that names the key', () => {
  expect(parseZooCfg('tickTime=soon\nclientPort=x').errors).toEqual([
    'tickTime=soon: a whole number is wanted',
    'clientPort=x: a whole number is wanted',
  ])
})

test('jute.maxbuffer may be hexadecimal', () => {
  expect(parseZooCfg('jute.maxbuffer=0x400000').settings).toEqual({ juteMaxBufferBytes: 4 << 20 })
})

test('a key that nobody knows is a warning that names the nearest one', () => {
  expect(parseZooCfg('tickTme=2000\nsomethingElseAltogether=1').warnings).toEqual([
    "tickTme is no key of ZooKeeper's that this server knows; it is ignored. Did you mean tickTime?",
    "somethingElseAltogether is no key of ZooKeeper's that this server knows; it is ignored",
  ])
})

test('keys that would make the server safer than it is are refused, not ignored', () => {
  expect(parseZooCfg('secureClientPort=2281\nsessionRequireClientSASLAuth=true').errors).toEqual([
    "ssl.keyStore.location is missing: TLS needs a file with this server's key and certificate",
    'authentication scheme sasl is enforced but not offered; add authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider',
  ])
})

test('the admin server and the metrics endpoint have their own addresses', () => {
  const parsed = parseZooCfg(
    [
      'admin.enableServer=false',
      'admin.serverPort=9090',
      'metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider',
      'metricsProvider.httpHost=127.0.0.1',
      'metricsProvider.httpPort=70000',
    ].join('\n'),
  )
  expect([parsed.admin.isEnabled, parsed.admin.port]).toEqual([false, 9090])
  expect(parsed.metrics?.host).toBe('127.0.0.1')
  expect(parsed.errors).toEqual(['metricsProvider.httpPort=70000: a port is a number from 0 to 65535'])
})
