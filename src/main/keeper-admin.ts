import type { Keeper } from '../keeper/keeper.ts'
import { adminCommand, adminCommandNames, type AdminContext } from '../keeper/server/admin-commands.ts'
import { metrics, prometheusText } from '../keeper/server/monitor.ts'
import type { HttpAnswer, HttpHandler, HttpRequest } from './http/contract.ts'

const HTML = 'text/html; charset=utf-8'
const JSON_TYPE = 'application/json'
const TEXT = 'text/plain; charset=utf-8'
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8'
const notServing = 'This ZooKeeper instance is not currently serving requests'

/** ZooKeeper's AdminServer: `commandPath` lists the commands, `commandPath/name` runs one. */
export function adminHandler(keeper: Keeper, commandPath: string): HttpHandler {
  return (request) => {
    const refused = refusedMethod(request)
    if (refused !== undefined) return refused
    const path = request.path.replace(/\/+$/, '')
    if (path === commandPath) return { status: 200, contentType: HTML, body: listing(commandPath) }
    if (!path.startsWith(`${commandPath}/`)) {
      return { status: 404, contentType: TEXT, body: `nothing at ${request.path}: try ${commandPath}\n` }
    }
    return run(keeper, path.slice(commandPath.length + 1), request.query)
  }
}

/** `/metrics` for Prometheus, under ZooKeeper's names. */
export function metricsHandler(keeper: Keeper): HttpHandler {
  return (request) => {
    const refused = refusedMethod(request)
    if (refused !== undefined) return refused
    if (request.path !== '/metrics') {
      return { status: 404, contentType: TEXT, body: `nothing at ${request.path}: try /metrics\n` }
    }
    const { server } = keeper
    return server === undefined
      ? { status: 503, contentType: TEXT, body: `${notServing}\n` }
      : { status: 200, contentType: PROMETHEUS, body: prometheusText(metrics(server.commandContext())) }
  }
}

function refusedMethod(request: HttpRequest): HttpAnswer | undefined {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  return { status: 405, contentType: TEXT, body: `${request.method} is not supported here: use GET\n` }
}

function run(keeper: Keeper, name: string, query: string): HttpAnswer {
  const { server } = keeper
  if (server === undefined || !server.isRunning) return json(503, { command: name, error: notServing })
  const context: AdminContext = { ...server.commandContext(), lastSnapshot: keeper.lastSnapshot }
  const answer = adminCommand(name, context, new Map(new URLSearchParams(query)))
  return answer === undefined ? json(404, { command: name, error: `Unknown command: ${name}` }) : json(200, answer)
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, contentType: JSON_TYPE, body: `${JSON.stringify(body, null, 2)}\n` }
}

function listing(commandPath: string): string {
  return adminCommandNames.map((name) => `<a href="${commandPath}/${name}">${name}</a>\n<br/>\n`).join('')
}
