import { childPath, quotaPath } from './paths.ts'

export const limitsName = 'zookeeper_limits'
export const usageName = 'zookeeper_stats'

/** Usage or limits as the text of the two quota nodes says; -1 = no limit. */
export interface Quota {
  readonly count: number
  readonly bytes: number
  readonly countHardLimit: number
  readonly byteHardLimit: number
}

/** @returns the quota that a text describes; unknown parts count as absent */
export function parseQuota(data: Uint8Array | null): Quota {
  const values = new Map<string, number>()
  if (data !== null) {
    for (const part of new TextDecoder().decode(data).split(/[,;]/)) {
      const [key = '', value = ''] = part.split('=')
      const parsed = Number.parseInt(value, 10)
      if (Number.isSafeInteger(parsed)) values.set(key, parsed)
    }
  }
  const limit = (key: string): number => values.get(key) ?? -1
  return {
    count: limit('count'),
    bytes: limit('bytes'),
    countHardLimit: limit('countHardLimit'),
    byteHardLimit: limit('byteHardLimit'),
  }
}

/** @returns the text of a usage node */
export function usageText(count: number, bytes: number): Uint8Array {
  return new TextEncoder().encode(`count=${count},bytes=${bytes}`)
}

/** @returns where the limits of a path are kept */
export function limitsPathOf(path: string): string {
  return childPath(`${quotaPath}${path}`, limitsName)
}

/** @returns where the usage of a path is kept */
export function usagePathOf(path: string): string {
  return childPath(`${quotaPath}${path}`, usageName)
}

/** The paths that have limits, for finding the nearest one above a change. */
export class QuotaPaths {
  readonly #paths = new Set<string>()

  add(path: string): void {
    this.#paths.add(path)
  }

  delete(path: string): void {
    this.#paths.delete(path)
  }

  /** @returns the path itself or its nearest ancestor with limits; the root's are not enforced by ZooKeeper */
  nearest(path: string): string | undefined {
    if (this.#paths.size === 0) return undefined
    for (let candidate = path; candidate.length > 1; candidate = candidate.slice(0, candidate.lastIndexOf('/'))) {
      if (this.#paths.has(candidate)) return candidate
    }
    return undefined
  }
}
