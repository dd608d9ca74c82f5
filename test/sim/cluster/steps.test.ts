import { expect, test } from 'vitest'
import { disturbAt, DISTURBANCES, OPERATIONS } from './steps.ts'

// Every so many steps, so that the whole takes seconds; `npm run sim -- --cluster --steps` takes every single one.
const STRIDE = 37

for (const [index, [name, operation]] of Object.entries(OPERATIONS).entries()) {
  test(`in the middle of an operation somebody dies, stops or loses power: ${name}`, { timeout: 120_000 }, async () => {
    for (const [what, disturbance] of Object.entries(DISTURBANCES)) {
      const undisturbed = await disturbAt(operation, disturbance, Number.POSITIVE_INFINITY)
      expect(undisturbed.violation, what).toBeUndefined()
      expect(undisturbed.steps, what).toBeGreaterThan(5)
      for (let step = index; step < undisturbed.steps; step += STRIDE) {
        const { violation } = await disturbAt(operation, disturbance, step)
        expect(violation, `${what}, step ${step} of ${name}`).toBeUndefined()
      }
    }
  })
}
