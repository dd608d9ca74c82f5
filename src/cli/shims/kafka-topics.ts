#!/usr/bin/env node
import { runShim } from './run-shim.ts'
import { topicsShim } from './topics.ts'

process.exitCode = await runShim(topicsShim, process.argv.slice(2))
