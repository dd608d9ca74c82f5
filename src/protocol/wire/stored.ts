import type { StoredLayout } from './layout.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** The only frame version of records in the metadata log. */
const METADATA_FRAME_VERSION = 1

/**
 * Writes what stands before the body of a stored message.
 *
 * @param layout the message's constant, such as `offsetCommitValueLayout`
 * @param version version of the body that follows
 */
export function writeStoredPrefix(writer: Writer, layout: StoredLayout, version: number): void {
  switch (layout.prefix) {
    case 'none':
      return
    case 'version':
      writer.int16(version)
      return
    case 'apiKey':
      writer.int16(layout.apiKey)
      return
    case 'metadata':
      writer.uvarint(METADATA_FRAME_VERSION)
      writer.uvarint(layout.apiKey)
      writer.uvarint(version)
      return
    case 'remoteLog':
      writer.uvarint(layout.apiKey)
      writer.uvarint(version)
  }
}

/**
 * Reads what stands before the body of a stored message and tells the body's version.
 *
 * A key number of another kind of record, or a version outside the layout's, makes the reader's `ok` false. A reader of
 * a topic with several kinds of record looks at the key number first and picks the layout by it.
 */
export function readStoredPrefix(reader: Reader, layout: StoredLayout): number {
  switch (layout.prefix) {
    case 'none':
      return layout.maxVersion
    case 'version':
      return known(reader, layout, reader.int16())
    case 'apiKey':
      expectKey(reader, layout, reader.int16())
      return layout.maxVersion
    case 'metadata': {
      const frameVersion = reader.uvarint()
      if (frameVersion !== METADATA_FRAME_VERSION) reader.fail(`metadata frame version ${frameVersion}`)
      expectKey(reader, layout, reader.uvarint())
      return known(reader, layout, reader.uvarint())
    }
    case 'remoteLog':
      expectKey(reader, layout, reader.uvarint())
      return known(reader, layout, reader.uvarint())
  }
}

function expectKey(reader: Reader, layout: StoredLayout, apiKey: number): void {
  if (apiKey !== layout.apiKey) reader.fail(`a record of kind ${apiKey}, not ${layout.name}`)
}

function known(reader: Reader, layout: StoredLayout, version: number): number {
  if (version >= layout.minVersion && version <= layout.maxVersion) return version
  reader.fail(`${layout.name} has no version ${version}`)
  return layout.maxVersion
}
