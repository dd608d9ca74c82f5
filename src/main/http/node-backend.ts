import { createServer } from 'node:http'
import type { HttpHandler, HttpServer } from './contract.ts'

/** Serves `handler` with Node's own HTTP server. @throws when the address cannot be bound */
export function serveWithNode(host: string, port: number, handler: HttpHandler): Promise<HttpServer> {
  const server = createServer((request, response) => {
    // No route takes a body: what a client sends with a request is read and thrown away.
    request.resume()
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    void Promise.resolve(handler({ method: request.method ?? 'GET', path, query })).then((answer) => {
      response.writeHead(answer.status, {
        'content-type': answer.contentType,
        'content-length': Buffer.byteLength(answer.body),
      })
      response.end(answer.body)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve({
        backend: 'node:http',
        port: address !== null && typeof address === 'object' ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}
