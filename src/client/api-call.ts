import type { Draft } from '../protocol/wire/draft.ts'
import type { ApiLayout } from '../protocol/wire/layout.ts'
import type { Reader } from '../protocol/wire/reader.ts'
import type { Writer } from '../protocol/wire/writer.ts'

/** One API as a client uses it: how to write the request, how to read the answer, which versions the caller masters. */
export interface ApiCall<Request, Response> {
  readonly layout: ApiLayout
  readonly write: (writer: Writer, message: Draft<Request>, version: number) => void
  readonly read: (reader: Reader, version: number) => Response
  /** Oldest version that says what this client has to say. */
  readonly minVersion: number
  /** Newest version whose meaning this client knows. */
  readonly maxVersion: number
}

/**
 * @param versions oldest and newest that the caller masters; by default every version whose layout is known
 */
export function apiCall<Request, Response>(
  layout: ApiLayout,
  write: (writer: Writer, message: Draft<Request>, version: number) => void,
  read: (reader: Reader, version: number) => Response,
  versions: { readonly min?: number; readonly max?: number } = {},
): ApiCall<Request, Response> {
  const minVersion = versions.min ?? layout.minVersion
  const maxVersion = Math.min(versions.max ?? layout.maxVersion, layout.maxVersion)
  return { layout, write, read, minVersion, maxVersion }
}

/** What a broker said it serves, by API key. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** Newest version that both sides master; undefined when there is none. */
export function commonVersion(
  call: { readonly minVersion: number; readonly maxVersion: number },
  served: VersionRange | undefined,
): number | undefined {
  if (served === undefined) return undefined
  const version = Math.min(call.maxVersion, served.max)
  return version >= Math.max(call.minVersion, served.min) ? version : undefined
}
