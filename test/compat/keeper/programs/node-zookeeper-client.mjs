// node-zookeeper-client, which speaks a handshake without the read-only flag.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const [servers, directory] = process.argv.slice(2)
const zookeeper = createRequire(join(directory, 'package.json'))('node-zookeeper-client')
const base = `/node-${process.hrtime.bigint()}`

function connect() {
  const client = zookeeper.createClient(servers, { sessionTimeout: 6000, retries: 3 })
  return new Promise((resolve) => {
    client.once('connected', () => resolve(client))
    client.connect()
  })
}
const call = (client, name, ...args) => promisify(client[name].bind(client))(...args)
const refused = (code, promise) => assert.rejects(promise, (error) => error.getCode?.() === zookeeper.Exception[code])

const [one, two] = [await connect(), await connect()]
assert.equal(await call(one, 'create', base, Buffer.from('1')), base)
await refused('NODE_EXISTS', call(one, 'create', base))
await refused('NO_NODE', call(one, 'remove', `${base}/none`))
await refused('BAD_VERSION', call(one, 'setData', base, Buffer.from('x'), 9))
assert.equal(
  await call(one, 'create', `${base}/s-`, null, zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL),
  `${base}/s-0000000000`,
)
const events = []
await call(two, 'getData', base, (event) => events.push(`${event.getName()} ${event.getPath()}`))
await call(two, 'getChildren', base, (event) => events.push(`${event.getName()} ${event.getPath()}`))
await call(two, 'exists', `${base}/later`, (event) => events.push(`${event.getName()} ${event.getPath()}`))
const stat = await call(one, 'setData', base, Buffer.from('2'))
assert.equal(stat.version, 1)
await call(one, 'create', `${base}/later`)
await call(two, 'getChildren', base)
assert.deepEqual(events, [`NODE_DATA_CHANGED ${base}`, `NODE_CREATED ${base}/later`, `NODE_CHILDREN_CHANGED ${base}`])
const results = await call(
  one.transaction().check(base, 1).create(`${base}/t`).setData(base, Buffer.from('3')).remove(`${base}/later`),
  'commit',
)
assert.equal(results.length, 4)
await refused('BAD_VERSION', call(one.transaction().create(`${base}/u`).check(base, 77), 'commit'))
assert.equal(await call(two, 'exists', `${base}/u`), null)
await call(one, 'mkdirp', `${base}/x/y/z`)
const acl = [new zookeeper.ACL(zookeeper.Permission.READ, new zookeeper.Id('world', 'anyone'))]
await call(one, 'setACL', `${base}/x`, acl)
await refused('NO_AUTH', call(two, 'setData', `${base}/x`, Buffer.from('no')))
const children = new Promise((resolve) =>
  call(two, 'exists', `${base}/s-0000000000`, (event) => resolve(event.getName())),
)
await call(two, 'getData', base)
one.close()
assert.equal(await children, 'NODE_DELETED')
two.close()
console.log('ok node-zookeeper-client')
