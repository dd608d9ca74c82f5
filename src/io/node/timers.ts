import type { TimerHandle, Timers } from '../ports.ts'

/** Beyond it `setTimeout` fires at once instead of late. */
const DELAY_MAX_MS = 2 ** 31 - 1

interface NodeTimer extends TimerHandle {
  readonly timeout: NodeJS.Timeout
}

/** One-shot timers of this thread's loop. They keep the thread alive, as sockets do: stopping means cancelling. */
export class NodeTimers implements Timers {
  start(delayMs: number, due: () => void): TimerHandle {
    const timeout = setTimeout(due, Math.min(Math.max(delayMs, 0), DELAY_MAX_MS))
    const timer: NodeTimer = { kind: 'timer', timeout }
    return timer
  }

  cancel(timer: TimerHandle): void {
    clearTimeout((timer as NodeTimer).timeout)
  }
}
