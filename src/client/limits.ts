// Every bound of the client, and why it is what it is. Defaults are those of Kafka's own clients where it has one.

/** A request without an answer for so long closes its connection (`request.timeout.ms`). */
export const REQUEST_TIMEOUT_MS: number = 30_000
/** Setting up a connection, lookup included (`socket.connection.setup.timeout.ms`). */
export const CONNECT_TIMEOUT_MS: number = 10_000
/** How long a call of the admin client goes on trying (`default.api.timeout.ms`). */
export const API_TIMEOUT_MS: number = 60_000

/** Pauses between attempts double from the first to the last (`retry.backoff.ms`, `retry.backoff.max.ms`). */
export const RETRY_BACKOFF_FIRST_MS: number = 100
export const RETRY_BACKOFF_LAST_MS: number = 1_000
/** Share by which a pause may differ, so that clients that failed together do not come back together. */
export const RETRY_BACKOFF_JITTER: number = 0.2

/** Requests sent on one connection and not answered. A broker stops reading long before. */
export const IN_FLIGHT_MAX: number = 64
/** Requests waiting for a place on one connection: beyond it something is wrong with the caller. */
export const UNSENT_MAX: number = 1_024
/** An answer larger than this is not one: a fetch asks for 50 MiB, one batch may pass that by 100 MiB. */
export const FRAME_SIZE_BYTES_MAX: number = 256 * 1024 * 1024

/** How long a broker that left a request unanswered is asked only when no other can be: by then it lives again, or the cluster does without it. */
export const SILENT_MS: number = 10_000

/** Metadata is looked at again after so long even if nothing failed (`metadata.max.age.ms`). */
export const METADATA_AGE_MAX_MS: number = 300_000

/** Unacknowledged produce requests per broker. A broker remembers five batches per producer and partition, no more. */
export const PRODUCE_IN_FLIGHT_MAX: number = 5
/** Bytes of records the producer holds (`buffer.memory`); a `send` beyond waits. */
export const PRODUCE_BUFFER_SIZE_BYTES: number = 32 * 1024 * 1024
/** Sends that may wait for room: a caller that never awaits is told instead of filling the memory. */
export const PRODUCE_WAITING_MAX: number = 10_000
/** How long a send waits for room or for metadata (`max.block.ms`). */
export const PRODUCE_BLOCK_MS: number = 60_000
/** From `send` to the last attempt's end (`delivery.timeout.ms`). */
export const DELIVERY_TIMEOUT_MS: number = 120_000
/** Size of one batch before compression (`batch.size`). */
export const BATCH_SIZE_BYTES: number = 16 * 1024
/** How long a batch waits for company (`linger.ms` since Kafka 4). */
export const LINGER_MS: number = 5
/** Size of one produce request (`max.request.size`). */
export const PRODUCE_REQUEST_SIZE_BYTES: number = 1024 * 1024

/** What one fetch may bring (`fetch.max.bytes`, `max.partition.fetch.bytes`, `fetch.max.wait.ms`). */
export const FETCH_SIZE_BYTES: number = 50 * 1024 * 1024
export const FETCH_PARTITION_SIZE_BYTES: number = 1024 * 1024
export const FETCH_WAIT_MS: number = 500
/**
 * A leader that lets a fetch wait so much longer than it may, or a connection so long, makes the client ask other brokers who
 * leads now: it may be frozen or cut off behind connections that stand, and a frozen process still accepts new ones. Kafka's
 * clients wait for the whole request timeout before they look.
 */
export const LEADER_OVERDUE_MS: number = 2_000
/** Records handed out by one `poll` (`max.poll.records`). */
export const POLL_RECORDS_MAX: number = 500

/** Group membership (`session.timeout.ms`, `heartbeat.interval.ms`, `max.poll.interval.ms`, `auto.commit.interval.ms`). */
export const SESSION_TIMEOUT_MS: number = 45_000
export const HEARTBEAT_INTERVAL_MS: number = 3_000
export const POLL_INTERVAL_MAX_MS: number = 300_000
export const AUTO_COMMIT_INTERVAL_MS: number = 5_000
