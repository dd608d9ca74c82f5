import { isKeeperError } from '../../zookeeper/client.ts'
import { KeeperErrorCode } from '../../zookeeper/contract.ts'
import type { CommandContext, ShellCommand } from './command.ts'
import { checkPath, ShellError } from './failure.ts'
import { deleteQuota, limitsPath, quotaNames, quotaText, readQuota, setQuota } from './quota.ts'

const letters = Object.keys(quotaNames)

async function listQuota({ client, args, out, error }: CommandContext): Promise<void> {
  const path = checkPath(args.words[0] ?? '')
  error(`absolute path is ${limitsPath(path)}`)
  try {
    const [limits, used] = await readQuota(client, path)
    out(`Output quota for ${path} ${quotaText(limits)}\nOutput stat for ${path} ${quotaText(used)}\n`)
  } catch (refused) {
    if (!isKeeperError(refused, KeeperErrorCode.noNode)) throw refused
    error(`quota for ${path} does not exist.`)
  }
}

async function set({ client, args, out, error }: CommandContext): Promise<void> {
  const given = letters.filter((letter) => args.has(letter))
  if (given.length === 0) {
    throw new ShellError(
      'Missing required option: [-n num soft quota, -b bytes soft quota, -N num hard quota, -B bytes hard quota]',
    )
  }
  if (given.length > 1) throw new ShellError('One quota at a time: -n, -b, -N or -B')
  const path = checkPath(args.words[0] ?? '')
  if (path.startsWith('/zookeeper/quota')) {
    error('cannot set a quota under the path: /zookeeper/quota')
    return
  }
  const changes = new Map<string, number>()
  for (const letter of given) {
    const text = args.value(letter) ?? ''
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(value)) return error('NumberFormatException happens when parsing the option value')
    const isCount = letter === 'n' || letter === 'N'
    if (isCount && value <= 0) return error('the num quota must be greater than zero')
    if (!isCount && value < 0) return error('the bytes quota must be greater than or equal to zero')
    changes.set(quotaNames[letter] ?? '', value)
  }
  for (const warning of await setQuota(client, path, changes)) out(`${warning}\n`)
}

async function remove({ client, args, out }: CommandContext): Promise<void> {
  const path = checkPath(args.words[0] ?? '')
  const names = letters.filter((letter) => args.has(letter)).map((letter) => quotaNames[letter] ?? '')
  if (!(await deleteQuota(client, path, names))) out(`Quota does not exist for ${path}\n`)
}

export const quotaCommands: readonly (readonly [string, ShellCommand])[] = [
  ['listquota', { usage: 'path', wordCount: 1, run: listQuota }],
  ['setquota', { usage: '-n|-b|-N|-B val path', options: { values: 'nbNB' }, run: set }],
  ['delquota', { usage: '[-n|-b|-N|-B] path', options: { flags: 'nbNB' }, wordCount: 1, run: remove }],
]
