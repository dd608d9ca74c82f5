import { expect, test } from 'vitest'
import { loseControllerAt, OPERATIONS } from './steps.ts'

// Every so many steps, so that the whole takes seconds; `npm run sim -- --cluster --steps` takes every single one.
const STRIDE = 37

for (const [index, [name, operation]] of Object.entries(OPERATIONS).entries()) {
  test(`the controller dies in the middle of: ${name}`, { timeout: 120_000 }, async () => {
    const undisturbed = await loseControllerAt(operation, Number.POSITIVE_INFINITY)
    expect(undisturbed.violation).toBeUndefined()
    expect(undisturbed.steps).toBeGreaterThan(20)
    for (let step = index; step < undisturbed.steps; step += STRIDE) {
      const { violation } = await loseControllerAt(operation, step)
      expect(violation, `step ${step} of ${name}`).toBeUndefined()
    }
  })
}
