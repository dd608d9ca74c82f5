#!/usr/bin/env node
import { runZkServer } from '../zk/zk-server.ts'

process.exitCode = await runZkServer(process.argv.slice(2))
