import { ErrorCode } from '../../../src/model/error-code.ts'
import { GroupWorld, type WorldClient } from '../../support/group-world.ts'

/**
 * Runs one script: blocks of commands and what they must cause, divided by `----`, blocks by an empty line.
 *
 *   config initialRebalanceDelayMs=0      join a [instance=i] [version=9] [protocols=range,rr] [topics=t] [session=10000] [rebalance=60000]
 *   sync a [b-2=part …]   assign a        heartbeat a     leave a b       commit a t-0=5 …   commit - t-0=5 …
 *   offset t-0            advance 3000    hold            release [code]  reload             delete g     expire g   state
 *
 * @returns the script as it should read: the same text where everything happened as expected
 */
export function runScript(script: string): string {
  let world = new GroupWorld()
  const blocks = script.trimEnd().split(/\n\n+/)
  const out = blocks.map((block) => {
    const [commands = ''] = block.split(/^----$/m)
    world.trace.length = 0
    for (const line of commands.split('\n')) {
      const command = line.replace(/\s*#.*$/, '').trim()
      if (command.startsWith('config ')) world = new GroupWorld(numbersOf(command.slice('config '.length)))
      else if (command !== '') runCommand(world, command)
    }
    const expectation = world.trace.length === 0 ? '' : `----\n${world.trace.join('\n')}`
    return `${commands.trimEnd()}\n${expectation}`.trimEnd()
  })
  return `${out.join('\n\n')}\n`
}

function numbersOf(words: string): Record<string, number> {
  return Object.fromEntries(Object.entries(optionsOf(words.split(/\s+/))).map(([key, value]) => [key, Number(value)]))
}

function optionsOf(words: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {}
  for (const word of words) {
    const at = word.indexOf('=')
    if (at > 0) options[word.slice(0, at)] = word.slice(at + 1)
  }
  return options
}

function runCommand(world: GroupWorld, command: string): void {
  const [verb = '', ...words] = command.split(/\s+/)
  const names = words.filter((word) => !word.includes('='))
  const options = optionsOf(words)
  const first = names[0] ?? ''
  const client = (): WorldClient => world.client(first, options['instance'] ?? null)
  switch (verb) {
    case 'join':
      world.join(client(), {
        version: Number(options['version'] ?? 9),
        protocols: (options['protocols'] ?? 'range').split(','),
        metadata: options['topics'] ?? 't',
        type: options['type'] ?? 'consumer',
        sessionMs: Number(options['session'] ?? 10_000),
        rebalanceMs: Number(options['rebalance'] ?? 60_000),
      })
      return
    case 'sync':
      world.sync(client(), options)
      return
    case 'assign':
      world.syncAsLeader(client())
      return
    case 'heartbeat':
      world.heartbeat(client())
      return
    case 'leave':
      world.leave(names.map((name) => world.client(name)))
      return
    case 'commit':
      world.commit(
        first === '-' ? undefined : client(),
        Object.fromEntries(Object.entries(options).map(([place, offset]) => [place, Number(offset)])),
      )
      return
    case 'offset': {
      const [topic = '', partition = '0'] = first.split('-')
      world.trace.push(`offset ${first}: ${world.offset(topic, Number(partition))}`)
      return
    }
    case 'advance':
      world.advance(Number(first))
      return
    case 'hold':
      world.isHolding = true
      return
    case 'release':
      world.isHolding = false
      world.release(codeNamed(first))
      return
    case 'reload':
      world.reload()
      return
    case 'delete':
      world.deleteGroup(first)
      return
    case 'expire':
      world.expire(first)
      return
    case 'state': {
      const group = world.group()
      const pending = group.pendingMembers.size === 0 ? '' : ` pending ${[...group.pendingMembers.keys()].join(',')}`
      world.trace.push(
        `${group.state} generation ${group.generationId} members ${[...group.members.keys()].join(',')}${pending}`,
      )
      return
    }
    default:
      throw new Error(`unknown command: ${command}`)
  }
}

function codeNamed(name: string): ErrorCode {
  if (name === '') return ErrorCode.none
  const code = (ErrorCode as Readonly<Record<string, ErrorCode>>)[name]
  if (code === undefined) throw new Error(`unknown code: ${name}`)
  return code
}
