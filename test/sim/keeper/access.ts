import { createHash } from 'node:crypto'
import type { Right } from './wire.ts'

/** Bits of an access list. */
export const READ = 1
export const WRITE = 2
export const CREATE = 4
export const DELETE = 8
export const ADMIN = 16
export const ALL: number = READ | WRITE | CREATE | DELETE | ADMIN

/** Everybody may do everything. */
export const OPEN: readonly Right[] = [{ perms: ALL, who: 'world:anyone' }]
/** Who proves to be this may do everything whatever a list says. */
export const SUPER_USER = 'super:secret'
export const SUPER_DIGEST: string = digestId(SUPER_USER)
const USERS = ['alice:wonder', 'bob:builder', 'carol:carol'] as const

/** What is sent to prove an identity, and the name that it has in lists. */
export interface Identity {
  readonly proof: string
  readonly id: string
}

export const IDENTITIES: readonly Identity[] = USERS.map((proof) => ({ proof, id: digestId(proof) }))

/** `user:password` as the digest scheme stores it. */
function digestId(userAndPassword: string): string {
  const user = userAndPassword.slice(0, userAndPassword.indexOf(':'))
  return `${user}:${createHash('sha1').update(userAndPassword).digest('base64')}`
}

/** @returns who somebody is behind this packet, as lists name it */
export function decodeProof({
  scheme,
  auth,
}: {
  readonly scheme: string | null
  readonly auth: Uint8Array | null
}): string {
  return `${scheme}:${digestId(new TextDecoder().decode(auth ?? new Uint8Array(0)))}`
}

/** Whether somebody may: as the documentation says it, entry by entry. */
export function may(list: readonly Right[], perm: number, ids: readonly string[]): boolean {
  if (ids.includes(`digest:${SUPER_DIGEST}`)) return true
  return list.some(({ perms, who }) => (perms & perm) !== 0 && (who === 'world:anyone' || ids.includes(who)))
}

/** @returns the list that is stored of the one that was sent; undefined where it is refused */
export function stored(list: readonly Right[], ids: readonly string[]): readonly Right[] | undefined {
  if (list.length === 0) return undefined
  if (list.some(({ who }) => who.startsWith('auth:')) && ids.length === 0) return undefined
  return list.flatMap(({ perms, who }) =>
    who.startsWith('auth:') ? ids.map((id) => ({ perms, who: id })) : [{ perms, who }],
  )
}

/** @returns the list as it is shown: the secret half of a digest is for administrators */
export function shownTo(list: readonly Right[], ids: readonly string[]): readonly Right[] {
  if (may(list, ADMIN, ids)) return list
  return list.map(({ perms, who }) => ({ perms, who: who.replace(/^(digest:[^:]*):.*$/, '$1:x') }))
}
