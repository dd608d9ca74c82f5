#!/usr/bin/env node
import { runZk } from '../zk/zk.ts'

process.exitCode = await runZk(process.argv.slice(2))
