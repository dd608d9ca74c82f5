"""kazoo over TLS and with SASL. Arguments: servers, TLS folder or '-', user or '-', password, 'refused' where that is expected."""
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import NoAuthError
from kazoo.security import ACL, Id

servers, folder, user, password = sys.argv[1:5]
options = {}
if folder != "-":
    options.update(use_ssl=True, ca=folder + "/authority.pem", certfile=folder + "/client.crt", keyfile=folder + "/client.key")
if user != "-":
    options.update(sasl_options={"mechanism": "DIGEST-MD5", "username": user, "password": password})

client = KazooClient(hosts=servers, timeout=6.0, connection_retry={"max_tries": 2}, **options)
if "refused" in sys.argv:
    try:
        client.start(timeout=5)
        client.exists("/")
    except Exception as error:  # each failure has a class of its own in kazoo
        print("refused with", type(error).__name__)
        sys.exit(0)
    raise AssertionError("let in")

client.start(timeout=15)
base = "/kazoo-secure-%d" % time.monotonic_ns()
client.create(base, b"x" * 500_000)
assert client.get(base)[0] == b"x" * 500_000
if user != "-":
    mine = ACL(31, Id("sasl", user))
    client.create(base + "/mine", b"y", acl=[mine])
    assert client.get(base + "/mine")[0] == b"y"
    client.create(base + "/theirs", b"", acl=[ACL(31, Id("sasl", user + "x"))])
    try:
        client.get(base + "/theirs")
        raise AssertionError("another's node was read")
    except NoAuthError:
        pass
client.stop()
print("ok kazoo secure")
