// Joins the modules that a start loads into few files, dist/run/*.js: one for each thread, and what they share. Loading
// 540 modules on three threads was half of the time to the first acknowledged record. Nothing is minified or renamed.
// bin.ts takes dist/run when it is there; without it everything runs from dist/src.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const directory = join('dist', 'run')
rmSync(directory, { recursive: true, force: true })
const bundle = await rolldown({
  // Side by side in one directory: the hosts find the workers' files beside their own.
  input: {
    start: join('dist', 'src', 'cli', 'start.js'),
    keeper: join('dist', 'src', 'cli', 'keeper.js'),
    'shard-worker': join('dist', 'src', 'main', 'shard-worker.js'),
    'keeper-worker': join('dist', 'src', 'main', 'keeper-worker.js'),
  },
  platform: 'node',
  // What comes from other packages stays theirs.
  external: (id) => !/^[./]/.test(id),
})
await bundle.write({ dir: directory, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'part-[name].js' })
await bundle.close()
