#!/usr/bin/env bash
# Starts an Apache Kafka 4.3.1 (KRaft, one node, default settings) for comparison, in the foreground:
#   kafka-broker.sh DATA_DIRECTORY PORT [property=value …]
# Formats the directory when it is empty; with --format-only as last word does no more. KAFKA_HEAP_OPTS as in Kafka's own script (default -Xmx1G -Xms1G).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$1
port=$2
shift 2
jars=$("$here/../fetch/fetch.sh" kafka-4.3.1)
mkdir -p "$data"
properties=$data/server.properties
cat > "$properties" <<P
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
num.network.threads=3
num.io.threads=8
socket.send.buffer.bytes=102400
socket.receive.buffer.bytes=102400
socket.request.max.bytes=104857600
log.dirs=$data/logs
num.partitions=1
num.recovery.threads.per.data.dir=2
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
P
for setting in "$@"; do [ "$setting" = --format-only ] || echo "$setting" >> "$properties"; done
cat > "$data/log4j2.properties" <<'P'
status = error
appenders = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = ${sys:jackdaw.log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = info
rootLogger.appenderRefs = file
rootLogger.appenderRef.file.ref = file
P
java_options=(-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent
  -Djava.awt.headless=true "-Dlog4j2.configurationFile=$data/log4j2.properties" "-Djackdaw.log=$data/server.log")
if [ ! -f "$data/logs/meta.properties" ]; then
  java -Xmx256m "${java_options[@]}" -cp "$jars/*" kafka.tools.StorageTool random-uuid > "$data/cluster.id" 2>/dev/null
  java -Xmx256m "${java_options[@]}" -cp "$jars/*" kafka.tools.StorageTool format -t "$(cat "$data/cluster.id")" -c "$properties" >&2
fi
[ "${1:-}" = --format-only ] && exit 0
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G} "${java_options[@]}" -cp "$jars/*" kafka.Kafka "$properties"
