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
  expect([...parsed.servers]).toEqual([[1, 'host-a:2888:3888']])
  expect(parsed.ignored).toEqual(['initLimit'])
})

test('a value that means nothing is an error that names the key', () => {
  expect(parseZooCfg('tickTime=soon\nclientPort=x').errors).toEqual([
    'tickTime=soon: a whole number is wanted',
    'clientPort=x: a whole number is wanted',
  ])
})
