import { expect, test } from 'vitest'
import { disturbAt, DISTURBANCES, OPERATIONS } from './steps.ts'

// A few steps of each, so that the whole takes seconds; `npm run sim -- --cluster --steps` takes every single one.
const STRIDE = 37
const [first = '', ...others] = Object.keys(DISTURBANCES)

async function goesWell(name: string, what: string, step: number): Promise<number> {
  const [operation, disturbance] = [OPERATIONS[name], DISTURBANCES[what]]
  if (operation === undefined || disturbance === undefined) throw new Error(`there is no ${name}, or no ${what}`)
  const { violation, steps } = await disturbAt(operation, disturbance, step)
  expect(violation, `${what}, step ${step} of ${name}`).toBeUndefined()
  return steps
}

for (const [index, name] of Object.keys(OPERATIONS).entries()) {
  const other = others[index % others.length] ?? ''
  test(`in the middle of an operation ${first}, or ${other}: ${name}`, { timeout: 120_000 }, async () => {
    const steps = await goesWell(name, first, Number.POSITIVE_INFINITY)
    expect(steps).toBeGreaterThan(20)
    for (let step = index; step < steps; step += STRIDE) await goesWell(name, first, step)
    await goesWell(name, other, 5 + 3 * index)
  })
}
