import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDistinguishedName, subjectName } from '../../../src/security/distinguished-name.ts'
import { makeCertificate } from '../../support/certificates.ts'

// The right-hand sides are what X500Principal.getName() of Java 17 gives for the same certificates.
const names: readonly (readonly [readonly (readonly [string, string])[], string])[] = [
  [
    [
      ['CN', 'server'],
      ['OU', 'Tests'],
      ['O', 'Org'],
      ['C', 'DE'],
    ],
    'CN=server,OU=Tests,O=Org,C=DE',
  ],
  [[['CN', 'a, b+c=d<e>;"q"\\ #x']], 'CN=a\\, b\\+c\\=d\\<e\\>\\;\\"q\\"\\\\ \\#x'],
  [[['CN', ' lead and trail  ']], 'CN=\\ lead and trail\\ \\ '],
  [[['CN', '#hash']], 'CN=\\#hash'],
  [[['CN', 'Jürgen Ω 漢字']], 'CN=Jürgen Ω 漢字'],
  [
    [
      ['CN', 'x'],
      ['emailAddress', 'me@example.org'],
      ['DC', 'example'],
      ['DC', 'org'],
    ],
    'CN=x,1.2.840.113549.1.9.1=#160e6d65406578616d706c652e6f7267,DC=example,DC=org',
  ],
  [
    [
      ['2.5.4.5', '12345'],
      ['CN', 's'],
    ],
    '2.5.4.5=#0c053132333435,CN=s',
  ],
  [[['CN', '']], 'CN='],
  [
    [
      ['ST', 'Bavaria'],
      ['L', 'Munich'],
    ],
    'ST=Bavaria,L=Munich',
  ],
]

test.each(names)('%j is written as Java does', (name, text) => {
  expect(subjectName(makeCertificate({ name }).der)).toBe(text)
  expect(isDistinguishedName(text)).toBe(true)
})

test('damaged certificates have no name, or another, and nothing throws', () => {
  const { der } = makeCertificate({ name: [['CN', 'server']] })
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (at, value) => {
      const damaged = Uint8Array.from(der)
      damaged[at] = value
      subjectName(damaged)
      expect(subjectName(der.subarray(0, at))).toBeUndefined()
    }),
  )
})

test('what may stand in an access list', () => {
  for (const good of ['CN=a', 'cn=a, OU="x, y"', 'CN=a+OU=b', '1.2.840.113549.1.9.1=#1601', 'CN=a\\,b', '']) {
    expect([good, isDistinguishedName(good)]).toEqual([good, true])
  }
  for (const bad of ['alice', 'CN=a,b', 'FOO=a', '=a', 'CN=a,,OU=b']) {
    expect([bad, isDistinguishedName(bad)]).toEqual([bad, false])
  }
})
