import type { ClientEnvironment } from './environment.ts'
import { LEADER_OVERDUE_MS } from './limits.ts'

/**
 * Watches what a leader is waited for with: from the moment it is overdue `ask` is called, again and again, which asks
 * other brokers who leads now. The wait itself goes on.
 *
 * @param patienceMs how long the leader may take in any case
 * @returns ends the watch: called when the wait is over, however it ended
 */
export function askWhileOverdue(environment: ClientEnvironment, patienceMs: number, ask: () => void): () => void {
  const { timers } = environment
  const isOverdue = (): void => {
    ask()
    timer = timers.start(LEADER_OVERDUE_MS, isOverdue)
  }
  let timer = timers.start(patienceMs + LEADER_OVERDUE_MS, isOverdue)
  return () => timers.cancel(timer)
}
