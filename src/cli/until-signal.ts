const EXIT_OK = 0
const EXIT_FAILURE = 1

/**
 * Runs a server until it is told to end. First signal: clean stop. Second: at once, as after a crash. Started by `jackdaw
 * dev`, it also ends with the process that started it: nobody else would ever stop it.
 *
 * @param name for the message when it does not stop cleanly: `node`, `keeper`
 * @returns the exit code
 */
export function serveUntilSignal(name: string, server: { stop(): Promise<void> }): Promise<number> {
  return new Promise((done) => {
    let isStopping = false
    const onSignal = (signal: NodeJS.Signals): void => {
      if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143)
      isStopping = true
      void server.stop().then(
        () => done(EXIT_OK),
        (error: unknown) => {
          const cause = error instanceof Error ? error.message : String(error)
          process.stderr.write(`jackdaw: the ${name} did not stop cleanly: ${cause}\n`)
          process.exit(EXIT_FAILURE)
        },
      )
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
    if (process.connected) {
      process.once('disconnect', () => onSignal('SIGTERM'))
      // It must not keep the process alive after a stop.
      process.channel?.unref()
    }
  })
}
