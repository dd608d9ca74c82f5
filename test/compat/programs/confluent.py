"""confluent-kafka (librdkafka) as an application uses it. Usage: confluent.py BOOTSTRAP"""
import os
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

bootstrap = sys.argv[1]
topic = f"confluent-{os.getpid()}"
admin = AdminClient({"bootstrap.servers": bootstrap})
admin.create_topics([NewTopic(topic, 3, 1, config={"retention.ms": "3600000"})])[topic].result(30)
assert len(admin.list_topics(topic, timeout=30).topics[topic].partitions) == 3

errors = []
for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": codec, "enable.idempotence": True, "linger.ms": 5})
    for index in range(200):
        producer.produce(topic, key=f"k{index}", value=f"{codec}-{index}" * 10, headers={"h": codec},
                         on_delivery=lambda error, message: errors.append(error) if error else None)
    assert producer.flush(60) == 0
assert not errors, errors

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest",
                     "enable.auto.commit": False, "session.timeout.ms": 10000})
consumer.subscribe([topic])
seen = set()
deadline = time.time() + 60
while len(seen) < 1000 and time.time() < deadline:
    message = consumer.poll(1)
    if message is None:
        continue
    assert message.error() is None, message.error()
    seen.add(message.value())
assert len(seen) == 1000, len(seen)
consumer.commit(asynchronous=False)
committed = consumer.committed([TopicPartition(topic, p) for p in range(3)], timeout=30)
assert sum(c.offset for c in committed) == 1000, committed
low, high = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
assert low == 0 and high > 0
found = consumer.offsets_for_times([TopicPartition(topic, 0, 1)], timeout=30)
assert found[0].offset == 0
consumer.close()

resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
described = admin.describe_configs([resource])[resource].result(30)
assert described["retention.ms"].value == "3600000"
admin.create_partitions([NewPartitions(topic, 4)])[topic].result(30)
groups = admin.list_consumer_groups().result(30)
assert topic in [group.group_id for group in groups.valid]
admin.delete_consumer_groups([topic])[topic].result(30)
admin.delete_topics([topic])[topic].result(30)
print("ok confluent")
