#!/usr/bin/env bash
# Format, types, layers, dead code, package. Each check prints its name; the first failure ends the run.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

step() { printf '\n== %s\n' "$1"; }

step 'format (biome)'
biome format --config-path test/tidy/biome-rules.json src test bench assembly

step 'lint (biome)'
biome lint --config-path test/tidy/biome-rules.json --error-on-warnings src test bench

step 'types (tsc): the program, the layers without a platform, tests and benches'
tsc -p src --noEmit
tsc -p test/tidy/tsconfig.pure.json
tsc -p test/tidy/tsconfig.test.json

step 'promises and closed switches (oxlint with types)'
oxlint -c test/tidy/oxlint.json --type-aware src test bench

step 'layers (dependency-cruiser)'
node test/tidy/cruise.mjs

step 'dead files, exports and dependencies (knip)'
knip

step 'the package (publint)'
node test/tidy/build.mjs
publint --strict

step 'lint passed'
