import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { generate, generatedFolder } from '../../src/protocol/generate/generate.ts'

test('the generated codecs are exactly what the schema gives', () => {
  const made = generate()
  const checkedIn = readdirSync(generatedFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(generatedFolder, join(entry.parentPath, entry.name)))
  expect(checkedIn.toSorted(), 'run `npm run generate`').toEqual([...made.keys()].toSorted())
  const stale = [...made].filter(([path, text]) => readFileSync(join(generatedFolder, path), 'utf8') !== text)
  expect(
    stale.map(([path]) => path),
    'run `npm run generate`',
  ).toEqual([])
})
