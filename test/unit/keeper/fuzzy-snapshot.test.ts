import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { listZxidFiles } from '../../../src/keeper/storage/files.ts'
import { recover } from '../../../src/keeper/storage/recovery.ts'
import { bytesOf, KeeperWorld, settle, silentLog, treeListing } from './support.ts'

test('a snapshot taken amid changes plus the log gives exactly the tree', async () => {
  const change = fc.record({
    kind: fc.constantFrom('create', 'delete', 'set', 'multi', 'setAcl', 'ephemeral'),
    parent: fc.nat(9),
    name: fc.nat(5),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 20, maxLength: 60 }), fc.nat(19), async (changes, snapshotAt) => {
      const world = new KeeperWorld().start()
      await world.time.advance(1)
      const client = await world.connect()
      for (let parent = 0; parent < 10; parent += 1) {
        await client.create(`/p${parent}`, null)
        // Enough nodes that a snapshot takes several slices.
        for (let child = 0; child < 150; child += 1) void client.create(`/p${parent}/fill${child}`, bytesOf('x'))
      }
      await settle()
      let snapshot: Promise<unknown> | undefined
      for (const [index, { kind, parent, name }] of changes.entries()) {
        if (index === snapshotAt) snapshot = world.keeper.snapshot()
        const path = `/p${parent}/c${name}`
        const done =
          kind === 'create'
            ? client.create(path, bytesOf(`${index}`))
            : kind === 'delete'
              ? client.delete(path)
              : kind === 'set'
                ? client.setData(path, bytesOf(`${index}`))
                : kind === 'ephemeral'
                  ? client.create(path, null, 'ephemeral-sequential')
                  : client.multi([
                      { kind: 'create', path: `/p${parent}/m-`, data: null, mode: 'persistent-sequential' },
                      { kind: 'set', path, data: bytesOf('m'), version: -1 },
                    ])
        await done.then(
          () => undefined,
          () => undefined,
        )
        // One slice of the snapshot per few changes.
        if (index % 3 === 0) await world.time.advance(1)
      }
      await world.time.advance(100)
      await snapshot
      const { tree } = world.keeper.server!
      expect(listZxidFiles(world.disk, '/keeper/version-2', 'snapshot').length).toBe(2)
      const recovered = recover(world.disk, '/keeper/version-2', '/keeper/version-2', silentLog)
      expect(treeListing(recovered.tree)).toEqual(treeListing(tree))
      expect(recovered.tree.digest.value()).toBe(tree.digest.value())
      expect(recovered.digestMismatchCount).toBe(0)
      expect([...recovered.tree.sessions]).toEqual([...tree.sessions])
    }),
    { numRuns: 12 },
  )
})
