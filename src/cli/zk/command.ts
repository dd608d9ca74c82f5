import type { Watcher, ZooKeeperFullClient } from '../../zookeeper/contract.ts'
import type { OptionSet, ParsedArguments } from './arguments.ts'

/** What a command works with. */
export interface CommandContext {
  readonly client: ZooKeeperFullClient
  readonly args: ParsedArguments
  /** Prints events; for `-w` and addWatch. */
  readonly watcher: Watcher
  /** Without a line end. */
  out(text: string): void
  error(line: string): void
}

export interface ShellCommand {
  /** Behind the name, in help. */
  readonly usage: string
  /** Lines below the usage, where zkCli has them. */
  readonly help?: readonly string[]
  readonly options?: OptionSet
  /** Words that must be there. */
  readonly wordCount?: number
  /** `cmd path watch`, of old, is `cmd -w path`. */
  readonly oldWatchUsage?: string
  run(context: CommandContext): Promise<void>
}
