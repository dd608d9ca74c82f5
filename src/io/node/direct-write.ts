import type net from 'node:net'

// A `net.Socket` puts each write through its buffers, its callbacks and two turns of the microtask queue, which costs more
// than the small answer is worth. Where nothing waits before it, such an answer can go to the handle itself, which hands it
// to the system at once. The class of requests that a handle wants with a write is not public: it is taken from the first
// write that net makes. Where it never shows, or the handle is another, nothing is written directly.

/** What a handle keeps of a write that the system did not take at once. */
interface WriteRequest {
  /** Below zero until the handle has made the request a pending one. */
  getAsyncId(): number
  oncomplete: ((status: number) => void) | undefined
  bytes: Uint8Array | undefined
}

interface WritableHandle {
  /** Bytes that wait in the handle; 0 = the system has taken everything. */
  readonly writeQueueSize: number
  writeBuffer(request: object, bytes: Uint8Array): number
}

let makeRequest: (() => WriteRequest) | undefined
/** Not used up by a write that completes at once. */
let spareRequest: WriteRequest | undefined

function isWritable(handle: object): handle is WritableHandle {
  return 'writeBuffer' in handle && typeof handle.writeBuffer === 'function' && 'writeQueueSize' in handle
}

/** Watches for net's first write. Call for each new handle: once the class is known it does nothing. */
export function learnFrom(handle: object): void {
  if (makeRequest !== undefined || !isWritable(handle)) return
  const { writeBuffer } = handle
  handle.writeBuffer = (request, bytes) => {
    if (typeof (request as Partial<WriteRequest>).getAsyncId === 'function') {
      const RequestClass = request.constructor as new () => WriteRequest
      makeRequest ??= () => new RequestClass()
    }
    handle.writeBuffer = writeBuffer
    return writeBuffer.call(handle, request, bytes)
  }
}

/**
 * Writes past the socket's own buffers. The bytes must be few: what the system does not take at once stays in the handle.
 *
 * @param done runs later, once, and only for 'kept'
 * @returns 'sent': the bytes are free again; 'kept': they must not change until `done`; 'refused': nothing was done
 */
export function writeDirectly(
  socket: net.Socket,
  handle: object,
  bytes: Uint8Array,
  done: () => void,
): 'sent' | 'kept' | 'refused' {
  if (makeRequest === undefined || !isWritable(handle)) return 'refused'
  if (!socket.writable || socket.writableLength > 0 || handle.writeQueueSize > 0) return 'refused'
  const request = spareRequest ?? makeRequest()
  spareRequest = undefined
  const status = handle.writeBuffer(request, bytes)
  if (status !== 0) {
    socket.destroy(new Error(`write failed with ${status}`))
    return 'sent'
  }
  // Not the queue's size: what the system takes at the handle's second try leaves it empty, and completes later all the same.
  if (request.getAsyncId() < 0) {
    spareRequest = request
    return 'sent'
  }
  request.bytes = bytes
  request.oncomplete = (completion) => {
    request.bytes = undefined
    if (completion !== 0) socket.destroy(new Error(`write failed with ${completion}`))
    done()
  }
  return 'kept'
}
