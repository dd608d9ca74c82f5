"""kazoo against a server: nodes, watches, transactions, ACLs, and its lock, election, queue, counter and barrier recipes."""
import sys
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NoAuthError, NodeExistsError, NoNodeError, NotEmptyError
from kazoo.security import make_digest_acl

servers = sys.argv[1]
base = "/kazoo-%d" % time.monotonic_ns()


def connect(**options):
    client = KazooClient(hosts=servers, timeout=6.0, **options)
    client.start(timeout=15)
    return client


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind:
        return
    raise AssertionError("no %s" % kind.__name__)


one, two = connect(), connect()

one.ensure_path(base + "/deep/er")
assert one.create(base + "/a", b"1") == base + "/a"
raises(NodeExistsError, one.create, base + "/a", b"")
raises(NoNodeError, one.get, base + "/none")
raises(NotEmptyError, one.delete, base)
raises(BadVersionError, one.set, base + "/a", b"x", version=7)
data, stat = one.get(base + "/a")
assert (data, stat.version, stat.ephemeralOwner) == (b"1", 0, 0)
path, stat = one.create(base + "/s-", b"", sequence=True, include_data=True)
assert path == base + "/s-0000000002" and stat.version == 0, path
assert sorted(one.get_children(base)) == ["a", "deep", "s-0000000002"]
assert one.sync(base) == base

events = []
two.get(base + "/a", watch=lambda event: events.append((event.type, event.path)))
two.get_children(base, watch=lambda event: events.append((event.type, event.path)))
one.set(base + "/a", b"2")
one.create(base + "/b")
deadline = time.time() + 10
while len(events) < 2 and time.time() < deadline:
    time.sleep(0.01)
assert events == [("CHANGED", base + "/a"), ("CHILD", base)], events

transaction = one.transaction()
transaction.check(base + "/a", 1)
transaction.set_data(base + "/a", b"3")
transaction.create(base + "/c", b"c")
transaction.delete(base + "/b")
results = transaction.commit()
assert results[0] is True and results[2] == base + "/c" and results[3] is True, results
transaction = one.transaction()
transaction.create(base + "/d")
transaction.check(base + "/a", 99)
results = transaction.commit()
assert isinstance(results[1], BadVersionError), results
assert one.exists(base + "/d") is None

one.add_auth("digest", "user:secret")
one.create(base + "/private", b"p", acl=[make_digest_acl("user", "secret", all=True)])
raises(NoAuthError, two.get, base + "/private")
two.add_auth("digest", "user:secret")
assert two.get(base + "/private")[0] == b"p"
print("ok basics")

# Lock: never two at once, everybody gets it.
inside, most, done = [0], [0], []


def work(name):
    client = connect()
    lock = client.Lock(base + "/lock", name)
    for _ in range(5):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.005)
            inside[0] -= 1
    done.append(name)
    client.stop()
    client.close()


threads = [threading.Thread(target=work, args=("w%d" % number,)) for number in range(4)]
[thread.start() for thread in threads]
[thread.join(60) for thread in threads]
assert (most[0], len(done)) == (1, 4), (most, done)
lock = one.Lock(base + "/lock", "one")
assert lock.acquire(timeout=10)
assert not two.Lock(base + "/lock", "two").acquire(blocking=False)
assert lock.contenders() == ["one"]
lock.release()
reader, writer = one.ReadLock(base + "/rw"), two.WriteLock(base + "/rw")
assert reader.acquire(timeout=10) and not writer.acquire(blocking=False)
reader.release()
assert writer.acquire(timeout=10)
writer.release()
print("ok lock")

# Election: the next one leads when the leader's session goes.
led = []
first, second = connect(), connect()
hold = threading.Event()
election = threading.Thread(target=lambda: first.Election(base + "/election", "first").run(lambda: (led.append("first"), hold.wait(20))), daemon=True)
election.start()
while led != ["first"]:
    time.sleep(0.01)
other = threading.Thread(target=lambda: second.Election(base + "/election", "second").run(lambda: led.append("second")))
other.start()
time.sleep(0.2)
assert led == ["first"]
assert second.Election(base + "/election").contenders() == ["first", "second"]
first.stop()
other.join(20)
hold.set()
assert led == ["first", "second"], led
print("ok election")

queue = one.Queue(base + "/queue")
for item in range(10):
    queue.put(b"%d" % item)
assert [two.Queue(base + "/queue").get() for _ in range(10)] == [b"%d" % item for item in range(10)]
assert two.Queue(base + "/queue").get() is None
locking = one.LockingQueue(base + "/locking")
locking.put_all([b"x", b"y"])
assert locking.get(timeout=10) == b"x" and locking.consume()
assert locking.get(timeout=10) == b"y" and locking.consume()
print("ok queue")

counter = one.Counter(base + "/counter")
other_counter = two.Counter(base + "/counter")
threads = [threading.Thread(target=lambda each=each: [each.__add__(1) for _ in range(20)]) for each in (counter, other_counter)]
[thread.start() for thread in threads]
[thread.join(60) for thread in threads]
assert counter.value == 40, counter.value
barrier = one.Barrier(base + "/barrier")
barrier.create()
assert barrier.wait(0.1) is False
two.Barrier(base + "/barrier").remove()
assert barrier.wait(10) is True
semaphore = [client.Semaphore(base + "/semaphore", max_leases=1) for client in (one, two)]
assert semaphore[0].acquire(timeout=10) and not semaphore[1].acquire(blocking=False)
semaphore[0].release()
party = one.Party(base + "/party", "me")
party.join()
assert list(two.Party(base + "/party")) == ["me"]
print("ok others")

# The session outlives its connection.
session = one.client_id
one.create(base + "/ephemeral", ephemeral=True)
one._connection._socket.shutdown(2)
assert one.retry(one.get, base + "/ephemeral")[1].ephemeralOwner == session[0]
one.stop()
deadline = time.time() + 10
while two.exists(base + "/ephemeral") is not None and time.time() < deadline:
    time.sleep(0.05)
assert two.exists(base + "/ephemeral") is None
two.delete(base, recursive=True)
two.stop()
print("ok kazoo")
