// A load generator that speaks ZooKeeper's client protocol in raw frames, so that only the server limits. One thread,
// epoll, no library.
//
//   zk-load MODE key=value …      prints one line of JSON; exit 1 on any error code in an answer
//
//   run    op=get|exists|children|create|set connections window seconds|requests size   closed loop on every connection
//   watch  connections rounds      every connection watches one node; a set fires them all
//   first                          tries until a create is acknowledged; prints the moment (CLOCK_MONOTONIC)
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { GET = 4, EXISTS = 3, CHILDREN = 8, CREATE = 1, SET = 5, PING = 11 };
enum { NODES = 100, CHILD_COUNT = 10 };

typedef struct {
  int socket;
  uint8_t *input;
  size_t inputSize, inputFill;
  uint8_t *output;
  size_t outputSize, outputFill, outputSent;
  int inFlight, index, isWaiting;
  uint32_t nextXid, wantedXid;
  uint64_t *sentAt;
  unsigned head, tail;
} Connection;

static int port = 2181, connectionCount = 1, window = 1, size = 100, rounds = 5, operation = GET;
static double seconds = 5;
static long requestsMax = 0, issued = 0, answered = 0, failed = 0;
static int lastError = 0, isStopping = 0;
static uint32_t runId;
static int epollFd;
static Connection *connections;
static uint64_t *latencies;
static size_t latencyCount = 0, latencyRoom = 0;
static long notified = 0;

static uint64_t nowNs(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static void fail(const char *what) {
  fprintf(stderr, "zk-load: %s: %s\n", what, strerror(errno));
  exit(1);
}
static uint8_t *put32(uint8_t *at, uint32_t v) { at[0] = (uint8_t)(v >> 24); at[1] = (uint8_t)(v >> 16); at[2] = (uint8_t)(v >> 8); at[3] = (uint8_t)v; return at + 4; }
static uint8_t *put64(uint8_t *at, uint64_t v) { return put32(put32(at, (uint32_t)(v >> 32)), (uint32_t)v); }
static uint8_t *putString(uint8_t *at, const char *s) { size_t n = strlen(s); at = put32(at, (uint32_t)n); memcpy(at, s, n); return at + n; }
static uint32_t get32(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }

static uint8_t *room(Connection *c, size_t bytes) {
  if (c->outputFill + bytes > c->outputSize) {
    c->outputSize = (c->outputFill + bytes) * 2;
    c->output = realloc(c->output, c->outputSize);
  }
  return c->output + c->outputFill;
}

static void endFrame(Connection *c, uint8_t *start, uint8_t *end) {
  put32(start, (uint32_t)(end - start - 4));
  c->outputFill += (size_t)(end - start);
}

static uint8_t *putBlank(uint8_t *at) {
  at = put32(at, (uint32_t)size);
  memset(at, 'x', (size_t)size);
  return at + size;
}

static uint8_t *putOpenAcl(uint8_t *at) {
  at = put32(put32(at, 1), 31);
  return putString(putString(at, "world"), "anyone");
}

static void request(Connection *c, int type, const char *path, int watch) {
  uint8_t *start = room(c, (size_t)size + 256 + strlen(path)), *at = start + 4;
  at = putString(put32(put32(at, c->nextXid++), (uint32_t)type), path);
  if (type == CREATE) at = put32(putOpenAcl(putBlank(at)), 0);
  else if (type == SET) at = put32(putBlank(at), (uint32_t)-1);
  else *at++ = (uint8_t)watch;
  endFrame(c, start, at);
}

static void connectRequest(Connection *c) {
  uint8_t *start = room(c, 64), *at = start + 4;
  at = put64(put32(put64(put32(at, 0), 0), 30000), 0);
  at = put32(at, 16);
  memset(at, 0, 16);
  at += 16;
  *at++ = 0;
  endFrame(c, start, at);
}

static void flush(Connection *c) {
  while (c->outputSent < c->outputFill) {
    ssize_t n = send(c->socket, c->output + c->outputSent, c->outputFill - c->outputSent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) {
        struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
        epoll_ctl(epollFd, EPOLL_CTL_MOD, c->socket, &e);
        c->isWaiting = 1;
        return;
      }
      fail("send");
    }
    c->outputSent += (size_t)n;
  }
  c->outputSent = c->outputFill = 0;
  if (c->isWaiting) {
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epollFd, EPOLL_CTL_MOD, c->socket, &e);
    c->isWaiting = 0;
  }
}

static int dial(void) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) {
    close(s);
    return -1;
  }
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // A server that is still starting may take a connection and forget it.
  struct timeval patience = {.tv_sec = 2};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return s;
}

// Blocking: one whole frame into the connection's input. Returns its length, -1 at the end of the stream.
static int readFrame(Connection *c) {
  size_t want = 4, have = 0;
  uint8_t header[4];
  while (have < want) {
    ssize_t n = recv(c->socket, header + have, want - have, 0);
    if (n <= 0) return -1;
    have += (size_t)n;
  }
  want = get32(header);
  if (want > c->inputSize) c->input = realloc(c->input, c->inputSize = want * 2);
  for (have = 0; have < want;) {
    ssize_t n = recv(c->socket, c->input + have, want - have, 0);
    if (n <= 0) return -1;
    have += (size_t)n;
  }
  return (int)want;
}

// Blocking: opens a session. Returns whether it worked.
static int openSession(Connection *c, int index) {
  memset(c, 0, sizeof *c);
  c->index = index;
  c->nextXid = c->wantedXid = 1;
  c->input = malloc(c->inputSize = 1 << 17);
  c->output = malloc(c->outputSize = 1 << 12);
  c->sentAt = calloc((size_t)window + 1, 8);
  if ((c->socket = dial()) < 0) return 0;
  connectRequest(c);
  flush(c);
  if (readFrame(c) < 36 || get32(c->input + 4) == 0) {
    close(c->socket);
    return 0;
  }
  return 1;
}

static int ask(Connection *c, int type, const char *path, int watch) {
  request(c, type, path, watch);
  flush(c);
  if (readFrame(c) < 16) fail("the server hung up");
  c->wantedXid = c->nextXid;
  return (int)get32(c->input + 12);
}

static void prepare(Connection *c) {
  char path[64];
  ask(c, CREATE, "/bench", 0);
  snprintf(path, sizeof path, "/bench/run%08x", runId);
  ask(c, CREATE, path, 0);
  for (int i = 0; i < NODES; i++) {
    snprintf(path, sizeof path, "/bench/n%d", i);
    ask(c, CREATE, path, 0);
  }
  for (int i = 0; i < CHILD_COUNT; i++) {
    snprintf(path, sizeof path, "/bench/n0/child%d", i);
    ask(c, CREATE, path, 0);
  }
}

static void issue(Connection *c) {
  char path[64];
  while (!isStopping && c->inFlight < window && (requestsMax == 0 || issued < requestsMax)) {
    if (operation == CREATE) snprintf(path, sizeof path, "/bench/run%08x/c%ld", runId, issued);
    else if (operation == CHILDREN) strcpy(path, "/bench/n0");
    else snprintf(path, sizeof path, "/bench/n%ld", issued % NODES);
    request(c, operation, path, 0);
    c->sentAt[c->head] = nowNs();
    c->head = (c->head + 1) % (unsigned)(window + 1);
    c->inFlight++;
    issued++;
  }
}

static void answer(Connection *c, const uint8_t *frame) {
  uint32_t xid = get32(frame);
  if (xid == (uint32_t)-1) {
    notified++;
    return;
  }
  if (xid != c->wantedXid++) {
    fprintf(stderr, "zk-load: answer %u out of order\n", xid);
    exit(1);
  }
  int code = (int)get32(frame + 12);
  if (code != 0) {
    failed++;
    lastError = code;
  }
  answered++;
  c->inFlight--;
  if (c->head == c->tail) return;
  if (latencyCount == latencyRoom) latencies = realloc(latencies, (latencyRoom = latencyRoom ? latencyRoom * 2 : 1 << 16) * 8);
  latencies[latencyCount++] = nowNs() - c->sentAt[c->tail];
  c->tail = (c->tail + 1) % (unsigned)(window + 1);
}

static void receive(Connection *c) {
  for (;;) {
    ssize_t n = recv(c->socket, c->input + c->inputFill, c->inputSize - c->inputFill, 0);
    if (n == 0) fail("the server hung up");
    if (n < 0) {
      if (errno == EAGAIN) return;
      fail("recv");
    }
    c->inputFill += (size_t)n;
    size_t at = 0;
    while (c->inputFill - at >= 4 && c->inputFill - at - 4 >= get32(c->input + at)) {
      answer(c, c->input + at + 4);
      at += 4 + get32(c->input + at);
    }
    memmove(c->input, c->input + at, c->inputFill -= at);
    if (c->inputFill == c->inputSize) c->input = realloc(c->input, c->inputSize *= 2);
    if (n < 1 << 14) return;
  }
}

static void turn(int timeoutMs) {
  struct epoll_event events[256];
  int n = epoll_wait(epollFd, events, 256, timeoutMs);
  for (int i = 0; i < n; i++) {
    Connection *c = events[i].data.ptr;
    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
    if (operation != 0) issue(c);
    flush(c);
  }
}

static void openAll(void) {
  connections = calloc((size_t)connectionCount, sizeof *connections);
  epollFd = epoll_create1(0);
  for (int i = 0; i < connectionCount; i++) {
    for (int tries = 0; !openSession(&connections[i], i); tries++) {
      if (tries == 100) fail("no session");
      usleep(20000);
    }
  }
}

static void goAsync(void) {
  for (int i = 0; i < connectionCount; i++) {
    fcntl(connections[i].socket, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &connections[i]};
    epoll_ctl(epollFd, EPOLL_CTL_ADD, connections[i].socket, &e);
  }
}

static int byValue(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}
static double percentileUs(double part) {
  return latencyCount == 0 ? 0 : (double)latencies[(size_t)(part * (double)(latencyCount - 1))] / 1e3;
}

static int run(void) {
  openAll();
  prepare(&connections[0]);
  goAsync();
  uint64_t from = nowNs(), until = from + (uint64_t)(seconds * 1e9);
  for (int i = 0; i < connectionCount; i++) {
    issue(&connections[i]);
    flush(&connections[i]);
  }
  while (requestsMax == 0 ? nowNs() < until : answered < requestsMax) turn(100);
  double took = (double)(nowNs() - from) / 1e9;
  long done = answered;
  isStopping = 1;
  for (int i = 0; i < connectionCount; i++)
    while (connections[i].inFlight > 0) turn(100);
  qsort(latencies, latencyCount, 8, byValue);
  printf("{\"operations\":%ld,\"seconds\":%.6f,\"perSecond\":%.1f,\"p50Us\":%.1f,\"p99Us\":%.1f,\"p999Us\":%.1f,\"maxUs\":%.1f,\"failed\":%ld}\n", done, took,
         (double)done / took, percentileUs(0.5), percentileUs(0.99), percentileUs(0.999), percentileUs(1), failed);
  if (failed > 0) fprintf(stderr, "zk-load: %ld answers with an error, the last %d\n", failed, lastError);
  return failed > 0;
}

static int watchRounds(void) {
  openAll();
  prepare(&connections[0]);
  operation = 0;
  goAsync();
  for (int round = 0; round < rounds; round++) {
    long wanted = answered + connectionCount;
    for (int i = 0; i < connectionCount; i++) {
      request(&connections[i], GET, "/bench/n1", 1);
      flush(&connections[i]);
      // In small crowds: what is measured is the set, not this.
      if (i % 100 == 99) while (answered < wanted - connectionCount + i - 50) turn(100);
    }
    while (answered < wanted) turn(100);
    usleep(100000);
    notified = 0;
    uint64_t from = nowNs();
    request(&connections[0], SET, "/bench/n1", 0);
    flush(&connections[0]);
    while (notified < connectionCount) turn(100);
    if (latencyCount == latencyRoom) latencies = realloc(latencies, (latencyRoom = latencyRoom ? latencyRoom * 2 : 64) * 8);
    latencies[latencyCount++] = nowNs() - from;
    while (answered < wanted + 1) turn(100);
  }
  qsort(latencies, latencyCount, 8, byValue);
  printf("{\"rounds\":%d,\"watchers\":%d,\"p50Us\":%.1f,\"minUs\":%.1f,\"maxUs\":%.1f,\"failed\":%ld}\n", rounds, connectionCount, percentileUs(0.5), percentileUs(0), percentileUs(1), failed);
  return failed > 0;
}

static int first(void) {
  Connection c;
  uint64_t until = nowNs() + 60000000000ull;
  while (!openSession(&c, 0)) {
    if (nowNs() > until) fail("nobody answers");
    usleep(1000);
  }
  char path[64];
  snprintf(path, sizeof path, "/first%08x", runId);
  request(&c, CREATE, path, 0);
  flush(&c);
  if (readFrame(&c) < 16) return first();
  int code = (int)get32(c.input + 12);
  printf("{\"atNs\":%llu,\"failed\":%d}\n", (unsigned long long)nowNs(), code);
  return code != 0;
}

int main(int count, char **words) {
  if (count < 2) return 2;
  for (int i = 2; i < count; i++) {
    char *value = strchr(words[i], '=');
    if (value == NULL) return 2;
    *value++ = 0;
    if (!strcmp(words[i], "port")) port = atoi(value);
    else if (!strcmp(words[i], "connections")) connectionCount = atoi(value);
    else if (!strcmp(words[i], "window")) window = atoi(value);
    else if (!strcmp(words[i], "seconds")) seconds = atof(value);
    else if (!strcmp(words[i], "requests")) requestsMax = atol(value);
    else if (!strcmp(words[i], "size")) size = atoi(value);
    else if (!strcmp(words[i], "rounds")) rounds = atoi(value);
    else if (!strcmp(words[i], "op"))
      operation = !strcmp(value, "get") ? GET : !strcmp(value, "exists") ? EXISTS : !strcmp(value, "children") ? CHILDREN : !strcmp(value, "create") ? CREATE : !strcmp(value, "set") ? SET : -1;
    else return 2;
  }
  if (operation < 0) return 2;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  runId = (uint32_t)(nowNs() >> 10) ^ (uint32_t)getpid();
  if (!strcmp(words[1], "run")) return run();
  if (!strcmp(words[1], "watch")) return watchRounds();
  if (!strcmp(words[1], "first")) return first();
  return 2;
}
