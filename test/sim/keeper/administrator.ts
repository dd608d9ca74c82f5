import { writeAuthPacket, writeConnectRequest, writeReconfigRequest } from '../../../src/jute/generated/proto.ts'
import { Operation, SpecialXid } from '../../../src/jute/operations.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import { SUPER_USER } from './access.ts'
import type { Play } from './play.ts'
import { evenTemper, SimProcess } from '../world/process.ts'
import { type ServerAddress, TappedTransport } from './tap.ts'

/** A session that asks for one change of the ensemble and goes; the product's client knows no reconfiguration. */
export function askToReconfigure(play: Play, name: string, server: ServerAddress, joining: string): void {
  const { world, network, history } = play
  const process = new SimProcess(world, name, evenTemper)
  const host = network.host(name)
  host.occupy(process)
  const transport = new TappedTransport(name, host.ports.connector, [server], world, history)
  let hasAsked = false
  const over = (): void => {
    if (transport.session !== undefined) transport.session.isWanted = false
  }
  const stream = transport.connect({
    opened: () => stream.send(greeting(12 * play.settings.tickTimeMs)),
    received: () => {
      // The handshake's answer may come in pieces.
      if (hasAsked || transport.session === undefined) return
      hasAsked = true
      // The configuration is written only by those who may do everything.
      stream.send(proof())
      stream.send(reconfiguration(joining))
    },
    closed: over,
  })
  // It does not wait for the answer: whoever reads along does.
  process.timers.start(5 * play.settings.tickTimeMs, () => {
    over()
    stream.close()
  })
}

function greeting(timeOut: number): Uint8Array {
  return framed((writer) => {
    writeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen: 0,
      timeOut,
      sessionId: 0n,
      passwd: new Uint8Array(16),
      readOnly: false,
    })
  })
}

function proof(): Uint8Array {
  return framed((writer) => {
    writer.int32(SpecialXid.auth)
    writer.int32(Operation.auth)
    writeAuthPacket(writer, { type: 0, scheme: 'digest', auth: new TextEncoder().encode(SUPER_USER) })
  })
}

function reconfiguration(joiningServers: string): Uint8Array {
  return framed((writer) => {
    writer.int32(1)
    writer.int32(Operation.reconfig)
    writeReconfigRequest(writer, { joiningServers, leavingServers: null, newMembers: null, curConfigId: -1 })
  })
}

function framed(write: (writer: JuteWriter) => void): Uint8Array {
  const writer = new JuteWriter(256)
  const frame = writer.beginFrame()
  write(writer)
  writer.endFrame(frame)
  return writer.finish()
}
