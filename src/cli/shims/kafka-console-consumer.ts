#!/usr/bin/env node
import { runShim } from './run-shim.ts'
import { consoleConsumerShim } from './console-consumer.ts'

process.exitCode = await runShim(consoleConsumerShim, process.argv.slice(2))
