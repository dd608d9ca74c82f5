import type { Controller } from '../../cluster/controller.ts'
import type { Logger } from '../../io/ports.ts'
import type { ShardHost } from '../shard-host.ts'
import type { HttpServer } from './contract.ts'
import { routes } from './routes.ts'
import { type HttpBackend, serveHttp } from './serve.ts'

export interface HttpOptions {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  readonly backend: string
}

/**
 * Opens metrics and health. A port that is taken does not keep the node from serving Kafka: it is logged, and the node
 * goes on without HTTP.
 */
export async function openHttp(
  options: HttpOptions,
  shards: ShardHost,
  controller: Controller,
  log: Logger,
): Promise<HttpServer | undefined> {
  const handler = routes({
    // The listeners are open before HTTP is. A node that no controller has told of the cluster knows no topic.
    whyNotReady: () => (controller.agent.hasMetadata ? '' : 'no controller has told this node of the cluster yet'),
    metrics: async () => {
      // Loaded by the first scrape: prom-client and what it brings cost 10 MB and 100 ms of a start on one core.
      const { renderMetrics } = await import('../metrics/render.ts')
      return renderMetrics(await shards.metrics(), {
        isActiveController: controller.isActive,
        ...controller.counts(),
        brokerCount: controller.agent.brokers.length,
        offlineLogDirectoryCount: 0,
      })
    },
  })
  try {
    return await serveHttp(options.host, options.port, options.backend as HttpBackend, handler, log)
  } catch (error) {
    log.warn(
      `HTTP cannot listen on ${options.host}:${options.port}: ${error instanceof Error ? error.message : String(error)}. ` +
        'The node serves Kafka without /metrics; set jackdaw.http.port to a free port, or to -1 to switch HTTP off',
    )
    return undefined
  }
}
