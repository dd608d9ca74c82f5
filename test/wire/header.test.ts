import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiLayout, apiName, isFlexible } from '../../src/protocol/api-versions.ts'
import { API_TABLE } from '../../src/protocol/generated/api-table.ts'
import {
  beginRequest,
  beginResponse,
  endFrame,
  readRequestHeader,
  readResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from '../../src/protocol/wire/header.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'
import { bytesOf, hexOf } from '../support/protocol-json.ts'

interface HeaderVersions {
  readonly key: number
  readonly name: string
  readonly from: number
  readonly request: readonly number[]
  readonly response: readonly number[]
}

// What Kafka's own tables say, per API from version `from` on.
const expected: readonly HeaderVersions[] = JSON.parse(
  readFileSync(new URL('vectors/header-versions.json', import.meta.url), 'utf8'),
)

test.each(expected)('$name: header versions are those of Kafka', ({ key, name, from, request, response }) => {
  expect(apiName(key)).toBe(name)
  const layout = apiLayout(key)
  expect([layout?.minVersion, layout?.maxVersion]).toEqual([from, from + request.length - 1])
  const versions = request.map((_, index) => from + index)
  expect(versions.map((version) => requestHeaderVersion(key, version))).toEqual(request)
  expect(versions.map((version) => responseHeaderVersion(key, version))).toEqual(response)
})

test('the table has every API and no other', () => {
  expect(API_TABLE.map((api) => api.key)).toEqual(expected.map((api) => api.key))
  expect([apiLayout(95), apiLayout(-1), apiName(1000), isFlexible(1000, 9)]).toEqual([
    undefined,
    undefined,
    'Api1000',
    false,
  ])
})

test('ApiVersions in a version that nobody knows has a header that can be read, and an answer header of version 0', () => {
  const reader = new Reader(bytesOf('0012' + '03e7' + '00000007' + '0001' + '61' + '00' + 'beef'))
  expect(readRequestHeader(reader)).toEqual({
    requestApiKey: 18,
    requestApiVersion: 999,
    correlationId: 7,
    clientId: 'a',
  })
  expect([reader.ok, reader.remaining]).toEqual([true, 2])
  expect(responseHeaderVersion(18, 999)).toBe(0)
})

test('the client id keeps its old length in the header with tagged fields, and may be null', () => {
  const reader = new Reader(bytesOf('0000' + '0009' + '00000001' + 'ffff' + '00'))
  expect(readRequestHeader(reader)).toEqual({
    requestApiKey: 0,
    requestApiVersion: 9,
    correlationId: 1,
    clientId: null,
  })
  expect([reader.ok, reader.remaining]).toEqual([true, 0])
})

test('ControlledShutdown 0 has a header without client id', () => {
  const reader = new Reader(bytesOf('0007' + '0000' + '00000001' + '0000002a'))
  readRequestHeader(reader)
  expect([reader.ok, reader.remaining]).toEqual([true, 4])
})

test('a header of an unknown API or cut short is refused', () => {
  const unknown = new Reader(bytesOf('03e8' + '0000' + '00000001' + '0000'))
  readRequestHeader(unknown)
  expect([unknown.ok, unknown.reason]).toEqual([false, 'there is no API with key 1000'])
  const whole = bytesOf('0000' + '0009' + '00000001' + '0001' + '61' + '00')
  for (let size = 0; size < whole.length; size += 1) {
    const reader = new Reader(whole, 0, size)
    readRequestHeader(reader)
    expect(reader.ok).toBe(false)
  }
})

test('a request frame carries its size and is read back', () => {
  const writer = new Writer()
  writer.int8(99)
  const startsAt = beginRequest(writer, 3, 12, 41, 'client')
  writer.int32(7)
  endFrame(writer, startsAt)
  const frame = writer.finish().subarray(1)
  const reader = new Reader(frame)
  expect(reader.int32()).toBe(frame.length - 4)
  expect(readRequestHeader(reader)).toEqual({
    requestApiKey: 3,
    requestApiVersion: 12,
    correlationId: 41,
    clientId: 'client',
  })
  expect(reader.int32()).toBe(7)
})

test('an answer frame counts the records that are sent apart from it', () => {
  const writer = new Writer()
  writer.detachRecords = true
  const startsAt = beginResponse(writer, 1, 12, 5)
  writer.records({ bytes: new Uint8Array(0), startsAt: 0, sizeBytes: 1000 }, true)
  endFrame(writer, startsAt)
  expect(hexOf(writer.finish())).toBe('000003ef' + '00000005' + '00' + 'e907')
  const second = beginResponse(writer, 1, 11, 6)
  endFrame(writer, second, writer.detachedSizeBytes)
  expect(hexOf(writer.finish().subarray(second))).toBe('00000004' + '00000006')
})

test('an answer header is read by the version of its request', () => {
  const flexible = new Reader(bytesOf('00000005' + '00'))
  expect([readResponseHeader(flexible, 1, 12).correlationId, flexible.remaining]).toEqual([5, 0])
  const apiVersions = new Reader(bytesOf('00000005' + '00'))
  expect([readResponseHeader(apiVersions, 18, 3).correlationId, apiVersions.remaining]).toEqual([5, 1])
})
