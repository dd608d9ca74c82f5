#!/usr/bin/env node
import { runShim } from './run-shim.ts'
import { configsShim } from './configs.ts'

process.exitCode = await runShim(configsShim, process.argv.slice(2))
