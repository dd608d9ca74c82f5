import { expect, test } from 'vitest'
import { isCheckpointNeeded } from '../../../src/log/log-checkpoint.ts'
import type { LogState } from '../../../src/log/log-state.ts'

function stateWith(logEndOffset: number, hasFile: boolean): LogState {
  const state = { logEndOffset, active: { hasFile }, isCheckpointDue: true, epochs: { isDirty: true } }
  return state as unknown as LogState
}

test('a partition that was never written makes no checkpoint files', () => {
  expect(isCheckpointNeeded(stateWith(0, false), 1)).toBe(false)
})

test('a partition with a file or with an offset behind it does', () => {
  expect(isCheckpointNeeded(stateWith(0, true), 1)).toBe(true)
  expect(isCheckpointNeeded(stateWith(7, false), 1)).toBe(true)
})
