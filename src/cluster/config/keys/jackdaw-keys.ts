import { type ConfigKey, keysOf } from '../key.ts'

/** Keys of our own. All are read at start. */
export const JACKDAW_KEYS: readonly ConfigKey[] = keysOf(`
jackdaw.acks.durable              | boolean | false     | -         | read-only
jackdaw.fast.failure.detection    | boolean | true      | -         | read-only
jackdaw.http.backend              | string  | auto      | one of auto,uws,node | read-only
jackdaw.http.host                 | string  | 127.0.0.1 | not empty | read-only
jackdaw.http.port                 | int     | 8080      | -1..65535 | read-only
jackdaw.keeper.client.host        | string  | 127.0.0.1 | not empty | read-only
jackdaw.keeper.client.port        | int     | 2181      | -1..65535 | read-only
jackdaw.keeper.data.dir           | string  | null      | -         | read-only
jackdaw.keeper.id                 | int     | -1        | -1..255   | read-only
jackdaw.keeper.init.limit         | int     | 10        | 1..10000  | read-only
jackdaw.keeper.servers            | string  | null      | -         | read-only
jackdaw.keeper.sync.limit         | int     | 2         | 1..10000  | read-only
jackdaw.keeper.tick.ms            | int     | 2000      | 1..600000 | read-only
jackdaw.log.level                 | string  | info      | one of debug,info,warn,error,silent | read-only
jackdaw.memory.bytes              | long    | -1        | -1 or 16777216..4294967296 | read-only
jackdaw.num.shards                | int     | -1        | -1 or 1..64 | read-only
num.shards                        | int     | -1        | -1 or 1..64 | read-only
`)
