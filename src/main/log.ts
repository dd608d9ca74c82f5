import { pino } from 'pino'
import type { Logger } from '../io/ports.ts'

/**
 * One line of JSON per event on standard error (standard output carries only what a person or a script waits for).
 * Synchronous on purpose: the lines before a crash are the ones that matter, and nothing on the record path logs.
 */
export function createLogger(level: string, bindings: Readonly<Record<string, unknown>>): Logger {
  const destination = pino.destination({ fd: 2, sync: true })
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  ).child(bindings)
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  }
}
