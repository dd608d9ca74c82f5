// go-zookeeper: basics, watches, multi, its lock, and a session over a broken connection.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
)

type silent struct{}

func (silent) Printf(string, ...interface{}) {}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(ok bool, what string) {
	if !ok {
		panic(what)
	}
}

func connect() *zk.Conn {
	conn, _, err := zk.Connect(strings.Split(os.Args[1], ","), 6*time.Second, zk.WithLogger(silent{}))
	must(err)
	return conn
}

func main() {
	one, two := connect(), connect()
	base := fmt.Sprintf("/go-%d", time.Now().UnixNano())
	open := zk.WorldACL(zk.PermAll)
	_, err := one.Create(base, []byte("1"), 0, open)
	must(err)
	_, err = one.Create(base, nil, 0, open)
	check(err == zk.ErrNodeExists, "no ErrNodeExists")
	_, _, err = one.Get(base + "/none")
	check(err == zk.ErrNoNode, "no ErrNoNode")
	_, err = one.Set(base, nil, 9)
	check(err == zk.ErrBadVersion, "no ErrBadVersion")
	path, err := one.CreateProtectedEphemeralSequential(base+"/p-", nil, open)
	must(err)
	check(strings.HasSuffix(path, "-p-0000000000"), path)
	_, _, dataEvents, err := two.GetW(base)
	must(err)
	_, _, childEvents, err := two.ChildrenW(base)
	must(err)
	_, err = one.Set(base, []byte("2"), 0)
	must(err)
	_, err = one.CreateContainer(base+"/c", nil, zk.FlagContainer, open)
	must(err)
	check((<-dataEvents).Type == zk.EventNodeDataChanged, "data event")
	check((<-childEvents).Type == zk.EventNodeChildrenChanged, "child event")
	results, err := one.Multi(
		&zk.CheckVersionRequest{Path: base, Version: 1},
		&zk.CreateRequest{Path: base + "/m", Acl: open},
		&zk.SetDataRequest{Path: base, Data: []byte("3"), Version: 1},
	)
	must(err)
	check(len(results) == 3 && results[1].String == base+"/m", "multi")
	_, err = one.Multi(&zk.CreateRequest{Path: base + "/n", Acl: open}, &zk.DeleteRequest{Path: base + "/none", Version: -1})
	check(err == zk.ErrNoNode, "failed multi")
	must(one.AddAuth("digest", []byte("user:secret")))
	_, err = one.Create(base+"/private", nil, 0, zk.DigestACL(zk.PermAll, "user", "secret"))
	must(err)
	_, _, err = two.Get(base + "/private")
	check(err == zk.ErrNoAuth, "no ErrNoAuth")

	inside, most := 0, 0
	done := make(chan bool)
	for worker := 0; worker < 3; worker++ {
		go func() {
			conn := connect()
			for round := 0; round < 5; round++ {
				lock := zk.NewLock(conn, base+"/lock", open)
				must(lock.Lock())
				inside++
				most = max(most, inside)
				time.Sleep(2 * time.Millisecond)
				inside--
				must(lock.Unlock())
			}
			conn.Close()
			done <- true
		}()
	}
	for worker := 0; worker < 3; worker++ {
		<-done
	}
	check(most == 1, "two holders")
	_, _, gone, err := two.ExistsW(path)
	must(err)
	one.Close()
	check((<-gone).Type == zk.EventNodeDeleted, "ephemeral stays")
	two.Close()
	fmt.Println("ok go-zookeeper")
}
