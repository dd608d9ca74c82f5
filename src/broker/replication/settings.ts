import { type BrokerConfig, configFlag, configNumber } from '../../cluster/config/broker-config.ts'

/** What fetchers obey. Sizes in bytes. */
export interface FetcherSettings {
  readonly brokerId: number
  /** `replica.fetch.max.bytes`, per partition; a first batch that is larger comes all the same. */
  readonly partitionSizeMaxBytes: number
  /** `replica.fetch.response.max.bytes` */
  readonly responseSizeMaxBytes: number
  /** `replica.fetch.min.bytes` */
  readonly sizeMinBytes: number
  /** `replica.fetch.wait.max.ms` */
  readonly waitMaxMs: number
  /** `replica.lag.time.max.ms` */
  readonly lagMaxMs: number
  /** `replica.fetch.backoff.ms`: the longest pause after a failure. The first ones are shorter. */
  readonly backoffMs: number
  /** `replica.socket.timeout.ms`: for connecting, and for an answer beyond the time that it may wait. */
  readonly timeoutMs: number
  /** `jackdaw.acks.durable`: a leader is told that we have something only once the disk has it. */
  readonly isDurable: boolean
}

export function fetcherSettings(brokerId: number, config: BrokerConfig): FetcherSettings {
  return {
    brokerId,
    partitionSizeMaxBytes: configNumber(config, 'replica.fetch.max.bytes'),
    responseSizeMaxBytes: configNumber(config, 'replica.fetch.response.max.bytes'),
    sizeMinBytes: configNumber(config, 'replica.fetch.min.bytes'),
    waitMaxMs: configNumber(config, 'replica.fetch.wait.max.ms'),
    lagMaxMs: configNumber(config, 'replica.lag.time.max.ms'),
    backoffMs: configNumber(config, 'replica.fetch.backoff.ms'),
    timeoutMs: configNumber(config, 'replica.socket.timeout.ms'),
    isDurable: configFlag(config, 'jackdaw.acks.durable'),
  }
}
