/** A handshake record of any version 3.x: its first two bytes. */
const TLS_HELLO = 0x1603

/** Where the first four bytes are no length at all, says of what they are the beginning, for a log line. */
export function otherProtocol(sizeBytes: number): string {
  if (sizeBytes >>> 16 === TLS_HELLO) {
    return ', which is how TLS begins: connect to secureClientPort, or set client.portUnification=true'
  }
  const text = String.fromCharCode(sizeBytes >>> 24, (sizeBytes >>> 16) & 255, (sizeBytes >>> 8) & 255, sizeBytes & 255)
  return /^(GET|POST|PUT|HEAD|OPTI)/.test(text)
    ? ', which is how HTTP begins: the admin server has a port of its own (admin.serverPort)'
    : ', or speaks another protocol'
}
