import { type ChildProcess, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../support/node-process.ts'
import { startNode, stopNode } from '../support/node-under-test.ts'
import { has, jars, npmPackage, type Outcome, python, run } from '../support/peers.ts'

/*
 * Unmodified ZooKeeper clients against a node's keeper. With JACKDAW_COMPAT_ZOOKEEPER=host:port they run against that
 * server instead, to try the programs themselves on a real ZooKeeper.
 */

const programs = join(import.meta.dirname, 'programs')
let servers = ''
let node: ChildProcess | undefined
let directory = ''

beforeAll(async () => {
  const given = process.env['JACKDAW_COMPAT_ZOOKEEPER']
  if (given !== undefined) {
    servers = given
    return
  }
  directory = mkdtempSync(join(tmpdir(), 'jackdaw-zookeeper-clients-'))
  const port = await freePort()
  node = await startNode(directory, await freePort(), [`jackdaw.keeper.client.port=${port}`])
  servers = `127.0.0.1:${port}`
})

afterAll(async () => {
  if (node === undefined) return
  await stopNode(node, 'SIGTERM')
  rmSync(directory, { recursive: true, force: true })
})

/** Runs a source file: Java compiles it in memory against the peer's jars. */
function javaSource(peer: string, file: string): Promise<Outcome> {
  const path = `${jars(peer)}/*`
  return run('java', ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', path, join(programs, file), servers])
}

test('Java client 3.9.5: nodes, watches, multi, access lists, a session taken up by another connection', async () => {
  const outcome = await javaSource('zookeeper-3.9.5', 'OldJavaClient.java')
  expect(outcome.output).toContain('ok java client')
})

test('Java client 3.4.9: the same', async () => {
  const outcome = await javaSource('zookeeper-3.4.9', 'OldJavaClient.java')
  expect(outcome.output).toContain('ok java client')
})

test('Curator 5: locks, leader latch, cache, queue, counter, double barrier', async () => {
  const outcome = await javaSource('curator-5.9.0', 'CuratorRecipes.java')
  expect(outcome.output).toContain('ok curator')
})

test('kazoo: nodes, watches, transactions, access lists, and its recipes', async (context) => {
  const interpreter = python('kazoo==2.10.0')
  context.skip(interpreter === undefined, 'kazoo cannot be installed here')
  const outcome = await run(interpreter ?? '', [join(programs, 'kazoo_recipes.py'), servers])
  expect(outcome.output).toContain('ok kazoo')
})

test('node-zookeeper-client: a handshake without the read-only flag', async () => {
  const outcome = await run(process.execPath, [
    join(programs, 'node-zookeeper-client.mjs'),
    servers,
    npmPackage('node-zookeeper-client@1.1.3'),
  ])
  expect(outcome.output).toContain('ok node-zookeeper-client')
})

test('go-zookeeper: nodes, watches, multi, access lists, its lock', async (context) => {
  context.skip(!has('go'), 'there is no Go here')
  const binary = join(mkdtempSync(join(tmpdir(), 'jackdaw-go-')), 'program')
  try {
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: join(programs, 'go'), stdio: 'ignore' })
  } catch {
    // Checked below.
  }
  context.skip(!existsSync(binary), 'its modules cannot be had here')
  const outcome = await run(binary, [servers])
  rmSync(join(binary, '..'), { recursive: true, force: true })
  expect(outcome.output).toContain('ok go-zookeeper')
})

/**
 * What is printed but for times and what each says about itself. Events are apart: the Java client prints them from a
 * thread of its own, so their place among the answers is chance.
 */
function comparable(output: string): { readonly lines: string[]; readonly events: string[] } {
  const lines = output
    .split('\n')
    .filter((line) => !/^(Connecting to|Welcome to|JLine|WATCHER::|$)/.test(line))
    .map((line) => line.replace(/^([cm]time) = .*/, '$1').replace(/0x[0-9a-f]+|zxid: \d+/g, 'N'))
  const isEvent = (line: string): boolean => line.startsWith('WatchedEvent')
  return { lines: lines.filter((line) => !isEvent(line)), events: lines.filter(isEvent) }
}

const script = `create /shell hello
create /shell
create -s /shell/s- x
create -e /shell/e me
ls /shell
ls -s /shell
ls -R /shell
get -s /shell
get -b /shell
get -x /shell
get -w /shell
set /shell world
stat /shell
stat
getAcl -s /shell
addauth digest user:user
setAcl /shell auth::cdrwa
getAcl /shell
setAcl /shell world:anyone:cdrwa
getEphemerals
getAllChildrenNumber /shell
sync /shell
setquota -n 5 /shell
setquota -b 1 /shell
setquota -N 100 /shell
listquota /shell
delquota /shell
listquota /shell
addWatch /shell
create /shell/w
removewatches /shell
delete -v 7 /shell
delete /shell
create /shell/e/child x
create nopath
get /nowhere
history
redo 0
deleteall /shell
get /shell
`

test('zkCli 3.9.5 and `jackdaw zk` say the same about the same commands', async () => {
  const path = `${jars('zookeeper-3.9.5')}/*`
  const theirs = await run('java', ['-cp', path, 'org.apache.zookeeper.ZooKeeperMain', '-server', servers], {
    input: script,
  })
  const ours = await run(process.execPath, ['dist/src/cli/shims/zkCli.js', '-server', servers], { input: script })
  expect(comparable(ours.output)).toEqual(comparable(theirs.output))
  expect(ours.output).toContain('Created /shell/s-0000000000')
  expect(ours.code).toBe(theirs.code)
})
