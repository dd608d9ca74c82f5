import type { AclEntry, Stat, WatchEvent } from '../../zookeeper/contract.ts'

/** The lines of `stat`. */
export function statText(stat: Stat): string {
  return [
    `cZxid = 0x${stat.czxid.toString(16)}`,
    `ctime = ${dateText(stat.ctimeMs)}`,
    `mZxid = 0x${stat.mzxid.toString(16)}`,
    `mtime = ${dateText(stat.mtimeMs)}`,
    `pZxid = 0x${stat.pzxid.toString(16)}`,
    `cversion = ${stat.cversion}`,
    `dataVersion = ${stat.version}`,
    `aclVersion = ${stat.aversion}`,
    `ephemeralOwner = 0x${stat.ephemeralOwner}`,
    `dataLength = ${stat.dataLength}`,
    `numChildren = ${stat.numChildren}`,
    '',
  ].join('\n')
}

/** `Sat Nov 21 12:51:33 UTC 2026`, in the time zone of the machine. */
export function dateText(timeMs: number): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-US', {
      weekday: 'short',
      month: 'short',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
      year: 'numeric',
    })
      .formatToParts(timeMs)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
  const time = `${part('hour')}:${part('minute')}:${part('second')}`
  return `${part('weekday')} ${part('month')} ${part('day')} ${time} ${part('timeZoneName')} ${part('year')}`
}

const letters = [
  ['c', 4],
  ['d', 8],
  ['r', 1],
  ['w', 2],
  ['a', 16],
] as const

/** Two lines an entry, as zkCli has them. */
export function aclText(acl: readonly AclEntry[]): string {
  const line = ({ scheme, id, permissions }: AclEntry): string => {
    const granted = letters.filter(([, bit]) => (permissions & bit) !== 0).map(([letter]) => letter)
    return `'${scheme},'${id}\n: ${granted.join('')}\n`
  }
  return acl.map(line).join('')
}

/** `scheme:id:perms,…`; what is no entry is left out and complained of. */
export function parseAcl(text: string, complain: (message: string) => void): AclEntry[] {
  const entries: AclEntry[] = []
  for (const item of text.split(',')) {
    const first = item.indexOf(':')
    const last = item.lastIndexOf(':')
    if (first < 0 || first === last) {
      complain(`${item} does not have the form scheme:id:perm`)
      continue
    }
    let permissions = 0
    for (const letter of item.slice(last + 1)) {
      const bit = letters.find(([known]) => known === letter)?.[1]
      if (bit === undefined) complain(`Unknown perm type: ${letter}`)
      permissions |= bit ?? 0
    }
    entries.push({ scheme: item.slice(0, first), id: item.slice(first + 1, last), permissions })
  }
  return entries
}

const eventNames: Readonly<Record<WatchEvent['type'], string>> = {
  created: 'NodeCreated',
  deleted: 'NodeDeleted',
  dataChanged: 'NodeDataChanged',
  childrenChanged: 'NodeChildrenChanged',
  session: 'None',
  dataWatchRemoved: 'DataWatchRemoved',
  childWatchRemoved: 'ChildWatchRemoved',
  persistentWatchRemoved: 'PersistentWatchRemoved',
}

const stateNames: Readonly<Record<NonNullable<WatchEvent['state']>, string>> = {
  connected: 'SyncConnected',
  disconnected: 'Disconnected',
  expired: 'Expired',
  authFailed: 'AuthFailed',
  closed: 'Closed',
}

export function eventText({ type, path, state = 'connected', zxid = -1 }: WatchEvent): string {
  const shownPath = type === 'session' ? 'null' : path
  return `\nWATCHER::\n\nWatchedEvent state:${stateNames[state]} type:${eventNames[type]} path:${shownPath} zxid: ${zxid}\n`
}

const RULE = `+--------+${'-'.repeat(49)}+${'-'.repeat(16)}+`

/** Sixteen bytes a line, in hexadecimal and as text. Nothing for no bytes. */
export function hexDump(bytes: Uint8Array): string {
  if (bytes.length === 0) return ''
  const lines = [`         +${'-'.repeat(49)}+`, '         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |', RULE]
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('')
    const text = row.map((byte) => (byte <= 0x1f || byte >= 0x7f ? '.' : String.fromCharCode(byte))).join('')
    lines.push(`|${at.toString(16).padStart(8, '0')}|${hex.padEnd(48)} |${text.padEnd(16)}|`)
  }
  return [...lines, RULE].join('\n')
}
