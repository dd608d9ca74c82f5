#!/usr/bin/env node
import { runShim } from './run-shim.ts'
import { consumerGroupsShim } from './consumer-groups.ts'

process.exitCode = await runShim(consumerGroupsShim, process.argv.slice(2))
