import { createServer } from 'node:net'

/**
 * Makes sure that nobody else listens on an address, and chooses a port where none is named.
 *
 * The shards share one port (`reusePort`), which two nodes of one user could do with each other too, each getting half
 * of the other's clients. A plain bind first finds that out: it conflicts with every listener there is.
 *
 * @param port 0 = any free one
 * @returns the port that was free a moment ago
 * @throws Error naming the address and what to do
 */
export function probePort(host: string, port: number, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      const fix =
        error.code === 'EADDRINUSE'
          ? 'another process listens there: stop it or choose another port'
          : error.code === 'EACCES'
            ? 'ports below 1024 need privileges: choose another port'
            : 'check the host in the configuration'
      reject(new Error(`${what} cannot listen on ${host}:${port} (${error.code ?? error.message}): ${fix}`))
    })
    server.listen({ host: host === '' ? '::' : host, port, exclusive: true }, () => {
      const address = server.address()
      const chosen = address !== null && typeof address === 'object' ? address.port : port
      server.close(() => resolve(chosen))
    })
  })
}
