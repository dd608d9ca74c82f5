import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/jute/operations.ts'
import { wantedConfig } from '../../../src/keeper/quorum/reconfigure.ts'
import {
  type EnsembleConfig,
  formatEnsembleConfig,
  parseEnsembleConfig,
} from '../../../src/zab/config/ensemble-config.ts'

function config(text: string): EnsembleConfig {
  const parsed = parseEnsembleConfig(text)
  if (parsed === undefined) throw new Error(`not a configuration: ${text}`)
  return parsed
}

const last = config(
  `${[1, 2, 3].map((id) => `server.${id}=host${id}:2888:3888:participant;0.0.0.0:2181`).join('\n')}\nversion=100000000`,
)
const nothing = { joiningServers: null, leavingServers: null, newMembers: null, curConfigId: -1 }

test('servers join, leave and change; the version is the zxid', () => {
  const wanted = wantedConfig(
    {
      ...nothing,
      joiningServers: 'server.4=host4:2888:3888:observer;2181,server.1=other:1:2;2181',
      leavingServers: '2',
    },
    last,
    0x1_0000_0005,
    2,
  )
  if (typeof wanted === 'number') throw new Error(`refused with ${wanted}`)
  expect(formatEnsembleConfig(wanted)).toBe(
    [
      'server.1=other:1:2:participant;0.0.0.0:2181',
      'server.3=host3:2888:3888:participant;0.0.0.0:2181',
      'server.4=host4:2888:3888:observer;0.0.0.0:2181',
      'version=100000005',
    ].join('\n'),
  )
})

test('all members at once, separated by commas, groups included', () => {
  const newMembers = 'server.1=a:1:2;3,server.2=b:1:2;3,group.1=1,group.2=2,weight.2=5'
  const wanted = wantedConfig({ ...nothing, newMembers }, last, 7, 2)
  if (typeof wanted === 'number') throw new Error(`refused with ${wanted}`)
  expect([...wanted.servers.keys()]).toEqual([1, 2])
  expect(wanted.weights.get(2)).toBe(5)
  // Who has groups changes only as a whole.
  expect(wantedConfig({ ...nothing, leavingServers: '2' }, wanted, 8, 1)).toBe(ErrorCode.badArguments)
})

test.each([
  ['another version is expected', { curConfigId: 5 }, ErrorCode.badVersion],
  ['too few voters are left', { leavingServers: '1,2' }, ErrorCode.badArguments],
  ['a leaving server has no number', { leavingServers: 'two' }, ErrorCode.marshallingError],
  ['a joining server has no client port', { joiningServers: 'server.4=host4:1:2' }, ErrorCode.badArguments],
  ['a joining server cannot be understood', { joiningServers: 'server.4=host4' }, ErrorCode.badArguments],
  [
    'a joining server takes the port of another',
    { joiningServers: 'server.4=host3:9:3888;2181' },
    ErrorCode.badArguments,
  ],
  ['the whole is empty', { newMembers: '' }, ErrorCode.marshallingError],
  ['the whole cannot be understood', { newMembers: 'nonsense' }, ErrorCode.badArguments],
])('refused when %s', (_what, request, code) => {
  expect(wantedConfig({ ...nothing, ...request }, last, 9, 2)).toBe(code)
})
