/** What is known of an API before any of its messages is read. */
export interface ApiLayout {
  readonly key: number
  readonly name: string
  /** Versions whose layout is known; which of them are served is the broker's to say. */
  readonly minVersion: number
  readonly maxVersion: number
  /** First version with compact types and tagged fields; `Infinity` for none. Decides the header versions too. */
  readonly flexibleVersion: number
}

/**
 * What stands before the body of a stored message.
 *
 * - `none`: nothing; the body's first field, if any, is the version
 * - `version`: int16 version
 * - `apiKey`: int16 key number of the kind of record; such a body has version 0 only
 * - `metadata`: uvarint 1, uvarint key number, uvarint version
 * - `remoteLog`: uvarint key number, uvarint version
 */
type StoredPrefix = 'none' | 'version' | 'apiKey' | 'metadata' | 'remoteLog'

/** What is known of a stored message: a record of an internal topic, a control record, a file. */
export interface StoredLayout {
  readonly name: string
  /** Number of the kind of record; -1 where it has none. */
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
  /** First flexible version; `Infinity` for none. */
  readonly flexibleVersion: number
  readonly prefix: StoredPrefix
}
