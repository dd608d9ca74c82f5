import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.*;

/**
 * What an ordinary application does with Kafka's Java client, checked from its own side. Written against the API of 2.1,
 * so that one source compiles with every client from 2.1 to 4.x.
 *
 * Usage: Exercise BOOTSTRAP PREFIX SCENARIO [ARGUMENT]. Exit 0 and a line "ok SCENARIO" when everything held.
 */
public final class Exercise {
    static String bootstrap;
    static String prefix;

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        prefix = args[1];
        String scenario = args[2];
        String argument = args.length > 3 ? args[3] : "";
        switch (scenario) {
            case "codec": codec(argument); break;
            case "records": records(); break;
            case "times": times(); break;
            case "seek": seek(); break;
            case "group": group(argument); break;
            case "static": staticMembers(); break;
            case "pause": pause(); break;
            case "offsets": offsets(); break;
            case "admin": admin(); break;
            case "idempotent": idempotent(); break;
            case "produce": produceNumbers(Integer.parseInt(argument)); break;
            case "verify": verifyNumbers(Integer.parseInt(argument)); break;
            default: throw new IllegalArgumentException(scenario);
        }
        System.out.println("ok " + scenario);
        System.exit(0);
    }

    static void check(boolean condition, String message) {
        if (!condition) throw new AssertionError(message);
    }

    static KafkaProducer<byte[], byte[]> producer(Object... settings) {
        Map<String, Object> config = settings(settings);
        config.putIfAbsent("acks", "all");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static KafkaConsumer<byte[], byte[]> consumer(Object... settings) {
        Map<String, Object> config = settings(settings);
        config.putIfAbsent("auto.offset.reset", "earliest");
        config.putIfAbsent("enable.auto.commit", "false");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static Map<String, Object> settings(Object... settings) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        for (int at = 0; at < settings.length; at += 2) config.put((String) settings[at], settings[at + 1]);
        return config;
    }

    static String topic(String name, int partitions) throws Exception {
        String topic = prefix + "-" + name;
        try (AdminClient admin = AdminClient.create(settings())) {
            admin.createTopics(Collections.singleton(new NewTopic(topic, partitions, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        return topic;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<ConsumerRecord<byte[], byte[]>> readAll(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (all.size() < count && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) all.add(record);
        }
        check(all.size() == count, "read " + all.size() + " of " + count + " records");
        return all;
    }

    /** Every codec, batches of many sizes, read back equal and in order. */
    static void codec(String codec) throws Exception {
        String topic = topic("codec-" + codec, 1);
        int count = 3000;
        try (KafkaProducer<byte[], byte[]> producer = producer("compression.type", codec, "linger.ms", "5", "batch.size", "65536")) {
            for (int index = 0; index < count; index++) {
                StringBuilder value = new StringBuilder("value-" + index + "-");
                for (int repeat = 0; repeat < index % 50; repeat++) value.append("abcdefgh").append(index);
                producer.send(new ProducerRecord<>(topic, bytes("key-" + index), bytes(value.toString())));
            }
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(Collections.singleton(partition));
            int index = 0;
            for (ConsumerRecord<byte[], byte[]> record : readAll(consumer, count)) {
                check(record.offset() == index, "offset " + record.offset() + " at " + index);
                check(Arrays.equals(record.key(), bytes("key-" + index)), "key at " + index);
                check(new String(record.value(), StandardCharsets.UTF_8).startsWith("value-" + index + "-"), "value at " + index);
                index++;
            }
        }
    }

    /** Headers, null keys, tombstones, empty values, big records. */
    static void records() throws Exception {
        String topic = topic("records", 1);
        byte[] big = new byte[900_000];
        new Random(7).nextBytes(big);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            ProducerRecord<byte[], byte[]> withHeaders = new ProducerRecord<>(topic, null, bytes("v"));
            withHeaders.headers().add("a", bytes("1")).add("a", bytes("2")).add("none", null).add("umlaut-ä", bytes("ü"));
            RecordMetadata first = producer.send(withHeaders).get(30, TimeUnit.SECONDS);
            check(first.offset() == 0, "first offset is " + first.offset());
            producer.send(new ProducerRecord<>(topic, bytes("gone"), null)).get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(topic, bytes(""), bytes(""))).get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(topic, bytes("big"), big)).get(30, TimeUnit.SECONDS);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(Collections.singleton(new TopicPartition(topic, 0)));
            List<ConsumerRecord<byte[], byte[]>> all = readAll(consumer, 4);
            Header[] headers = all.get(0).headers().toArray();
            check(headers.length == 4, "headers: " + headers.length);
            check(headers[1].key().equals("a") && Arrays.equals(headers[1].value(), bytes("2")), "second header");
            check(headers[2].value() == null, "null header value");
            check(headers[3].key().equals("umlaut-ä"), "header key in UTF-8");
            check(all.get(0).key() == null, "null key");
            check(all.get(1).value() == null, "tombstone");
            check(all.get(2).key().length == 0 && all.get(2).value().length == 0, "empty key and value");
            check(Arrays.equals(all.get(3).value(), big), "big value");
        }
    }

    /** Timestamps round trip; offsetsForTimes, beginning and end offsets answer from them. */
    static void times() throws Exception {
        String topic = topic("times", 1);
        long start = System.currentTimeMillis() - 1_000_000;
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int index = 0; index < 100; index++) producer.send(new ProducerRecord<>(topic, 0, start + index * 1000L, null, bytes("v" + index)));
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(Collections.singleton(partition));
            OffsetAndTimestamp found = consumer.offsetsForTimes(Collections.singletonMap(partition, start + 41_500L)).get(partition);
            check(found.offset() == 42 && found.timestamp() == start + 42_000L, "offsetsForTimes gave " + found);
            check(consumer.offsetsForTimes(Collections.singletonMap(partition, start + 99_999_999L)).get(partition) == null, "nothing after the end");
            check(consumer.beginningOffsets(Collections.singleton(partition)).get(partition) == 0, "beginning");
            check(consumer.endOffsets(Collections.singleton(partition)).get(partition) == 100, "end");
            check(readAll(consumer, 100).get(7).timestamp() == start + 7000L, "timestamp of a record");
        }
    }

    static void seek() throws Exception {
        String topic = topic("seek", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer("linger.ms", "20")) {
            for (int index = 0; index < 1000; index++) producer.send(new ProducerRecord<>(topic, bytes("k"), bytes("v" + index)));
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("max.poll.records", "10")) {
            consumer.assign(Collections.singleton(partition));
            for (long offset : new long[] {500, 3, 999, 0, 123}) {
                consumer.seek(partition, offset);
                ConsumerRecord<byte[], byte[]> first = readFirst(consumer);
                check(first.offset() == offset, "seek to " + offset + " gave " + first.offset());
                check(Arrays.equals(first.value(), bytes("v" + offset)), "value at " + offset);
            }
            consumer.seekToEnd(Collections.singleton(partition));
            check(consumer.position(partition) == 1000, "position at the end");
        }
    }

    static ConsumerRecord<byte[], byte[]> readFirst(KafkaConsumer<byte[], byte[]> consumer) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) return record;
        }
        throw new AssertionError("nothing to read");
    }

    /** Three members share six partitions; one leaves; nothing is lost. Argument: the assignor's class, or empty. */
    static void group(String assignor) throws Exception {
        String topic = topic("group" + Math.abs(assignor.hashCode()), 6);
        String groupId = topic + "-group";
        ConcurrentHashMap<String, Integer> seen = new ConcurrentHashMap<>();
        AtomicBoolean isDone = new AtomicBoolean(false);
        List<AtomicBoolean> leave = new ArrayList<>();
        List<Thread> members = new ArrayList<>();
        ConcurrentHashMap<Integer, Set<TopicPartition>> assignments = new ConcurrentHashMap<>();
        for (int member = 0; member < 3; member++) {
            int number = member;
            AtomicBoolean mayLeave = new AtomicBoolean(false);
            leave.add(mayLeave);
            Thread thread = new Thread(() -> {
                Object[] base = {"group.id", groupId, "client.id", "member-" + number, "session.timeout.ms", "10000", "heartbeat.interval.ms", "500", "max.poll.interval.ms", "20000"};
                Object[] all = assignor.isEmpty() ? base : Arrays.copyOf(base, base.length + 2);
                if (!assignor.isEmpty()) {
                    all[base.length] = "partition.assignment.strategy";
                    all[base.length + 1] = assignor;
                }
                try (KafkaConsumer<byte[], byte[]> consumer = consumer(all)) {
                    consumer.subscribe(Collections.singleton(topic));
                    while (!isDone.get() && !mayLeave.get()) {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) seen.merge(new String(record.value(), StandardCharsets.UTF_8), 1, Integer::sum);
                        assignments.put(number, consumer.assignment());
                        try {
                            consumer.commitSync();
                        } catch (org.apache.kafka.common.errors.RebalanceInProgressException | org.apache.kafka.clients.consumer.CommitFailedException goesOn) {
                            // A member may poll through a rebalance: the next round commits. Clients before 2.5 say it with the second exception.
                        }
                    }
                    assignments.remove(number);
                }
            });
            members.add(thread);
            thread.start();
        }
        awaitAssigned(assignments, 3, 6);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int index = 0; index < 300; index++) producer.send(new ProducerRecord<>(topic, index % 6, null, bytes("a" + index)));
        }
        awaitCount(seen, 300);
        leave.get(1).set(true);
        members.get(1).join(30_000);
        awaitAssigned(assignments, 2, 6);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int index = 0; index < 300; index++) producer.send(new ProducerRecord<>(topic, index % 6, null, bytes("b" + index)));
        }
        awaitCount(seen, 600);
        isDone.set(true);
        for (Thread thread : members) thread.join(30_000);
    }

    static void awaitAssigned(Map<Integer, Set<TopicPartition>> assignments, int members, int partitions) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (System.nanoTime() < deadline) {
            int total = 0;
            int owners = 0;
            for (Set<TopicPartition> set : assignments.values()) {
                total += set.size();
                if (!set.isEmpty()) owners++;
            }
            if (total == partitions && owners == members) return;
            Thread.sleep(50);
        }
        throw new AssertionError("assignment did not settle: " + assignments);
    }

    static void awaitCount(Map<String, Integer> seen, int count) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (seen.size() < count && System.nanoTime() < deadline) Thread.sleep(50);
        check(seen.size() == count, "consumed " + seen.size() + " of " + count);
    }

    /** A static member that comes back keeps its partitions without a rebalance of the others. */
    static void staticMembers() throws Exception {
        String topic = topic("static", 4);
        Set<TopicPartition> before;
        try (KafkaConsumer<byte[], byte[]> other = consumer("group.id", topic, "group.instance.id", "two", "session.timeout.ms", "30000")) {
            int[] rebalances = {0};
            other.subscribe(Collections.singleton(topic), new ConsumerRebalanceListener() {
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) { rebalances[0]++; }
            });
            before = joinWith(other, topic, 2);
            int settled = rebalances[0];
            Set<TopicPartition> after = joinWith(other, topic, 2);
            check(before.equals(after), "static member got " + after + " instead of " + before);
            check(rebalances[0] == settled, "the other member was rebalanced");
        }
    }

    static Set<TopicPartition> joinWith(KafkaConsumer<byte[], byte[]> other, String topic, int share) {
        try (KafkaConsumer<byte[], byte[]> one = consumer("group.id", topic, "group.instance.id", "one", "session.timeout.ms", "30000")) {
            one.subscribe(Collections.singleton(topic));
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (System.nanoTime() < deadline) {
                one.poll(Duration.ofMillis(100));
                other.poll(Duration.ofMillis(100));
                if (one.assignment().size() == share && other.assignment().size() == share) return new HashSet<>(one.assignment());
            }
            throw new AssertionError("static members did not settle");
        }
    }

    static void pause() throws Exception {
        String topic = topic("pause", 2);
        TopicPartition zero = new TopicPartition(topic, 0);
        TopicPartition one = new TopicPartition(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int index = 0; index < 100; index++) producer.send(new ProducerRecord<>(topic, index % 2, null, bytes("v" + index)));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(Arrays.asList(zero, one));
            consumer.pause(Collections.singleton(one));
            for (ConsumerRecord<byte[], byte[]> record : readAll(consumer, 50)) check(record.partition() == 0, "a paused partition was read");
            consumer.resume(Collections.singleton(one));
            for (ConsumerRecord<byte[], byte[]> record : readAll(consumer, 50)) check(record.partition() == 1, "partition 1 after resume");
        }
    }

    /** Committed offsets and their metadata survive; a new member goes on from them. */
    static void offsets() throws Exception {
        String topic = topic("offsets", 1);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int index = 0; index < 20; index++) producer.send(new ProducerRecord<>(topic, 0, null, bytes("v" + index)));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("group.id", topic)) {
            consumer.assign(Collections.singleton(partition));
            check(committed(consumer, partition) == null, "nothing is committed yet");
            consumer.commitSync(Collections.singletonMap(partition, new OffsetAndMetadata(7, Optional.of(0), "note é")));
            OffsetAndMetadata committed = committed(consumer, partition);
            check(committed.offset() == 7 && committed.metadata().equals("note é"), "committed: " + committed);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("group.id", topic)) {
            consumer.subscribe(Collections.singleton(topic));
            check(readFirst(consumer).offset() == 7, "a new member starts at the committed offset");
        }
    }

    static void admin() throws Exception {
        String name = topic("admin", 3);
        try (AdminClient admin = AdminClient.create(settings())) {
            check(admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(name), "listed");
            TopicDescription described = describe(admin, name);
            check(described.partitions().size() == 3, "three partitions");
            check(!admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).isEmpty(), "a node");
            check(admin.describeCluster().clusterId().get().length() == 22, "a cluster id");
            admin.createPartitions(Collections.singletonMap(name, NewPartitions.increaseTo(5))).all().get(30, TimeUnit.SECONDS);
            check(describe(admin, name).partitions().size() == 5, "five partitions");
            org.apache.kafka.common.config.ConfigResource resource =
                new org.apache.kafka.common.config.ConfigResource(org.apache.kafka.common.config.ConfigResource.Type.TOPIC, name);
            Config config = admin.describeConfigs(Collections.singleton(resource)).all().get(30, TimeUnit.SECONDS).get(resource);
            check(config.get("retention.ms").value().equals("604800000"), "default retention: " + config.get("retention.ms").value());
            try {
                admin.createTopics(Collections.singleton(new NewTopic(name, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
                throw new AssertionError("created twice");
            } catch (ExecutionException expected) {
                check(expected.getCause() instanceof org.apache.kafka.common.errors.TopicExistsException, "exists: " + expected.getCause());
            }
            try {
                admin.createTopics(Collections.singleton(new NewTopic("bad name!", 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
                throw new AssertionError("bad name created");
            } catch (ExecutionException expected) {
                check(expected.getCause() instanceof org.apache.kafka.common.errors.InvalidTopicException, "invalid: " + expected.getCause());
            }
            admin.deleteTopics(Collections.singleton(name)).all().get(30, TimeUnit.SECONDS);
            check(!admin.listTopics().names().get().contains(name), "deleted");
        }
    }

    /** The accessor changed its name in 3.1 and the old one went in 4.0. */
    @SuppressWarnings("unchecked")
    static TopicDescription describe(AdminClient admin, String name) throws Exception {
        Object result = admin.describeTopics(Collections.singleton(name));
        java.lang.reflect.Method accessor;
        try {
            accessor = result.getClass().getMethod("topicNameValues");
        } catch (NoSuchMethodException older) {
            accessor = result.getClass().getMethod("values");
        }
        Map<String, org.apache.kafka.common.KafkaFuture<TopicDescription>> futures =
            (Map<String, org.apache.kafka.common.KafkaFuture<TopicDescription>>) accessor.invoke(result);
        return futures.get(name).get(30, TimeUnit.SECONDS);
    }

    /** One partition at a time until 2.4, sets of them since, and only those in 4.0. */
    @SuppressWarnings("unchecked")
    static OffsetAndMetadata committed(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) throws Exception {
        try {
            Object all = KafkaConsumer.class.getMethod("committed", Set.class).invoke(consumer, Collections.singleton(partition));
            return ((Map<TopicPartition, OffsetAndMetadata>) all).get(partition);
        } catch (NoSuchMethodException older) {
            return (OffsetAndMetadata) KafkaConsumer.class.getMethod("committed", TopicPartition.class).invoke(consumer, partition);
        }
    }

    static void idempotent() throws Exception {
        String topic = topic("idempotent", 3);
        try (KafkaProducer<byte[], byte[]> producer = producer("enable.idempotence", "true", "max.in.flight.requests.per.connection", "5", "batch.size", "500")) {
            for (int index = 0; index < 2000; index++) producer.send(new ProducerRecord<>(topic, index % 3, null, bytes("v" + index)));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(Arrays.asList(new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2)));
            int[] next = {0, 1, 2};
            for (ConsumerRecord<byte[], byte[]> record : readAll(consumer, 2000)) {
                check(Arrays.equals(record.value(), bytes("v" + next[record.partition()])), "order in partition " + record.partition());
                next[record.partition()] += 3;
            }
        }
    }

    static void produceNumbers(int count) throws Exception {
        String topic = topic("numbers", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int index = 0; index < count; index++) producer.send(new ProducerRecord<>(topic, 0, null, bytes("n" + index)));
        }
    }

    static void verifyNumbers(int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(Collections.singleton(new TopicPartition(prefix + "-numbers", 0)));
            int index = 0;
            for (ConsumerRecord<byte[], byte[]> record : readAll(consumer, count)) {
                check(Arrays.equals(record.value(), bytes("n" + index)), "record " + index);
                index++;
            }
        }
    }
}
