import type { HttpAnswer, HttpHandler, HttpRequest } from './contract.ts'

/** What the routes ask of the node. */
export interface NodeHealth {
  /** Empty when the node serves clients; else what is still missing, in words. */
  whyNotReady(): string
  metrics(): Promise<string>
}

const TEXT = 'text/plain; charset=utf-8'
const JSON_TYPE = 'application/json'
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8'

/** `/metrics`, `/healthz` (and `/livez`), `/readyz`. */
export function routes(node: NodeHealth): HttpHandler {
  return async (request: HttpRequest): Promise<HttpAnswer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { status: 405, contentType: TEXT, body: `${request.method} is not supported here: use GET\n` }
    }
    switch (request.path) {
      case '/metrics':
        return { status: 200, contentType: PROMETHEUS, body: await node.metrics() }
      case '/healthz':
      case '/livez':
        return { status: 200, contentType: JSON_TYPE, body: '{"status":"alive"}\n' }
      case '/readyz': {
        const missing = node.whyNotReady()
        const body = `${JSON.stringify(missing === '' ? { status: 'ready' } : { status: 'not ready', missing })}\n`
        return { status: missing === '' ? 200 : 503, contentType: JSON_TYPE, body }
      }
      default:
        return {
          status: 404,
          contentType: TEXT,
          body: `nothing at ${request.path}: try /metrics, /healthz or /readyz\n`,
        }
    }
  }
}
