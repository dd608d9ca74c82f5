import { expect, test } from 'vitest'
import { digestLogin, digestUsers, parseLoginConfiguration } from '../../../src/security/jaas.ts'

const file = `
// the ensemble's own
Server {
  org.apache.zookeeper.server.auth.DigestLoginModule required
  user_super="admin;secret"   /* quoted ; */
  user_bob=bobsecret;
};
# a client
Client {
  org.apache.zookeeper.server.auth.DigestLoginModule required
  username="bob"
  password="bob\\"secret";
};
Kerberos { com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true; };
`

test('users of the server, name and password of a client', () => {
  const configuration = parseLoginConfiguration(file)
  expect(digestUsers(configuration, 'Server')).toEqual(
    new Map([
      ['super', 'admin;secret'],
      ['bob', 'bobsecret'],
    ]),
  )
  expect(digestLogin(configuration, 'Client')).toEqual({ user: 'bob', password: 'bob"secret' })
  expect(digestUsers(configuration, 'Nobody')).toBeUndefined()
  expect(digestLogin(configuration, 'Nobody')).toBeUndefined()
})

test('another module than that for DIGEST-MD5 is refused by name', () => {
  const configuration = parseLoginConfiguration(file)
  expect(() => digestUsers(configuration, 'Kerberos')).toThrow('uses com.sun.security.auth.module.Krb5LoginModule')
  expect(() => digestLogin(configuration, 'Server')).toThrow('lacks username or password')
})

test('what cannot be read is said by line', () => {
  expect(() => parseLoginConfiguration('Server {\n  Module required\n  user_a "x";\n};')).toThrow('line 3')
  expect(() => parseLoginConfiguration('Server { Module required; }')).toThrow('the end of the login configuration: ;')
  expect(() => parseLoginConfiguration('Server {\n user="x\n')).toThrow('a quotation does not end')
  expect(() => parseLoginConfiguration('A { };A { };')).toThrow('section A stands twice')
})
