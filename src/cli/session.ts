import { AdminContext } from '../client/admin/context.ts'
import type { Cluster } from '../client/cluster.ts'
import { type CliContext, DEFAULT_BOOTSTRAP, openCluster } from './context.ts'
import type { Format } from './table.ts'

/** How long a command goes on trying before it says that it cannot. */
const ADMIN_TIMEOUT_MS = 15_000

/** What every command is given. */
export interface Session {
  readonly context: CliContext
  readonly cluster: Cluster
  readonly admin: AdminContext
  readonly format: Format
}

export interface GlobalOptions {
  readonly bootstrapServer?: string | undefined
  readonly output?: Format | undefined
  readonly mayCreateTopics?: boolean | undefined
}

/** Runs a command with a cluster that is closed whatever happens. */
export async function withSession<T>(
  context: CliContext,
  options: GlobalOptions,
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const bootstrap = options.bootstrapServer ?? context.variables['KAFKA_BROKERS'] ?? DEFAULT_BOOTSTRAP
  const cluster = openCluster(context, bootstrap, options.mayCreateTopics)
  try {
    return await run({
      context,
      cluster,
      admin: new AdminContext(cluster, ADMIN_TIMEOUT_MS),
      format: options.output ?? 'table',
    })
  } finally {
    cluster.close()
  }
}
