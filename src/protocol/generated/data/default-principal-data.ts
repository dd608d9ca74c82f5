// Generated from schema/data/default-principal-data.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const defaultPrincipalDataLayout: StoredLayout = {
  name: 'DefaultPrincipalData',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface DefaultPrincipalData {
  type: string
  name: string
  tokenAuthenticated: boolean
  unknownTags?: UnknownTag[]
}

export function readDefaultPrincipalData(reader: Reader, _version: number): DefaultPrincipalData {
  const type = reader.string(true)
  const name = reader.string(true)
  const tokenAuthenticated = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: DefaultPrincipalData = { type, name, tokenAuthenticated }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDefaultPrincipalData(
  writer: Writer,
  message: Draft<DefaultPrincipalData>,
  _version: number,
): void {
  const type = message.type ?? ''
  writer.string(type, true)
  const name = message.name ?? ''
  writer.string(name, true)
  const tokenAuthenticated = message.tokenAuthenticated ?? false
  writer.bool(tokenAuthenticated)
  writer.onlyUnknownTags(message.unknownTags)
}
