import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

/**
 * An application that goes on while brokers come and go: a producer that sends every partition the numbers 0, 1, 2 …, and two
 * members of a group that read them and commit. A partition written by one idempotent producer alone must hold number n at
 * offset n: anything lost, doubled or out of order breaks that.
 *
 * Usage: FailoverClient BOOTSTRAP TOPIC PARTITIONS [PRODUCER_SETTING=VALUE …]. Prints "ready" when everything flows; sends until
 * its input ends; prints "result {…}" when the group has read all that was acknowledged. With enable.idempotence=false numbers and
 * offsets may differ, and there is no group.
 */
public final class FailoverClient {
    static final int WAITING_MAX = 200;
    static final int MEMBERS = 2;
    static final List<String> wrong = new CopyOnWriteArrayList<>();
    static final Map<String, Integer> failures = new ConcurrentSkipListMap<>();
    static volatile boolean isStopping;
    static volatile boolean isDone;
    static String bootstrap;
    static String topic;
    static int partitions;
    static boolean isIdempotent = true;

    /** By partition, guarded by itself: what was acknowledged, what the group has read and committed. */
    static long[] acknowledged;
    static long[] read;
    static long[] committed;
    static long lastNanos = System.nanoTime();
    static long longestGapNanos;

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        topic = args[1];
        partitions = Integer.parseInt(args[2]);
        acknowledged = new long[partitions];
        read = new long[partitions];
        committed = new long[partitions];
        Map<String, Object> settings = new HashMap<>();
        settings.put("enable.idempotence", "true");
        for (int at = 3; at < args.length; at++) settings.put(args[at].substring(0, args[at].indexOf('=')), args[at].substring(args[at].indexOf('=') + 1));
        isIdempotent = settings.get("enable.idempotence").equals("true");

        List<Thread> members = new ArrayList<>();
        for (int member = 0; isIdempotent && member < MEMBERS; member++) {
            Thread thread = new Thread(FailoverClient::consume, "member-" + member);
            thread.start();
            members.add(thread);
        }
        Thread sender = new Thread(() -> produce(settings), "producer");
        sender.start();
        while (!flows()) Thread.sleep(50);
        System.out.println("ready");
        while (System.in.read() >= 0) continue;
        isStopping = true;
        sender.join();
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (isIdempotent && !hasReadAll()) {
            if (System.nanoTime() > deadline) { wrong.add("the group has not read everything: " + Arrays.toString(read) + " of " + Arrays.toString(acknowledged)); break; }
            Thread.sleep(50);
        }
        isDone = true;
        for (Thread member : members) member.join();
        System.out.println("result " + result());
        System.exit(0);
    }

    static boolean flows() {
        synchronized (acknowledged) {
            for (int partition = 0; partition < partitions; partition++)
                if (acknowledged[partition] == 0 || isIdempotent && read[partition] == 0) return false;
            return true;
        }
    }

    static boolean hasReadAll() {
        synchronized (acknowledged) {
            for (int partition = 0; partition < partitions; partition++) if (read[partition] < acknowledged[partition]) return false;
            return true;
        }
    }

    static void produce(Map<String, Object> settings) {
        Map<String, Object> config = new HashMap<>(settings);
        config.put("bootstrap.servers", bootstrap);
        config.put("acks", "all");
        AtomicInteger[] waiting = new AtomicInteger[partitions];
        long[] next = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) waiting[partition] = new AtomicInteger();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            while (!isStopping) {
                for (int partition = 0; partition < partitions; partition++) {
                    if (waiting[partition].get() >= WAITING_MAX) continue;
                    waiting[partition].incrementAndGet();
                    long number = next[partition]++;
                    int to = partition;
                    producer.send(new ProducerRecord<>(topic, partition, null, String.format("%-100d", number).getBytes(StandardCharsets.UTF_8)), (metadata, error) -> {
                        waiting[to].decrementAndGet();
                        settled(to, number, metadata, error);
                    });
                }
                Thread.sleep(10);
            }
            producer.flush();
        } catch (InterruptedException | RuntimeException error) {
            wrong.add("the producer ended: " + error);
        }
    }

    static void settled(int partition, long number, RecordMetadata metadata, Exception error) {
        if (error != null) {
            failures.merge(error.getClass().getSimpleName(), 1, Integer::sum);
            return;
        }
        synchronized (acknowledged) {
            long now = System.nanoTime();
            longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
            lastNanos = now;
            if (!isIdempotent) {
                acknowledged[partition]++;
                return;
            }
            if (metadata.offset() != number) wrong(partition + ": number " + number + " was acknowledged at " + metadata.offset());
            if (acknowledged[partition] != number) wrong(partition + ": number " + number + " was acknowledged after " + acknowledged[partition]);
            acknowledged[partition] = number + 1;
        }
    }

    static void wrong(String what) {
        if (wrong.size() < 20) wrong.add(what);
    }

    static void consume() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", topic + "-group");
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        long[] startsAt = new long[partitions];
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(Collections.singleton(topic), new ConsumerRebalanceListener() {
                public void onPartitionsRevoked(Collection<TopicPartition> revoked) {}
                public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
                    synchronized (acknowledged) {
                        for (TopicPartition one : assigned) startsAt[one.partition()] = committed[one.partition()];
                    }
                }
            });
            while (!isDone) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                for (ConsumerRecord<byte[], byte[]> record : records) readOne(record, startsAt[record.partition()]);
                if (!records.isEmpty()) commit(consumer, records);
            }
        } catch (RuntimeException error) {
            wrong("a member ended: " + error);
        }
    }

    static void readOne(ConsumerRecord<byte[], byte[]> record, long startsAt) {
        int partition = record.partition();
        long offset = record.offset();
        String number = new String(record.value(), StandardCharsets.UTF_8).trim();
        synchronized (acknowledged) {
            if (!number.equals(Long.toString(offset))) wrong(partition + ": number " + number + " lies at " + offset);
            if (offset > read[partition]) wrong(partition + ": the group read " + offset + " after " + read[partition]);
            if (offset < startsAt) wrong(partition + ": the group read " + offset + " again although " + startsAt + " was committed");
            read[partition] = Math.max(read[partition], offset + 1);
        }
    }

    static void commit(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        try {
            consumer.commitSync();
        } catch (CommitFailedException | org.apache.kafka.common.errors.RetriableException rebalanced) {
            // The group moves: whoever gets the partitions reads these records again.
            return;
        }
        synchronized (acknowledged) {
            for (TopicPartition one : records.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> own = records.records(one);
                committed[one.partition()] = Math.max(committed[one.partition()], own.get(own.size() - 1).offset() + 1);
            }
        }
    }

    static String result() {
        StringJoiner failed = new StringJoiner(",", "{", "}");
        failures.forEach((name, count) -> failed.add("\"" + name + "\":" + count));
        StringJoiner problems = new StringJoiner(",", "[", "]");
        for (String problem : wrong) problems.add("\"" + problem.replace("\\", "/").replace("\"", "'").replace("\n", " ") + "\"");
        return "{\"acknowledged\":" + Arrays.stream(acknowledged).sum() + ",\"read\":" + Arrays.stream(read).sum()
            + ",\"committed\":" + Arrays.stream(committed).sum() + ",\"longestGapMs\":" + longestGapNanos / 1_000_000
            + ",\"failures\":" + failed + ",\"wrong\":" + problems + "}";
    }
}
