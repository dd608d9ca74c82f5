import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.CreateMode;

/** Curator's recipes: mutex, read/write lock, leader latch, cache (persistent recursive watch), queue, counter, barrier. */
public class CuratorRecipes {
    static CuratorFramework connect(String servers) throws Exception {
        CuratorFramework client = CuratorFrameworkFactory.newClient(servers, 6000, 10000, new ExponentialBackoffRetry(50, 5));
        client.start();
        check(client.blockUntilConnected(15, TimeUnit.SECONDS), "no connection");
        return client;
    }

    static void check(boolean isTrue, String what) {
        if (!isTrue) throw new AssertionError(what);
    }

    public static void main(String[] args) throws Exception {
        String base = "/curator-" + System.nanoTime();
        CuratorFramework one = connect(args[0]);
        CuratorFramework two = connect(args[0]);
        one.create().creatingParentContainersIfNeeded().forPath(base + "/x/y", "1".getBytes());
        String made = one.create().withProtection().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath(base + "/p-");
        check(made.contains("_c_"), made);

        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int worker = 0; worker < 4; worker += 1) {
            CuratorFramework client = worker % 2 == 0 ? one : two;
            Thread thread = new Thread(() -> {
                try {
                    InterProcessMutex mutex = new InterProcessMutex(client, base + "/mutex");
                    for (int round = 0; round < 5; round += 1) {
                        check(mutex.acquire(30, TimeUnit.SECONDS), "mutex");
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.sleep(2);
                        inside.decrementAndGet();
                        mutex.release();
                    }
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) thread.join(60000);
        check(failures.isEmpty() && most.get() == 1, "mutex: " + failures + " " + most);
        InterProcessReadWriteLock lockOne = new InterProcessReadWriteLock(one, base + "/rw");
        InterProcessReadWriteLock lockTwo = new InterProcessReadWriteLock(two, base + "/rw");
        lockOne.readLock().acquire();
        check(lockTwo.readLock().acquire(10, TimeUnit.SECONDS), "two readers");
        lockTwo.readLock().release();
        check(!lockTwo.writeLock().acquire(100, TimeUnit.MILLISECONDS), "writer beside reader");
        lockOne.readLock().release();
        check(lockTwo.writeLock().acquire(10, TimeUnit.SECONDS), "writer");
        lockTwo.writeLock().release();
        System.out.println("ok locks");

        LeaderLatch first = new LeaderLatch(one, base + "/latch", "first");
        LeaderLatch second = new LeaderLatch(two, base + "/latch", "second");
        first.start();
        check(first.await(15, TimeUnit.SECONDS), "first leads");
        second.start();
        check(!second.await(200, TimeUnit.MILLISECONDS) && second.getLeader().getId().equals("first"), "second waits");
        first.close();
        check(second.await(15, TimeUnit.SECONDS), "second leads");
        second.close();
        System.out.println("ok leader latch");

        LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();
        CountDownLatch initialized = new CountDownLatch(1);
        CuratorCache cache = CuratorCache.build(two, base + "/cache");
        cache.listenable().addListener(CuratorCacheListener.builder()
            .forCreates(node -> changes.add("created " + node.getPath()))
            .forChanges((before, after) -> changes.add("changed " + after.getPath() + " " + new String(after.getData())))
            .forDeletes(node -> changes.add("deleted " + node.getPath()))
            .forInitialized(initialized::countDown)
            .build());
        one.create().forPath(base + "/cache", "0".getBytes());
        cache.start();
        check(initialized.await(15, TimeUnit.SECONDS), "cache");
        one.create().forPath(base + "/cache/a", "1".getBytes());
        one.setData().forPath(base + "/cache/a", "2".getBytes());
        one.delete().forPath(base + "/cache/a");
        List<String> seen = new ArrayList<>();
        while (!seen.contains("deleted " + base + "/cache/a")) {
            String change = changes.poll(15, TimeUnit.SECONDS);
            check(change != null, "cache saw only " + seen);
            seen.add(change);
        }
        check(seen.contains("created " + base + "/cache") && seen.contains("created " + base + "/cache/a"), seen.toString());
        cache.close();
        System.out.println("ok cache");

        SimpleDistributedQueue producer = new SimpleDistributedQueue(one, base + "/queue");
        SimpleDistributedQueue consumer = new SimpleDistributedQueue(two, base + "/queue");
        for (int item = 0; item < 10; item += 1) check(producer.offer(("" + item).getBytes()), "offer");
        for (int item = 0; item < 10; item += 1) check(new String(consumer.take()).equals("" + item), "take " + item);
        check(consumer.poll(100, TimeUnit.MILLISECONDS) == null, "empty");
        System.out.println("ok queue");

        DistributedAtomicLong counter = new DistributedAtomicLong(one, base + "/counter", new ExponentialBackoffRetry(10, 5));
        for (int round = 0; round < 10; round += 1) check(counter.increment().succeeded(), "increment");
        check(counter.get().postValue() == 10, "counter");
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch left = new CountDownLatch(2);
        for (CuratorFramework client : List.of(one, two)) {
            new Thread(() -> {
                try {
                    DistributedDoubleBarrier barrier = new DistributedDoubleBarrier(client, base + "/barrier", 2);
                    check(barrier.enter(15, TimeUnit.SECONDS), "enter");
                    entered.countDown();
                    check(barrier.leave(15, TimeUnit.SECONDS), "leave");
                    left.countDown();
                } catch (Exception failure) {
                    failure.printStackTrace();
                }
            }).start();
        }
        check(entered.await(20, TimeUnit.SECONDS) && left.await(20, TimeUnit.SECONDS), "double barrier");
        one.delete().deletingChildrenIfNeeded().forPath(base);
        one.close();
        two.close();
        System.out.println("ok curator");
        System.exit(0);
    }
}
