import type { ACL } from '../../jute/generated/data.ts'
import { Permission } from '../../jute/operations.ts'

/** Index of a node that was never given a list: open to everybody. */
export const openAclIndex = -1

export const openAcl: readonly ACL[] = [{ perms: Permission.all, id: { scheme: 'world', id: 'anyone' } }]
export const readOnlyAcl: readonly ACL[] = [{ perms: Permission.read, id: { scheme: 'world', id: 'anyone' } }]

/**
 * The distinct access lists of the tree, each stored once and named by a number. Numbers are given in the order of the
 * transactions and never reused, so that a replay gives the same ones.
 */
export class AclMap {
  readonly #lists = new Map<number, readonly ACL[]>()
  readonly #indexes = new Map<string, number>()
  readonly #usages = new Map<number, number>()
  #lastIndex = 0
  /** Who is writing lists. */
  #holds = 0
  /** The list acquired last: most nodes are made with the same one as the node before. */
  #recent: readonly ACL[] = []
  #recentIndex = openAclIndex

  get size(): number {
    return this.#lists.size
  }

  entries(): IterableIterator<[number, readonly ACL[]]> {
    return this.#lists.entries()
  }

  /** Takes an entry of a snapshot. */
  restore(index: number, list: readonly ACL[]): void {
    this.#lists.set(index, list)
    this.#indexes.set(keyOf(list), index)
    this.#lastIndex = Math.max(this.#lastIndex, index)
  }

  /** @returns the number of a list, given now when it is new; counts one user more */
  acquire(list: readonly ACL[] | null): number {
    if (list === null) return openAclIndex
    if (this.#recentIndex !== openAclIndex && isSame(list, this.#recent)) {
      this.addUsage(this.#recentIndex)
      return this.#recentIndex
    }
    const key = keyOf(list)
    let index = this.#indexes.get(key)
    if (index === undefined) {
      this.#lastIndex += 1
      index = this.#lastIndex
      this.#lists.set(index, list)
      this.#indexes.set(key, index)
    }
    this.addUsage(index)
    this.#recent = list
    this.#recentIndex = index
    return index
  }

  addUsage(index: number): void {
    if (index !== openAclIndex) this.#usages.set(index, (this.#usages.get(index) ?? 0) + 1)
  }

  removeUsage(index: number): void {
    if (index !== openAclIndex) this.#usages.set(index, Math.max(0, (this.#usages.get(index) ?? 0) - 1))
  }

  /** @returns the list; the open one for a number without a list, which only a snapshot taken amid changes has */
  list(index: number): readonly ACL[] {
    return this.#lists.get(index) ?? openAcl
  }

  /** Drops all lists without users: for a tree that was just loaded. */
  purgeUnused(): void {
    for (const index of this.#lists.keys()) this.dropIfUnused(index)
  }

  /** Drops a list that nobody uses, unless lists are being written, which have been counted. */
  dropIfUnused(index: number): void {
    if (this.#holds > 0 || (this.#usages.get(index) ?? 0) > 0) return
    const list = this.#lists.get(index)
    if (list === undefined) return
    this.#lists.delete(index)
    this.#indexes.delete(keyOf(list))
    this.#usages.delete(index)
    if (index === this.#recentIndex) this.#recentIndex = openAclIndex
  }

  /** Keeps all lists that there are, used or not, until {@link AclMap.release}. */
  hold(): void {
    this.#holds += 1
  }

  release(): void {
    this.#holds -= 1
  }
}

function isSame(left: readonly ACL[], right: readonly ACL[]): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index += 1) {
    const one = left[index] as ACL
    const other = right[index] as ACL
    if (one.perms !== other.perms || one.id.id !== other.id.id || one.id.scheme !== other.id.scheme) return false
  }
  return true
}

function keyOf(list: readonly ACL[]): string {
  let key = ''
  for (const entry of list) {
    key += `${entry.perms}\u0000${entry.id.scheme ?? '\u0001'}\u0000${entry.id.id ?? '\u0001'}\u0000`
  }
  return key
}
