import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import {
  type DiskWrite,
  type Effect,
  type ElectionRole,
  type Entry,
  type Input,
  type LearnerMessage,
  type Notification,
  noVote,
} from '../../../src/zab/contract.ts'
import { createZabState, type ZabState } from '../../../src/zab/state.ts'
import { nextDeadlineMs, step } from '../../../src/zab/step.ts'
import { counterOf, epochOf, makeZxid } from '../../../src/zab/zxid.ts'
import { makeEntry } from '../../sim/zab/member.ts'
import { configOf, fastSettings } from '../../sim/zab/simulate.ts'

/**
 * Runs one script about one server: blocks of what happens to it and what it does about that, divided by `----`,
 * blocks by an empty line.
 *
 *   server 1 [log=1:1-1:3,2:1-2:2] [current=1] [accepted=1] [snapshot=1:1] [voters=3] [observers=0]
 *   hears 2 looking leader=3 zxid=1:3 round=1 epoch=1     reachable 2      unreachable 2
 *   dialed 7 to 3      refused by 3      accepted 7       down 7
 *   gets 7 TYPE [words]                  disk             advance 100      propose 3:1     log 7 1:1-1:4     state
 *
 * @returns the script as it should read: the same text where everything happened as expected
 */
export function runScript(script: string): string {
  const bench = new ScriptBench()
  const blocks = script.trimEnd().split(/\n\n+/)
  const out = blocks.map((block) => {
    const [commands = ''] = block.split(/^----$/m)
    bench.trace.length = 0
    for (const line of commands.split('\n')) {
      const command = line.replace(/\s*#.*$/, '').trim()
      if (command !== '') bench.run(command)
    }
    const expectation = bench.trace.length === 0 ? '' : `----\n${bench.trace.join('\n')}`
    return `${commands.trimEnd()}\n${expectation}`.trimEnd()
  })
  return `${out.join('\n\n')}\n`
}

class ScriptBench {
  readonly trace: string[] = []
  #state: ZabState | undefined
  #nowMs = 0

  run(command: string): void {
    const [verb = '', ...words] = command.split(/\s+/)
    const [first = '', second = '', third = ''] = words
    switch (verb) {
      case 'server':
        this.#create(Number(first), optionsOf(words))
        return
      case 'hears':
        this.#input({
          kind: 'notification',
          from: Number(first),
          notification: notificationOf(second, optionsOf(words)),
        })
        return
      case 'reachable':
      case 'unreachable':
        this.#input({ kind: 'electionLink', peer: Number(first), isUp: verb === 'reachable' })
        return
      case 'dialed':
        this.#input({ kind: 'linkUp', link: Number(first), dialed: Number(third) })
        return
      case 'refused':
        this.#input({ kind: 'dialFailed', peer: Number(second) })
        return
      case 'accepted':
        this.#input({ kind: 'linkUp', link: Number(first), dialed: null })
        return
      case 'down':
        this.#input({ kind: 'linkDown', link: Number(first) })
        return
      case 'gets':
        this.#input({ kind: 'message', link: Number(first), message: messageOf(second, words.slice(2)) })
        return
      case 'disk':
        this.#input({ kind: 'persisted', sequence: this.#server.nextSequence - 1 })
        return
      case 'propose':
        this.#input({ kind: 'propose', entry: entryAt(first) })
        return
      case 'log':
        this.#input({ kind: 'logRead', link: Number(first), entries: second === 'none' ? null : entriesOf(second) })
        return
      case 'advance':
        this.#advance(Number(first))
        return
      case 'state':
        this.#describe()
        return
      default:
        throw new Error(`unknown command: ${command}`)
    }
  }

  get #server(): ZabState {
    if (this.#state === undefined) throw new Error('a script begins with `server`')
    return this.#state
  }

  #create(serverId: number, options: Record<string, string>): void {
    const entries = entriesOf(options['log'] ?? '')
    const ensemble = { voters: Number(options['voters'] ?? 3), observers: Number(options['observers'] ?? 0) }
    const config = parseEnsembleConfig(configOf(ensemble))
    if (config === undefined) throw new Error('the configuration can be read')
    const currentEpoch = Number(options['current'] ?? epochOf(entries.at(-1)?.zxid ?? 0))
    const snapshotZxid = options['snapshot'] === undefined ? 0 : zxidOf(options['snapshot'])
    this.#state = createZabState(
      { ...fastSettings, serverId },
      {
        acceptedEpoch: Number(options['accepted'] ?? currentEpoch),
        currentEpoch,
        lastZxid: entries.at(-1)?.zxid ?? snapshotZxid,
        snapshotZxid,
        newestEntries: entries,
        config,
        nextConfig: null,
      },
    )
    this.#nowMs = 0
    this.#input({ kind: 'start' })
  }

  #input(input: Input): void {
    for (const effect of step(this.#server, this.#nowMs, input)) this.trace.push(...linesOf(effect))
  }

  #advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs
    for (let due = nextDeadlineMs(this.#server); due <= endMs; due = nextDeadlineMs(this.#server)) {
      this.#nowMs = Math.max(due, this.#nowMs)
      this.trace.push(`@${this.#nowMs}`)
      this.#input({ kind: 'tick' })
    }
    this.#nowMs = endMs
  }

  #describe(): void {
    const { role, round, currentEpoch, acceptedEpoch, lastLoggedZxid, appliedZxid } = this.#server
    const detail = role.kind === 'learning' ? ` ${role.stage}` : role.kind === 'leading' ? ` ${role.phase}` : ''
    this.trace.push(
      `${role.kind}${detail}, round ${round}, epoch ${currentEpoch} of ${acceptedEpoch}, logged ${zxidText(lastLoggedZxid)}, applied ${zxidText(appliedZxid)}`,
    )
  }
}

function linesOf(effect: Effect): string[] {
  switch (effect.kind) {
    case 'persist':
      return effect.writes.map((write) => `  disk: ${writeText(write)}`)
    case 'notify': {
      const { role, leader, zxid, round, peerEpoch } = effect.notification
      const vote = leader === noVote ? 'nobody' : `leader ${leader} zxid ${zxidText(zxid)} epoch ${peerEpoch}`
      return [`  to ${effect.to}: ${role} ${vote} round ${round}`]
    }
    case 'send':
      return [`  ${effect.link} <- ${messageText(effect.message)}`]
    case 'sendHistory':
      return effect.entries.flatMap(({ zxid }) => [
        `  ${effect.link} <- proposal ${zxidText(zxid)}`,
        `  ${effect.link} <- commit ${zxidText(zxid)}`,
      ])
    case 'dial':
      return [`  dial ${effect.peer}`]
    case 'closeLink':
      return [`  close ${effect.link}: ${effect.reason}`]
    case 'apply':
      return [`  apply ${zxidText(effect.entry.zxid)}`]
    case 'fastForward':
      return [`  fast-forward ${zxidText(effect.entry.zxid)}`]
    case 'role':
      return [`  ${effect.role}: ${effect.reason}`]
    case 'serve':
      return [`  serve as ${effect.role} in epoch ${effect.epoch}`]
    case 'stopServing':
      return ['  stop serving']
    case 'readLog':
      return [`  read the log from ${zxidText(effect.fromZxid)} for ${effect.link}`]
    case 'halt':
      return [`  halt: ${effect.reason}`]
    default:
      return [`  ${effect.kind}`]
  }
}

function writeText(write: DiskWrite): string {
  switch (write.kind) {
    case 'append':
      return `append ${zxidText(write.entry.zxid)}`
    case 'truncate':
      return `cut behind ${zxidText(write.zxid)}`
    case 'installSnapshot':
      return `snapshot ${zxidText(write.zxid)}`
    case 'acceptedEpoch':
    case 'currentEpoch':
      return `${write.kind} ${write.epoch}`
    case 'config':
      return `config ${write.which}`
  }
}

function messageText(message: LearnerMessage): string {
  switch (message.type) {
    case 'followerInfo':
    case 'observerInfo':
      return `${message.type} ${message.serverId} accepted ${message.acceptedEpoch}`
    case 'leaderInfo':
      return `leaderInfo ${message.epoch}`
    case 'ackEpoch':
      return `ackEpoch ${zxidText(message.lastZxid)} ${message.currentEpoch}`
    case 'proposal':
    case 'inform':
      return `${message.type} ${zxidText(message.entry.zxid)}`
    case 'diff':
    case 'trunc':
    case 'snap':
    case 'newLeader':
    case 'ack':
    case 'commit':
    case 'ping':
      return `${message.type} ${zxidText(message.zxid)}`
    default:
      return message.type
  }
}

function messageOf(type: string, words: readonly string[]): LearnerMessage {
  const [first = '', second = ''] = words
  switch (type) {
    case 'followerInfo':
    case 'observerInfo':
      return {
        type,
        serverId: Number(first),
        acceptedEpoch: Number(second),
        protocolVersion: 0x10000,
        configVersion: 0,
      }
    case 'leaderInfo':
      return { type, epoch: Number(first), protocolVersion: 0x10000 }
    case 'ackEpoch':
      return { type, lastZxid: zxidOf(first), currentEpoch: Number(second) }
    case 'diff':
    case 'trunc':
    case 'snap':
    case 'ack':
    case 'commit':
      return { type, zxid: zxidOf(first) }
    case 'newLeader':
      return { type, zxid: zxidOf(first), config: null }
    case 'proposal':
    case 'inform':
      return { type, entry: entryAt(first) }
    case 'upToDate':
    case 'sync':
      return { type }
    case 'ping':
      return { type, zxid: zxidOf(first), touches: second === 'touches' ? [] : null }
    default:
      throw new Error(`unknown message: ${type}`)
  }
}

function notificationOf(role: string, options: Record<string, string>): Notification {
  const leader = Number(options['leader'])
  const zxid = zxidOf(options['zxid'] ?? '0:0')
  const peerEpoch = Number(options['epoch'] ?? epochOf(zxid))
  return { role: role as ElectionRole, leader, zxid, peerEpoch, round: Number(options['round'] ?? 1), config: null }
}

function optionsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split('=', 2)))
}

/** `1:1-1:3,2:1-2:1` */
function entriesOf(text: string): Entry[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from = '', to = from] = part.split('-')
      const last = zxidOf(to)
      const entries: Entry[] = []
      for (let zxid = zxidOf(from); zxid <= last; zxid += 1) entries.push(makeEntry(zxid, 0n, 0, null))
      return entries
    })
}

function entryAt(text: string): Entry {
  return makeEntry(zxidOf(text), 0n, 0, null)
}

function zxidOf(text: string): number {
  const [epoch = '0', counter = '0'] = text.split(':')
  return makeZxid(Number(epoch), Number(counter))
}

function zxidText(zxid: number): string {
  return `${epochOf(zxid)}:${counterOf(zxid)}`
}
