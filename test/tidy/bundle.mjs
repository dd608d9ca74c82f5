// Joins the modules that a start loads into few files, dist/run/*.js: one for each thread, and what they share. Loading
// 540 modules on three threads was half of the time to the first acknowledged record. Nothing is renamed or
// put on one line; comments go, for every thread keeps the text of what it loads.
// bin.ts takes dist/run when it is there; without it everything runs from dist/src.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
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
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'part-[name].js',
  comments: false,
})
await bundle.close()
mkdirSync(directory, { recursive: true })
for (const { fileName, code } of output) writeFileSync(join(directory, fileName), escapeWide(code))

// The engine keeps a text with a single character beyond Latin-1 at two bytes for each. Without comments such a character
// can only be inside a string or a pattern, where its escape means the same.
function escapeWide(code) {
  return code.replace(/[\u0100-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
