/** The node that holds quotas and the configuration. */
export const systemPath = '/zookeeper'
export const quotaPath = '/zookeeper/quota'
export const configPath = '/zookeeper/config'

/** @returns the parent of an absolute path other than '/' */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

/** @returns the last element of a path */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** @returns the path of a child */
export function childPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`
}

/**
 * ZooKeeper's path rules.
 *
 * @param isSequential the name still lacks its number, so it may end in a slash
 */
export function isValidPath(path: string, isSequential: boolean = false): boolean {
  const checked = isSequential ? `${path}1` : path
  if (!checked.startsWith('/')) return false
  if (checked.length === 1) return true
  if (checked.endsWith('/')) return false
  for (let index = 1; index < checked.length; index += 1) {
    if (!isAllowedUnit(checked.charCodeAt(index))) return false
  }
  return checked
    .slice(1)
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..')
}

function isAllowedUnit(unit: number): boolean {
  if (unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f)) return false
  return !((unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0)
}
