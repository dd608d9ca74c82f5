import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** The parts of the Java client's interface that 3.4 and 3.9 share. Argument: servers. */
public class OldJavaClient {
    interface Call {
        void run() throws Exception;
    }

    static ZooKeeper connect(String servers) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(servers, 6000, event -> {
            if (event.getState() == KeeperState.SyncConnected) connected.countDown();
        });
        check(connected.await(15, TimeUnit.SECONDS), "no connection");
        return client;
    }

    static void check(boolean isTrue, String what) {
        if (!isTrue) throw new AssertionError(what);
    }

    static void refused(KeeperException.Code code, Call call) throws Exception {
        try {
            call.run();
        } catch (KeeperException refusal) {
            check(refusal.code() == code, "expected " + code + " but got " + refusal.code());
            return;
        }
        throw new AssertionError("no " + code);
    }

    public static void main(String[] args) throws Exception {
        ZooKeeper one = connect(args[0]);
        ZooKeeper two = connect(args[0]);
        String base = "/java-" + System.nanoTime();
        check(one.create(base, "1".getBytes(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT).equals(base), "create");
        refused(KeeperException.Code.NODEEXISTS, () -> one.create(base, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        refused(KeeperException.Code.NONODE, () -> one.getData(base + "/none", false, null));
        refused(KeeperException.Code.BADVERSION, () -> one.setData(base, null, 5));
        Stat stat = new Stat();
        check(new String(two.getData(base, false, stat)).equals("1") && stat.getVersion() == 0, "getData");
        String sequential = one.create(base + "/s-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
        check(sequential.equals(base + "/s-0000000000"), sequential);
        refused(KeeperException.Code.NOCHILDRENFOREPHEMERALS,
            () -> one.create(sequential + "/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        check(one.exists(sequential, false).getEphemeralOwner() == one.getSessionId(), "owner");

        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        two.getData(base, events::add, null);
        two.getChildren(base, events::add);
        two.exists(base + "/later", events::add);
        one.setData(base, "2".getBytes(), 0);
        one.create(base + "/later", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        expect(events, EventType.NodeDataChanged, base);
        expect(events, EventType.NodeCreated, base + "/later");
        expect(events, EventType.NodeChildrenChanged, base);

        List<OpResult> results = one.multi(List.of(
            Op.check(base, 1),
            Op.create(base + "/m", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            Op.setData(base, "3".getBytes(), 1),
            Op.delete(base + "/later", -1)));
        check(results.size() == 4 && ((OpResult.CreateResult) results.get(1)).getPath().equals(base + "/m"), "multi");
        refused(KeeperException.Code.NONODE, () -> one.multi(List.of(
            Op.create(base + "/n", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT), Op.delete(base + "/none", -1))));
        check(two.exists(base + "/n", false) == null, "failed multi");

        one.addAuthInfo("digest", "user:secret".getBytes());
        one.create(base + "/private", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        refused(KeeperException.Code.NOAUTH, () -> two.getData(base + "/private", false, null));
        check(one.getACL(base + "/private", new Stat()).get(0).getId().getScheme().equals("digest"), "acl");
        CountDownLatch synced = new CountDownLatch(1);
        two.sync(base, (code, path, context) -> synced.countDown(), null);
        check(synced.await(10, TimeUnit.SECONDS), "sync");

        // Another connection takes the session up with its password; the first one loses it without the ephemeral going.
        CountDownLatch again = new CountDownLatch(1);
        ZooKeeper three = new ZooKeeper(args[0], 6000, event -> {
            if (event.getState() == KeeperState.SyncConnected) again.countDown();
        }, one.getSessionId(), one.getSessionPasswd());
        check(again.await(15, TimeUnit.SECONDS), "session taken up");
        check(three.exists(sequential, events::add) != null, "ephemeral after reattach");
        one.close();
        two.exists(sequential, events::add);
        three.close();
        CountDownLatch gone = new CountDownLatch(1);
        while (two.exists(sequential, false) != null) check(!gone.await(20, TimeUnit.MILLISECONDS), "never");
        two.close();
        System.out.println("ok java client");
    }

    static void expect(BlockingQueue<WatchedEvent> events, EventType type, String path) throws Exception {
        WatchedEvent event = events.poll(10, TimeUnit.SECONDS);
        check(event != null && event.getType() == type && event.getPath().equals(path), type + " but got " + event);
    }
}
