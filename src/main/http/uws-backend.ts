import { createRequire } from 'node:module'
import type { HttpHandler, HttpServer } from './contract.ts'

// The few things we use of uWebSockets.js, typed here because the package is optional: it may be absent when we compile.
interface UwsResponse {
  writeStatus(status: string): UwsResponse
  writeHeader(name: string, value: string): UwsResponse
  end(body: string): UwsResponse
  cork(write: () => void): UwsResponse
  onAborted(aborted: () => void): UwsResponse
}
interface UwsRequest {
  getMethod(): string
  getUrl(): string
  getQuery(): string
}
interface UwsApp {
  any(pattern: string, handler: (response: UwsResponse, request: UwsRequest) => void): UwsApp
  listen(host: string, port: number, done: (socket: object | false) => void): UwsApp
  close(): UwsApp
}
interface Uws {
  App(): UwsApp
  us_socket_local_port(socket: object): number
}

const REASONS: Readonly<Record<number, string>> = {
  200: '200 OK',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  503: '503 Service Unavailable',
}

/** Loads the native module, or says why it cannot be had (glibc too old, no build for this Node, not installed). */
export function loadUws(): { readonly uws: Uws } | { readonly reason: string } {
  try {
    return { uws: createRequire(import.meta.url)('uWebSockets.js') as Uws }
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n')[0] ?? 'unknown') : String(error) }
  }
}

/** Serves `handler` with uWebSockets.js. @throws when the address cannot be bound */
export function serveWithUws(uws: Uws, host: string, port: number, handler: HttpHandler): Promise<HttpServer> {
  const app = uws.App()
  app.any('/*', (response, request) => {
    // A response that was aborted must not be touched again: the object is freed below us.
    let isAborted = false
    response.onAborted(() => {
      isAborted = true
    })
    const asked = { method: request.getMethod().toUpperCase(), path: request.getUrl(), query: request.getQuery() ?? '' }
    void Promise.resolve(handler(asked)).then((answer) => {
      if (isAborted) return
      response.cork(() => {
        response
          .writeStatus(REASONS[answer.status] ?? String(answer.status))
          .writeHeader('content-type', answer.contentType)
          .end(answer.body)
      })
    })
  })
  return new Promise((resolve, reject) => {
    app.listen(host, port, (socket) => {
      if (socket === false) {
        reject(Object.assign(new Error(`cannot listen on ${host}:${port}`), { code: 'EADDRINUSE' }))
        return
      }
      resolve({
        backend: 'uWebSockets.js',
        port: uws.us_socket_local_port(socket),
        // Kept-alive connections too: a scraper's would hold the process for seconds after everything else has ended.
        close: async () => void app.close(),
      })
    })
  })
}
