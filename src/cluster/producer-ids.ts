/** Blocks of producer ids: `/latest_producer_id_block` holds the last one given out in the whole cluster. */
import { KeeperErrorCode, type ZooKeeperClient } from '../zookeeper/contract.ts'
import { isKeeperError } from './startup.ts'
import { PRODUCER_ID_BLOCK_PATH, decodeProducerIdBlock, encodeProducerIdBlock } from './znodes.ts'

const PRODUCER_ID_BLOCK_SIZE: number = 1_000
/** Every lost race means that another broker got a block; so many in a row do not happen. */
const TRIES_MAX = 100

/**
 * Takes the next block. The write is conditional on the version read, so two brokers can never be given the same ids,
 * even when both believe to be controller.
 */
export async function takeProducerIdBlock(
  zookeeper: ZooKeeperClient,
  brokerId: number,
): Promise<{ readonly first: number; readonly count: number }> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const { data, stat } = await zookeeper.getData(PRODUCER_ID_BLOCK_PATH)
    const previous = decodeProducerIdBlock(data)
    if (previous === undefined && data !== null && data.length > 0) {
      throw new Error(`${PRODUCER_ID_BLOCK_PATH} cannot be read: ids may be given out twice, repair the node by hand`)
    }
    const first = previous === undefined ? 0 : previous.last + 1
    const last = first + PRODUCER_ID_BLOCK_SIZE - 1
    try {
      await zookeeper.setData(
        PRODUCER_ID_BLOCK_PATH,
        encodeProducerIdBlock({ broker: brokerId, first, last }),
        stat.version,
      )
      return { first, count: PRODUCER_ID_BLOCK_SIZE }
    } catch (error) {
      if (!isKeeperError(error, KeeperErrorCode.badVersion)) throw error
    }
  }
  throw new Error(`${PRODUCER_ID_BLOCK_PATH} changed ${TRIES_MAX} times while a block was being taken`)
}
