// Every bound of the serving half, with its reason. Those that Kafka has a key for are only defaults: see BrokerOptions.

const KIB = 1024
const MIB = 1024 * KIB

/** `socket.request.max.bytes`: Kafka's default. */
export const REQUEST_SIZE_MAX_BYTES: number = 100 * MIB

/** A frame holds at least api key, version, correlation id and the length of a client id. */
export const REQUEST_SIZE_MIN_BYTES: number = 10

/**
 * Requests of one connection whose answers have not left. Only Produce requests overlap (see connection.ts); Java keeps
 * at most five in flight, librdkafka without idempotence far more. Enough that a turn's worth of single-record requests
 * fits, few enough that one connection cannot fill the shard's lists.
 */
export const REQUESTS_IN_FLIGHT_MAX: number = 256

/** Answer bytes that may wait for one slow peer before its next request is started. A single answer may be larger. */
export const ANSWER_BYTES_QUEUED_MAX: number = 256 * KIB

/**
 * Frames from here on are read straight into an arena region reserved before they come. Below it one read of the landing
 * buffer brings several frames, and copying the batches costs less than a system call per frame.
 */
export const PREDICTED_FRAME_SIZE_MIN_BYTES: number = 64 * KIB

/** A region reserved ahead is given back when nothing arrived for this long: idle connections own no memory. */
export const PREDICTED_REGION_IDLE_MS: number = 5_000

/** Part of the arena beyond which nothing is reserved ahead of need. */
export const PREDICTED_ARENA_SHARE_MAX: number = 0.5

/** Record bytes of one partition up to which copying them beside the answer's head is cheaper than leasing the arena. */
export const COPIED_RECORDS_SIZE_MAX_BYTES: number = 8 * KIB

/** Answers up to this size are gathered in shared slabs, larger ones keep the memory they were written in. */
export const SLAB_ANSWER_SIZE_MAX_BYTES: number = 32 * KIB
export const SLAB_SIZE_BYTES: number = 256 * KIB

/** A lone answer up to this size goes to the system past the socket's buffers, which cost more than sending it. */
export const DIRECT_WRITE_SIZE_MAX_BYTES: number = 16 * KIB

/** One piece of a file range on its way from the page cache to a socket: few large writes cost least. */
export const FILE_BUFFER_SIZE_BYTES: number = 512 * KIB
/** Such buffers per worker: 32 connections at full speed. The others share what is below. */
export const FILE_BUFFERS_MAX: number = 64
/** Kept when nobody sends; the rest is given back to the system. */
export const FILE_BUFFERS_KEPT: number = 4
/**
 * What a connection gets when all buffers are with others, so that readers who do not read cannot starve the rest.
 * Bounded by the number of connections.
 */
export const SPARE_FILE_BUFFER_SIZE_BYTES: number = 64 * KIB

/**
 * A piece of a file that took longer to read came from the disk: from the page cache the largest takes a fifth of a
 * millisecond, a few times that where the machine is busy.
 */
export const SLOW_READ_MS: number = 3
/** Pieces read off the thread after that: 32 MiB, so that a consumer of old data stops the others once in as many. */
export const ASIDE_PIECES: number = 64

/** Bytes handed to the system in one write; more waits its turn, so that leases end one by one. */
export const WRITE_SIZE_MAX_BYTES: number = 4 * MIB
/** Parts of one write: libuv's own limit is the system's IOV_MAX of 1024. */
export const WRITE_PARTS_MAX: number = 512

/** `connections.max.idle.ms`: Kafka's default. */
export const IDLE_CONNECTION_MS: number = 600_000
/** How often all connections are looked at, with one timer. Deadlines are that much late at most. */
export const SWEEP_INTERVAL_MS: number = 1_000

/** Connections of one worker unless `max.connections` says less: below the usual limit on open files. */
export const CONNECTIONS_MAX: number = 100_000

/**
 * A peer that has not taken a byte of its answer for this long, while producers wait for arena memory that its answer
 * leases, is cut off. It fetches again; without this a stopped consumer would stop producers.
 */
export const STALLED_LEASE_MS: number = 10_000
/**
 * A peer that has announced a request and sent nothing more of it for this long, while others wait for the memory that
 * is reserved for the rest, is cut off. Without this a few peers that hang would stop all producers.
 */
export const STALLED_REQUEST_MS: number = 5_000
/** A connection that waited for memory itself has had this long to read what the peer sent meanwhile. */
export const RESUMED_REQUEST_MS: number = 1_000
/** Part of the arena in use from which on stalled peers are looked for; somebody who waits for memory is a reason too. */
export const SHORT_ARENA_SHARE: number = 0.75

/** `max.incremental.fetch.session.cache.slots`: Kafka's default for a whole broker. */
export const FETCH_SESSIONS_MAX: number = 1_000
/** `min.incremental.fetch.session.eviction.ms`: Kafka's fixed value. */
export const FETCH_SESSION_EVICTION_MS: number = 120_000

/** How long `stop` waits for requests in flight before it closes their connections. */
export const DRAIN_MS: number = 5_000

/** Log lines about peers that misbehave, per sweep: a port scan must not fill the disk. */
export const PEER_COMPLAINTS_PER_SWEEP_MAX: number = 20
