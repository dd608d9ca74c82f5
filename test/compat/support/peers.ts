import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname

function cache(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return process.env['JACKDAW_COMPAT_CACHE'] ?? join(base, 'jackdaw-compat')
}

/** Folder with the jars of a Maven set, or why it cannot be had. */
export function jars(name: string): string {
  return execFileSync(join(here, '../fetch/fetch.sh'), [name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

/** Whether a command is on this machine. */
export function has(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Installs a Debian package when we may, and says whether its command is there. */
export function debian(command: string, packageName: string): boolean {
  if (has(command)) return true
  if (process.getuid?.() !== 0 || !has('apt-get')) return false
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
    execFileSync('apt-get', ['install', '-y', '-qq', packageName], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch {
    return false
  }
  return has(command)
}

/** Folder of a Python environment with `requirement` in it, or undefined. */
export function python(requirement: string): string | undefined {
  const directory = join(cache(), `python-${requirement.replace(/[^a-z0-9.-]/gi, '_')}`)
  const interpreter = join(directory, 'bin', 'python3')
  if (!existsSync(join(directory, '.complete'))) {
    if (!has('python3')) return undefined
    try {
      execFileSync('python3', ['-m', 'venv', directory], { stdio: 'ignore' })
      execFileSync(interpreter, ['-m', 'pip', 'install', '-q', requirement], { stdio: 'ignore' })
    } catch {
      return undefined
    }
    writeFileSync(join(directory, '.complete'), '')
  }
  return interpreter
}

/** Folder with an npm package installed outside the project. */
export function npmPackage(requirement: string): string {
  const directory = join(cache(), `npm-${requirement.replace(/[^a-z0-9.-]/gi, '_')}`)
  if (!existsSync(join(directory, '.complete'))) {
    mkdirSync(directory, { recursive: true })
    execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', directory, requirement], { stdio: 'ignore' })
    writeFileSync(join(directory, '.complete'), '')
  }
  return directory
}

/** Compiles the Java programs against one set of client jars, once. */
export function compiled(peer: string): string {
  const classes = join(cache(), 'classes', peer)
  const sources = join(here, '../java')
  const newest = Math.max(...readdirSync(sources).map((name) => statSync(join(sources, name)).mtimeMs))
  const stamp = join(classes, '.complete')
  if (!existsSync(stamp) || statSync(stamp).mtimeMs < newest) {
    mkdirSync(classes, { recursive: true })
    const files = readdirSync(sources)
      .filter((name) => name.endsWith('.java'))
      .map((name) => join(sources, name))
    execFileSync('javac', ['-nowarn', '-d', classes, '-cp', `${jars(peer)}/*`, ...files], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    writeFileSync(stamp, '')
  }
  return classes
}

export interface Outcome {
  readonly code: number
  readonly output: string
}

/** Runs a program to its end and returns what it printed (both streams) and its exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { input?: string; timeoutMs?: number; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args],
      {
        encoding: 'utf8',
        timeout: options.timeoutMs ?? 120_000,
        maxBuffer: 64 << 20,
        env: options.env ?? process.env,
        cwd: options.cwd,
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, output: stdout + stderr })
      },
    )
    if (options.input !== undefined) child.stdin?.end(options.input)
    else child.stdin?.end()
  })
}

/** Runs a Java class with a set of jars (and our compiled programs). Small heap, quick JIT: these are short runs. */
export function java(
  peer: string,
  mainClass: string,
  args: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<Outcome> {
  const path = `${compiled(peer)}:${jars(peer)}/*`
  return run(
    'java',
    ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', path, mainClass, ...args],
    options,
  )
}
