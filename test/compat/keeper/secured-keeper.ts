/** A keeper of its own for a test of TLS or SASL: certificates, login configurations, and the process itself. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, makeCertificate } from '../../support/certificates.ts'
import { freePort } from '../../support/node-process.ts'

export interface Secrets {
  readonly folder: string
  readonly authority: Certificate
  /** Subject of the client's certificate as access lists hold it. */
  readonly clientName: string
}

/** `authority.pem`, `server.pem`, `client.pem` (and apart: `.crt`, `.key`), `stranger.pem`, `expired.pem` in a new folder. */
export function makeSecrets(): Secrets {
  const folder = mkdtempSync(join(tmpdir(), 'jackdaw-secrets-'))
  const authority = makeCertificate({ name: [['CN', 'authority']], isAuthority: true, keyType: 'RSA' })
  const write = (name: string, certificate: Certificate): void => {
    writeFileSync(join(folder, `${name}.pem`), certificate.keyPem + certificate.pem)
    writeFileSync(join(folder, `${name}.crt`), certificate.pem)
    writeFileSync(join(folder, `${name}.key`), certificate.keyPem)
  }
  writeFileSync(join(folder, 'authority.pem'), authority.pem)
  const local = { addresses: ['127.0.0.1'], hosts: ['localhost'] }
  write('server', makeCertificate({ name: [['CN', 'server']], issuer: authority, keyType: 'RSA', ...local }))
  write(
    'client',
    makeCertificate({
      name: [
        ['CN', 'client, the'],
        ['OU', 'Tests'],
        ['O', 'Org'],
      ],
      issuer: authority,
    }),
  )
  write('stranger', makeCertificate({ name: [['CN', 'stranger']] }))
  write('expired', makeCertificate({ name: [['CN', 'late']], issuer: authority, validToMs: Date.now() - 60_000 }))
  return { folder, authority, clientName: 'CN=client\\, the,OU=Tests,O=Org' }
}

/** Writes a file with sections `Server` and `Client`. @returns its path */
export function writeLogin(folder: string, name: string, password: string): string {
  const path = join(folder, `${name}.jaas`)
  const module = 'org.apache.zookeeper.server.auth.DigestLoginModule required'
  writeFileSync(
    path,
    `Server { ${module} user_super="adminsecret" user_bob="bobsecret"; };\nClient { ${module} username="bob" password="${password}"; };\n`,
  )
  return path
}

export interface SecuredKeeper {
  readonly port: number
  readonly securePort: number
  readonly printed: () => string
  stop(): Promise<void>
}

/** Starts `jackdaw keeper` with these lines besides ports and directory. */
export async function startKeeper(lines: readonly string[]): Promise<SecuredKeeper> {
  const directory = mkdtempSync(join(tmpdir(), 'jackdaw-secured-'))
  const [port, securePort] = [await freePort(), await freePort()]
  mkdirSync(join(directory, 'data'))
  const file = join(directory, 'zoo.cfg')
  const common = [`dataDir=${directory}/data`, `clientPort=${port}`, 'clientPortAddress=127.0.0.1', 'tickTime=2000']
  const isSecure = lines.some((line) => line.startsWith('ssl.keyStore'))
  const secure = isSecure ? [`secureClientPort=${securePort}`, 'secureClientPortAddress=127.0.0.1'] : []
  writeFileSync(
    file,
    [...common, ...secure, 'admin.enableServer=false', '4lw.commands.whitelist=*', ...lines, ''].join('\n'),
  )
  const child: ChildProcess = spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        if (/^keeper ready in/m.test(printed)) resolve()
      })
    }
    void ended.then(() => reject(new Error(`the keeper ended:\n${printed}`)))
  })
  return {
    port,
    securePort,
    printed: () => printed,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
