/** The one HTTP seam of a node: routes are written once and served by whichever backend this machine can load. */

export interface HttpRequest {
  readonly method: string
  readonly path: string
  /** What follows the '?', undecoded; empty when there is none. */
  readonly query: string
}

export interface HttpAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export type HttpHandler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>

export interface HttpServer {
  /** 'uWebSockets.js' or 'node:http'. */
  readonly backend: string
  readonly port: number
  close(): Promise<void>
}
