import type { TurnScheduler } from '../ports.ts'

/**
 * libuv reads every ready socket in its poll phase and runs immediates right after it, so one immediate per round sees
 * everything that arrived together and costs no wake-up of its own.
 */
export class NodeTurnScheduler implements TurnScheduler {
  atTurnEnd(turn: () => void): void {
    setImmediate(turn)
  }
}
