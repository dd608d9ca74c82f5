"""A client that speaks as those before Kafka 0.11 did: message sets of formats 0 and 1, old versions of every request."""
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

bootstrap = sys.argv[1]
run = int(time.time() * 1000)

for version in [(0, 9), (0, 10), (0, 10, 2)]:
    for codec in [None, "gzip"]:
        topic = f"old-{run}-{'.'.join(map(str, version))}-{codec}"
        producer = KafkaProducer(bootstrap_servers=bootstrap, api_version=version, compression_type=codec, linger_ms=5)
        sent = [producer.send(topic, key=b"k%d" % index, value=b"v%d" % index, partition=0) for index in range(300)]
        producer.flush()
        offsets = [future.get(10).offset for future in sent]
        assert offsets == list(range(300)), offsets
        consumer = KafkaConsumer(bootstrap_servers=bootstrap, api_version=version, group_id=topic,
                                 auto_offset_reset="earliest", consumer_timeout_ms=20000, max_partition_fetch_bytes=3000)
        consumer.assign([TopicPartition(topic, 0)])
        seen = []
        for record in consumer:
            seen.append(record)
            if len(seen) == 300:
                break
        assert [record.offset for record in seen] == list(range(300)), len(seen)
        assert (seen[7].key, seen[7].value) == (b"k7", b"v7"), seen[7]
        has_time = seen[0].timestamp is not None and abs(seen[0].timestamp - run) < 600_000
        assert has_time == (version >= (0, 10)), seen[0]
        consumer.commit()
        assert consumer.committed(TopicPartition(topic, 0)) == 300
        consumer.close()
        producer.close()
print("ok kafka-python")
