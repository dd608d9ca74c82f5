import { expect, test } from 'vitest'
import { parseArguments, splitLine } from '../../../src/cli/zk/arguments.ts'
import { parseServers } from '../../../src/main/zookeeper-transport.ts'
import { checkPath } from '../../../src/cli/zk/failure.ts'
import { hexDump } from '../../../src/cli/zk/format.ts'
import { ZooKeeperShell } from '../../../src/cli/zk/shell.ts'
import { connectZooKeeper } from '../../../src/zookeeper/client.ts'
import { KeeperWorld, settle, silentLog } from '../keeper/support.ts'

interface Told {
  readonly shell: ZooKeeperShell
  /** What was printed since the last call: standard output, then standard error after a line `--`. */
  say(line: string): Promise<string>
}

async function shellOn(world: KeeperWorld): Promise<Told> {
  let [out, error] = ['', '']
  const shell = new ZooKeeperShell({
    connect: (chroot) =>
      connectZooKeeper({
        transport: world.transport(),
        clock: world.time,
        timers: world.time,
        log: silentLog,
        sessionTimeoutMs: 6000,
        chroot: chroot.slice(chroot.indexOf('/')),
      }),
    out: (text) => (out += text),
    error: (text) => (error += text),
    version: '1.2.3',
  })
  await shell.connect('test/')
  out = ''
  return {
    shell,
    say: async (line) => {
      await shell.line(line)
      await settle()
      const told = error === '' ? out : `${out}--\n${error}`
      ;[out, error] = ['', '']
      return told
    },
  }
}

test('words, quotes and options are taken apart as zkCli does', () => {
  expect(splitLine('create "/q 1"  \'two words\' x')).toEqual(['create', '/q 1', 'two words', 'x'])
  const parsed = parseArguments(['/a', '-sv', '3', 'data', '-5', '--', '-w'], { flags: 's', values: 'v' })
  expect(parsed.words).toEqual(['/a', 'data', '-5', '-w'])
  expect([parsed.has('s'), parsed.value('v'), parsed.has('w')]).toEqual([true, '3', false])
  expect(() => parseArguments(['-q'], { flags: 's' })).toThrow('Unrecognized option: -q')
  expect(() => parseArguments(['-v'], { values: 'v' })).toThrow('Missing argument for option: v')
  expect(parseServers('h1,[::1]:7,h2:3/c/')).toEqual({
    servers: [
      { host: 'h1', port: 2181 },
      { host: '::1', port: 7 },
      { host: 'h2', port: 3 },
    ],
    chroot: '/c',
  })
})

test('paths are checked before anything is sent', () => {
  for (const good of ['/', '/a', '/a/..b/c.', '/é']) expect(checkPath(good)).toBe(good)
  const bad: Readonly<Record<string, string>> = {
    '': 'Path length must be > 0',
    a: 'Path must start with / character',
    '/a/': 'Path must not end with / character',
    '/a//b': 'Invalid path string "/a//b" caused by empty node name specified @3',
    '/a/../b': 'Invalid path string "/a/../b" caused by relative paths not allowed @4',
    '/./b': 'Invalid path string "/./b" caused by relative paths not allowed @1',
    '/a\u0001': 'Invalid path string "/a\u0001" caused by invalid character @2',
  }
  for (const [path, message] of Object.entries(bad)) expect(() => checkPath(path)).toThrow(message)
})

test('nodes are made, listed, read, changed and deleted with what zkCli prints', async () => {
  const { say, shell } = await shellOn(new KeeperWorld().start())
  expect(await say('create /a hello')).toBe('--\nCreated /a\n')
  expect(await say('create /a')).toBe('--\nNode already exists: /a\n')
  expect(shell.exitCode).toBe(1)
  expect(await say('create -s /a/s- x')).toBe('--\nCreated /a/s-0000000000\n')
  expect(await say('create /a/b')).toBe('--\nCreated /a/b\n')
  expect(await say('ls /a')).toBe('[b, s-0000000000]\n')
  expect(await say('ls -R /a')).toBe('/a\n/a/b\n/a/s-0000000000\n')
  expect(await say('get /a')).toBe('hello\n')
  expect(await say('get /a/b')).toBe('null\n')
  expect(await say('get -b /a')).toBe('aGVsbG8=\n')
  const stat = await say('stat /a')
  expect(stat).toMatch(/^cZxid = 0x2\nctime = \w{3} \w{3} \d\d \d\d:\d\d:\d\d \S+ \d{4}\nmZxid = 0x2\nmtime = /)
  expect(stat).toMatch(
    /\npZxid = 0x5\ncversion = 2\ndataVersion = 0\naclVersion = 0\nephemeralOwner = 0x0\ndataLength = 5\nnumChildren = 2\n$/,
  )
  expect(await say('set -v 3 /a x')).toBe('--\nversion No is not valid : /a\n')
  expect(await say('set /a world')).toBe('')
  expect(await say('delete /a')).toBe('--\nNode not empty: /a\n')
  expect(await say('getAllChildrenNumber /a')).toBe('2\n')
  expect(await say('deleteall /a')).toBe('')
  expect(await say('get /a')).toBe('--\nNode does not exist: /a\n')
  expect(await say('create -c -e /x')).toContain('-c cannot be combined with -s or -e')
  expect(await say('stat')).toBe('--\nstat [-w] path\n')
  expect(await say('nonsense')).toContain('Command not found: Command not found nonsense\n')
  expect(shell.exitCode).toBe(127)
})

test('access lists, identities and ephemerals', async () => {
  const { say } = await shellOn(new KeeperWorld().start())
  await say('create -e /e')
  expect(await say('getEphemerals')).toBe('[/e]\n')
  expect(await say('getAcl /e')).toBe("'world,'anyone\n: cdrwa\n")
  expect(await say('addauth digest user:user')).toBe('')
  // In no order, here and in ZooKeeper.
  expect((await say('whoami')).split('\n').sort()).toEqual(['', 'Auth scheme: User', 'digest: user', 'ip: 127.0.0.1'])
  expect(await say('setAcl /e auth::rw')).toBe('')
  expect(await say('getAcl /e')).toBe("'digest,'user:x\n: rw\n")
  expect(await say('setAcl /e nonsense')).toBe(
    '--\nnonsense does not have the form scheme:id:perm\nAcl is not valid : null\n',
  )
})

test('watches are printed once each, and removed', async () => {
  const { say } = await shellOn(new KeeperWorld().start())
  await say('create /a')
  await say('get -w /a')
  await say('ls /a true')
  expect(await say('set /a 1')).toBe(
    '\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDataChanged path:/a zxid: 3\n',
  )
  expect(await say('addWatch /a')).toBe('')
  expect(await say('create /a/b')).toContain('type:NodeCreated path:/a/b zxid: 4\n')
  expect(await say('removewatches /a')).toContain('type:PersistentWatchRemoved path:/a zxid: -1\n')
  expect(await say('create /a/c')).toBe('--\nCreated /a/c\n')
  expect(await say('removewatches /a')).toBe('--\nKeeperErrorCode = No such watcher for /a\n')
})

test('quotas are set, warned about, listed and lifted', async () => {
  const { say } = await shellOn(new KeeperWorld().start())
  await say('create /a 12345')
  await say('create /a/b')
  expect(await say('setquota -n 5 /a')).toBe('')
  expect(await say('setquota -B 2 /a')).toBe(
    '[Warning]: the bytes quota you create is less than the existing bytes:5\n',
  )
  expect(await say('listquota /a')).toBe(
    'Output quota for /a count=5,bytes=-1=;byteHardLimit=2;countHardLimit=-1\nOutput stat for /a count=2,bytes=5\n' +
      '--\nabsolute path is /zookeeper/quota/a/zookeeper_limits\n',
  )
  expect(await say('setquota -n 5 /a/b')).toBe('--\n/a/b has a parent /a which has a quota\n')
  expect(await say('setquota -n 0 /a')).toBe('--\nthe num quota must be greater than zero\n')
  expect(await say('delquota -n /a')).toBe('')
  expect(await say('delquota /a')).toBe('')
  expect(await say('delquota /a')).toBe('Quota does not exist for /a\n')
  expect(await say('ls /zookeeper/quota')).toBe('[]\n')
})

test('history, redo, close, connect with a chroot, quit', async () => {
  const { say, shell } = await shellOn(new KeeperWorld().start())
  await say('create /a')
  expect(await say('redo 0')).toBe('--\nNode already exists: /a\n')
  expect(await say('redo 9')).toBe('--\nCommand index out of range\n')
  expect(await say('history')).toBe('0 - create /a\n1 - create /a\n2 - redo 9\n3 - history\n')
  expect(await say('version')).toBe('ZooKeeper CLI version: 1.2.3\n')
  expect(await say('printwatches')).toBe('printwatches is on\n')
  expect(shell.prompt).toBe('[zk: test/(CONNECTED) 6] ')
  expect(await say('close')).toContain('state:Closed type:None path:null zxid: -1\n')
  expect(await say('ls /')).toBe('Not connected\n')
  await say('connect test/a')
  await say('create /b')
  expect(await say('ls -R /')).toBe('/\n/b\n')
  await say('connect test/')
  expect(await say('ls -R /a')).toBe('/a\n/a/b\n')
  await say('quit')
  expect(shell.isOver).toBe(true)
})

test('bytes as a hexadecimal table', () => {
  expect(hexDump(new TextEncoder().encode('0123456789abcdef\n')).split('\n').slice(3, 5)).toEqual([
    '|00000000| 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 |0123456789abcdef|',
    '|00000010| 0a                                              |.               |',
  ])
  expect(hexDump(new Uint8Array(0))).toBe('')
})
