import { connect, type Socket } from 'node:net'
import { NodeClock } from '../../io/node/clock.ts'
import { NodeTimers } from '../../io/node/timers.ts'
import type { ClientSecurity } from '../../main/zookeeper-security.ts'
import { parseServers, type ServerAddress, socketTransport } from '../../main/zookeeper-transport.ts'
import { connectZooKeeper } from '../../zookeeper/client.ts'
import type { ZooKeeperFullClient } from '../../zookeeper/contract.ts'

/** Nothing of TLS or SASL. */
export const plain: ClientSecurity = { openTls: undefined, sasl: undefined }

/** Opens a session with one of the servers. @throws KeeperError connectionLoss when none answers in time */
export function connectTo(
  text: string,
  sessionTimeoutMs: number,
  { openTls, sasl }: ClientSecurity = plain,
): Promise<ZooKeeperFullClient> {
  const { servers, chroot } = parseServers(text)
  return connectZooKeeper({
    transport: socketTransport(servers, openTls),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    // What becomes of the session is told as events; a person at a prompt wants no log lines between them.
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    sessionTimeoutMs,
    chroot,
    ...(sasl === undefined ? {} : { sasl }),
  })
}

/** Sends a four-letter word and gathers what comes back. Rejects with the socket's error. @param openTls undefined = plain */
export function fourLetterWord(
  word: string,
  { host, port }: ServerAddress,
  timeoutMs: number,
  openTls?: ClientSecurity['openTls'],
): Promise<string> {
  return new Promise((resolve, reject) => {
    // Over TLS not ended: a server may take the end for a hang-up before it has answered.
    const socket: Socket =
      openTls === undefined
        ? connect({ host, port }, () => socket.end(word))
        : openTls(host, port).once('secureConnect', () => void socket.write(word))
    const chunks: Buffer[] = []
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    socket.on('data', (bytes) => chunks.push(bytes))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}
