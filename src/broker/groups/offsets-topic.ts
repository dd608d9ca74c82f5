import type { ControlPlane } from '../../cluster/contract.ts'
import { ErrorCode, errorName } from '../../model/error-code.ts'
import { OFFSETS_TOPIC } from '../../model/names.ts'
import type { BrokerServices } from '../context.ts'

/** Creations under way: every consumer of a fresh node asks at the same moment, one answer serves them all. */
const underWay = new WeakMap<ControlPlane, Promise<void>>()

/**
 * Makes `__consumer_offsets` if there is none. Afterwards the view holds it, or it could not be made and the client is
 * to ask again.
 */
export function ensureOffsetsTopic(services: BrokerServices): Promise<void> {
  if (services.view.topic(OFFSETS_TOPIC) !== undefined) return Promise.resolve()
  const pending = underWay.get(services.control)
  if (pending !== undefined) return pending
  const created = create(services).finally(() => underWay.delete(services.control))
  underWay.set(services.control, created)
  return created
}

async function create(services: BrokerServices): Promise<void> {
  const spec = services.groups.offsetsTopic(services.view.brokers.length)
  const [result] = await services.control.createTopics([spec], false, true)
  // Another node or shard was faster: the view will hold it in a moment.
  if (result === undefined || result.code === ErrorCode.none || result.code === ErrorCode.topicAlreadyExists) return
  services.log.warn(
    `${OFFSETS_TOPIC} could not be created: ${errorName(result.code)}${result.message === null ? '' : `, ${result.message}`}; ` +
      'consumer groups wait until it can. With fewer brokers than offsets.topic.replication.factor, lower that setting',
    { code: result.code },
  )
}
