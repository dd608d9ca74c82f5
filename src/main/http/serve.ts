import type { Logger } from '../../io/ports.ts'
import type { HttpHandler, HttpServer } from './contract.ts'
import { serveWithNode } from './node-backend.ts'
import { loadUws, serveWithUws } from './uws-backend.ts'

/** Which backend to use: `auto` takes uWebSockets.js where it loads. */
export type HttpBackend = 'auto' | 'uws' | 'node'

/**
 * Starts the node's HTTP side.
 *
 * @throws when the address cannot be bound, or when `uws` is demanded and cannot be loaded
 */
export function serveHttp(
  host: string,
  port: number,
  backend: HttpBackend,
  handler: HttpHandler,
  log: Logger,
): Promise<HttpServer> {
  if (backend !== 'node') {
    const loaded = loadUws()
    if ('uws' in loaded) return serveWithUws(loaded.uws, host, port, handler)
    if (backend === 'uws') {
      throw new Error(
        `uWebSockets.js cannot be loaded (${loaded.reason}): set jackdaw.http.backend=auto to fall back to node:http`,
      )
    }
    log.debug('uWebSockets.js does not load here, HTTP is served by node:http', { reason: loaded.reason })
  }
  return serveWithNode(host, port, handler)
}
