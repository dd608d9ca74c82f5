/**
 * Much of ZooKeeper is set by Java system properties, which people put into the environment of zkServer.sh.
 *
 * @param flags words such as `-Dzookeeper.name=value`, in quotes where they hold spaces: the content of JVMFLAGS,
 * SERVER_JVMFLAGS or CLIENT_JVMFLAGS; undefined = not set
 * @returns the properties that ZooKeeper reads, without `zookeeper.`; later words go before earlier ones
 */
export function systemProperties(...flags: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  for (const text of flags) {
    for (const [word] of (text ?? '').matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
      const match = /^-D(zookeeper\.|java\.security\.auth\.login\.config)([^=]*)=(.*)$/s.exec(word.replace(/["']/g, ''))
      if (match === null) continue
      const [, prefix = '', rest = '', value = ''] = match
      properties.set(prefix === 'zookeeper.' ? rest : prefix + rest, value)
    }
  }
  return properties
}
