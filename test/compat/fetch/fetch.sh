#!/usr/bin/env bash
# Brings one peer into the cache and prints its folder: fetch.sh kafka-4.3.1 | kafka-3.9.1 | tools-3.9.1 | clients-3.9.1 | clients-2.8.2 | clients-2.1.1 | zookeeper-3.9.5
# Needs Java and Maven; says so when one is missing. Anything already fetched is reused.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
what=$1
cache=${JACKDAW_COMPAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/jackdaw-compat}
target=$cache/$what
if [ ! -f "$target/.complete" ]; then
  command -v mvn >/dev/null || { echo "fetch.sh: $what needs Maven (apt-get install maven)" >&2; exit 3; }
  mkdir -p "$target"
  mvn -q -B -f "$here/pom.xml" -P "$what" dependency:copy-dependencies -DoutputDirectory="$target" -DincludeScope=runtime >&2
  touch "$target/.complete"
fi
echo "$target"
