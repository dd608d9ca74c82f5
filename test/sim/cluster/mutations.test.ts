import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MENDED } from './mended.ts'
import { type Mutation, MUTATIONS, patched } from './mutations.ts'

// They are played by `npm run sim -- --cluster --mutations` and `--mended`, which takes too long here. What a change of the product
// has left without its place is noticed at once: point it at where that rule stands now, or play it again.

function whyNowhere({ patches }: Mutation): string | undefined {
  try {
    for (const patch of patches) patched(readFileSync(patch.file, 'utf8'), patch)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test.each([...MUTATIONS, ...MENDED].map((mutation) => ({ mutation, fault: mutation.fault })))(
  'can be put into the product: $fault',
  ({ mutation }) => {
    expect(whyNowhere(mutation)).toBeUndefined()
  },
)

test('every mended fault has a test, which is there', () => {
  for (const { fault, tests } of MENDED) {
    expect(tests.length, fault).toBeGreaterThan(0)
    for (const { file, name } of tests) expect(readFileSync(file, 'utf8'), name).toContain(name)
  }
})

test('a change that fits nowhere, or in two places, is refused', () => {
  const patch = { file: 'x.ts', before: 'a = 1\n', after: 'a = 2\n' }
  expect(patched('let a = 1\n', patch)).toBe('let a = 2\n')
  expect(() => patched('let b = 1\n', patch)).toThrow('x.ts has 0 places')
  expect(() => patched('a = 1\na = 1\n', patch)).toThrow('x.ts has 2 places')
})
