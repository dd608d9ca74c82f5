import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.*;
import org.apache.zookeeper.data.*;

/**
 * What a client may do that is known by its certificate or by SASL.
 * Arguments: servers, the scheme and id that the server must know it by ('-' = must be refused, 'none' = nobody in particular).
 */
public class SecureJavaClient {
    static void check(boolean ok, String what) {
        if (!ok) throw new AssertionError(what);
    }

    public static void main(String[] args) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        boolean isSasl = "sasl".equals(args[1]);
        ZooKeeper zk = new ZooKeeper(args[0], 10000, event -> {
            System.out.println("event " + event.getState());
            if (event.getState() == Watcher.Event.KeeperState.AuthFailed) refused.countDown();
            if (event.getState() == Watcher.Event.KeeperState.SaslAuthenticated) connected.countDown();
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected && !isSasl) connected.countDown();
        });
        if (args[1].equals("-")) {
            boolean isIn = !refused.await(6, TimeUnit.SECONDS) && connected.await(1, TimeUnit.MILLISECONDS);
            if (isIn) {
                try {
                    zk.exists("/", false);
                } catch (KeeperException e) {
                    System.out.println("code " + e.code());
                    isIn = false;
                }
            }
            check(!isIn, "the client was let in");
            System.out.println("ok refused");
            System.exit(0);
        }
        check(connected.await(15, TimeUnit.SECONDS), "no connection");
        String base = "/secure-" + System.nanoTime();
        zk.create(base, "x".getBytes(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (ClientInfo who : zk.whoAmI()) System.out.println("who " + who.getAuthScheme() + ":" + who.getUser());
        if (!args[1].equals("none")) {
            Id me = new Id(args[1], args[2]);
            zk.create(base + "/mine", "x".getBytes(), Collections.singletonList(new ACL(ZooDefs.Perms.ALL, me)), CreateMode.PERSISTENT);
            zk.setData(base + "/mine", "y".getBytes(), 0);
            zk.create(base + "/auth", null, ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            List<ACL> acl = zk.getACL(base + "/auth", new Stat());
            check(acl.stream().anyMatch(entry -> entry.getId().equals(me)), "the creator is " + acl);
            zk.create(base + "/theirs", null, Collections.singletonList(new ACL(ZooDefs.Perms.ALL, new Id(args[1], args[2] + "x"))), CreateMode.PERSISTENT);
            try {
                zk.getData(base + "/theirs", false, null);
                check(false, "another's node was read");
            } catch (KeeperException.NoAuthException expected) {
            }
        }
        byte[] large = new byte[900_000];
        for (int i = 0; i < large.length; i++) large[i] = (byte) (i * 7);
        zk.setData(base, large, -1);
        check(java.util.Arrays.equals(large, zk.getData(base, false, null)), "a large node came back as it was");
        zk.close();
        System.out.println("ok secure");
    }
}
