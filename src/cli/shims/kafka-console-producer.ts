#!/usr/bin/env node
import { runShim } from './run-shim.ts'
import { consoleProducerShim } from './console-producer.ts'

process.exitCode = await runShim(consoleProducerShim, process.argv.slice(2))
