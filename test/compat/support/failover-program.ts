import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { compiled, jars, npmPackage, python } from './peers.ts'

/** What an application says in the end of what became of its records. */
export interface FailoverResult {
  readonly acknowledged: number
  readonly read: number
  readonly committed: number
  /** Between two acknowledgements, of whatever partition. */
  readonly longestGapMs: number
  /** Sends that failed as the application hears of it, by the client's name for the error. */
  readonly failures: Readonly<Record<string, number>>
  /** In words; everything that must not be. */
  readonly wrong: readonly string[]
}

const programs = join(import.meta.dirname, '../programs')
const RESULT_LIMIT_MS = 150_000

/** An unmodified client's application (see FailoverClient.java) that produces and consumes until it is told to stop. */
export class FailoverProgram {
  readonly #child: ChildProcess
  #printed = ''
  readonly #ended: Promise<unknown>

  private constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    const note = (chunk: Buffer): void => {
      this.#printed += chunk.toString()
    }
    this.#child.stdout?.on('data', note)
    this.#child.stderr?.on('data', note)
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve))
  }

  /** @param peer set of jars; @param settings of the producer, `key=value` */
  static java(
    peer: string,
    bootstrap: string,
    topic: string,
    partitionCount: number,
    settings: readonly string[] = [],
  ): FailoverProgram {
    const options = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
    const path = `${compiled(peer)}:${jars(peer)}/*`
    const words = [bootstrap, topic, String(partitionCount), ...settings]
    return new FailoverProgram('java', [...options, '-cp', path, 'FailoverClient', ...words])
  }

  static kafkajs(bootstrap: string, topic: string, partitionCount: number): FailoverProgram {
    const words = [bootstrap, topic, String(partitionCount), npmPackage('kafkajs@2.2.4')]
    return new FailoverProgram(process.execPath, [join(programs, 'failover-kafkajs.mjs'), ...words])
  }

  /** undefined where confluent-kafka cannot be installed. */
  static confluent(bootstrap: string, topic: string, partitionCount: number): FailoverProgram | undefined {
    const interpreter = python('confluent-kafka==2.12.0')
    if (interpreter === undefined) return undefined
    const words = [bootstrap, topic, String(partitionCount)]
    return new FailoverProgram(interpreter, [join(programs, 'failover-confluent.py'), ...words])
  }

  get printed(): string {
    return this.#printed
  }

  /** Resolves when records flow from the producer to the group in every partition. */
  async untilReady(limitMs = 60_000): Promise<void> {
    for (const deadlineMs = Date.now() + limitMs; !/^ready$/m.test(this.#printed); ) {
      if (this.#child.exitCode !== null || Date.now() > deadlineMs)
        throw new Error(`the application is not ready:\n${this.#printed.slice(-3000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Ends the producer, lets the group read what is left, and asks what came of it. */
  async finish(): Promise<FailoverResult> {
    this.#child.stdin?.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), RESULT_LIMIT_MS)
    await this.#ended
    clearTimeout(timer)
    const line = /^result (.+)$/m.exec(this.#printed)?.[1]
    if (line === undefined) throw new Error(`the application ended without a result:\n${this.#printed.slice(-3000)}`)
    return JSON.parse(line) as FailoverResult
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
