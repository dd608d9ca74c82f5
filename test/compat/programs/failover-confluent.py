"""An application on confluent-kafka (librdkafka) that goes on while brokers come and go; see FailoverClient.java for what it checks.

Usage: failover-confluent.py BOOTSTRAP TOPIC PARTITIONS
"""
import json
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
WAITING_MAX = 200
MEMBERS = 2

lock = threading.Lock()
acknowledged = [0] * count
read = [0] * count
committed = [0] * count
waiting = [0] * count
wrong = []
failures = {}
gap = {"last": time.monotonic(), "longest": 0.0}
stopping = threading.Event()
done = threading.Event()


def complain(what):
    if len(wrong) < 20:
        wrong.append(what)


def settled(error, message, partition, number):
    waiting[partition] -= 1
    if error:
        failures[error.name()] = failures.get(error.name(), 0) + 1
        return
    now = time.monotonic()
    gap["longest"] = max(gap["longest"], now - gap["last"])
    gap["last"] = now
    with lock:
        if message.offset() != number:
            complain(f"{partition}: number {number} was acknowledged at {message.offset()}")
        if acknowledged[partition] != number:
            complain(f"{partition}: number {number} was acknowledged after {acknowledged[partition]}")
        acknowledged[partition] = number + 1


def produce():
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "acks": "all", "linger.ms": 5})
    following = [0] * count
    while not stopping.is_set():
        for partition in range(count):
            if waiting[partition] >= WAITING_MAX:
                continue
            waiting[partition] += 1
            number = following[partition]
            following[partition] += 1
            producer.produce(topic, str(number).ljust(100), partition=partition,
                             on_delivery=lambda error, message, p=partition, n=number: settled(error, message, p, n))
        producer.poll(0.01)
    left = producer.flush(90)
    if left > 0:
        complain(f"{left} records are still waiting")


def read_one(message, starts_at):
    partition, offset, number = message.partition(), message.offset(), message.value().decode().strip()
    with lock:
        if number != str(offset):
            complain(f"{partition}: number {number} lies at {offset}")
        if offset > read[partition]:
            complain(f"{partition}: the group read {offset} after {read[partition]}")
        if offset < starts_at[partition]:
            complain(f"{partition}: the group read {offset} again although {starts_at[partition]} was committed")
        read[partition] = max(read[partition], offset + 1)


def consume():
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"{topic}-group", "auto.offset.reset": "earliest",
                         "enable.auto.commit": False, "enable.auto.offset.store": False})
    starts_at = [0] * count

    def assigned(_consumer, partitions):
        with lock:
            for one in partitions:
                starts_at[one.partition] = committed[one.partition]

    consumer.subscribe([topic], on_assign=assigned)
    while not done.is_set():
        messages = consumer.consume(500, 0.1)
        good = [message for message in messages if message.error() is None]
        for message in messages:
            # librdkafka tells of brokers that are away and goes on by itself.
            if message.error() is not None and message.error().fatal():
                complain(f"a member ended: {message.error()}")
                return
        if not good:
            continue
        for message in good:
            read_one(message, starts_at)
        reached = {message.partition(): message.offset() + 1 for message in good}
        for message in good:
            reached[message.partition()] = max(reached[message.partition()], message.offset() + 1)
        try:
            consumer.store_offsets(offsets=[TopicPartition(topic, partition, offset) for partition, offset in reached.items()])
            consumer.commit(asynchronous=False)
        except KafkaException:
            # The group moves, or its coordinator does: whoever has the partitions then reads these records again.
            continue
        with lock:
            for partition, offset in reached.items():
                committed[partition] = max(committed[partition], offset)
    consumer.close()


members = [threading.Thread(target=consume) for _ in range(MEMBERS)]
for member in members:
    member.start()
sender = threading.Thread(target=produce)
sender.start()
while not all(acknowledged[partition] > 0 and read[partition] > 0 for partition in range(count)):
    time.sleep(0.05)
print("ready", flush=True)
sys.stdin.read()
stopping.set()
sender.join()
deadline = time.monotonic() + 60
while not all(read[partition] >= acknowledged[partition] for partition in range(count)):
    if time.monotonic() > deadline:
        complain(f"the group has not read everything: {read} of {acknowledged}")
        break
    time.sleep(0.05)
done.set()
for member in members:
    member.join()
print("result " + json.dumps({"acknowledged": sum(acknowledged), "read": sum(read), "committed": sum(committed),
                              "longestGapMs": round(gap["longest"] * 1000), "failures": failures, "wrong": wrong}), flush=True)
