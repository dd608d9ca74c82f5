#!/usr/bin/env bash
# Runs unmodified foreign clients and tools against a node. Fetches what it can; a peer that cannot be had is skipped by name.
#   test/compat/run.sh [vitest arguments]              against a fresh Jackdaw node
#   JACKDAW_COMPAT_BOOTSTRAP=host:port test/compat/run.sh   against a broker that already runs (to try the tests on real Kafka)
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
node test/tidy/build.mjs
exec vitest run --config test/compat/vitest.config.ts --root . "$@"
