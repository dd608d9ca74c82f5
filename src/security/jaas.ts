// Java's login configuration files: `Section { Module flag option="value" … ; … };`. ZooKeeper's administrators keep
// the users of SASL in one.

/** One module of a section. */
export interface LoginModule {
  readonly className: string
  readonly options: ReadonlyMap<string, string>
}

export type LoginConfiguration = ReadonlyMap<string, readonly LoginModule[]>

/**
 * @param text the file
 * @throws Error that says where the file cannot be read
 */
export function parseLoginConfiguration(text: string): LoginConfiguration {
  const tokens = new Tokens(text)
  const sections = new Map<string, readonly LoginModule[]>()
  while (!tokens.isAtEnd) {
    const name = tokens.word('the name of a section')
    tokens.expect('{')
    const modules: LoginModule[] = []
    while (!tokens.accept('}')) modules.push(readModule(tokens))
    tokens.expect(';')
    if (sections.has(name)) throw new Error(`section ${name} stands twice in the login configuration`)
    sections.set(name, modules)
  }
  return sections
}

function readModule(tokens: Tokens): LoginModule {
  const className = tokens.word('the class name of a login module')
  tokens.word('required, requisite, sufficient or optional')
  const options = new Map<string, string>()
  while (!tokens.accept(';')) {
    const option = tokens.word('an option or ;')
    tokens.expect('=')
    options.set(option, tokens.word('a value'))
  }
  return { className, options }
}

const digestModule = 'org.apache.zookeeper.server.auth.DigestLoginModule'

/**
 * Users and passwords of the server's section (`user_name="password"`).
 *
 * @throws Error when the section is there but holds something else, such as Kerberos
 */
export function digestUsers(
  configuration: LoginConfiguration,
  section: string,
): ReadonlyMap<string, string> | undefined {
  const modules = configuration.get(section)
  if (modules === undefined) return undefined
  const users = new Map<string, string>()
  for (const { className, options } of modules) {
    refuseOther(className, section)
    for (const [name, value] of options) if (name.startsWith('user_')) users.set(name.slice('user_'.length), value)
  }
  return users
}

/** The client's own name and password of its section. @throws Error as {@link digestUsers} does */
export function digestLogin(
  configuration: LoginConfiguration,
  section: string,
): { readonly user: string; readonly password: string } | undefined {
  const module = configuration.get(section)?.[0]
  if (module === undefined) return undefined
  refuseOther(module.className, section)
  const user = module.options.get('username')
  const password = module.options.get('password')
  if (user === undefined || password === undefined) {
    throw new Error(`section ${section} of the login configuration lacks username or password`)
  }
  return { user, password }
}

function refuseOther(className: string, section: string): void {
  if (className === digestModule) return
  throw new Error(
    `section ${section} of the login configuration uses ${className}: only ${digestModule} (DIGEST-MD5) is supported`,
  )
}

class Tokens {
  readonly #tokens: readonly { readonly text: string; readonly isQuoted: boolean; readonly line: number }[]
  #at = 0

  constructor(text: string) {
    const found: { text: string; isQuoted: boolean; line: number }[] = []
    const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*|\s+|"((?:[^"\\\n]|\\.)*)"|([{};=])|([^\s{};="]+)|(.)/gy
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const [, quoted, mark, word, other] = match
      const line = text.slice(0, match.index).split('\n').length
      if (other !== undefined) throw new Error(`line ${line} of the login configuration: a quotation does not end`)
      const token = quoted?.replace(/\\(.)/g, '$1') ?? mark ?? word
      if (token !== undefined) found.push({ text: token, isQuoted: quoted !== undefined, line })
    }
    this.#tokens = found
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  accept(mark: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.text !== mark || token.isQuoted) return false
    this.#at += 1
    return true
  }

  expect(mark: string): void {
    if (!this.accept(mark)) this.#fail(mark)
  }

  word(what: string): string {
    const token = this.#tokens[this.#at]
    if (token === undefined || (!token.isQuoted && /^[{};=]$/.test(token.text))) return this.#fail(what)
    this.#at += 1
    return token.text
  }

  #fail(wanted: string): never {
    const token = this.#tokens[this.#at]
    const where = token === undefined ? 'the end' : `line ${token.line}`
    throw new Error(`${where} of the login configuration: ${wanted} is wanted`)
  }
}
