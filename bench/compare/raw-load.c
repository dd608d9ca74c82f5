// A load generator that sends prebuilt Kafka requests, so that only the broker limits. One thread, epoll, no library.
//
//   raw-load MODE key=value …      prints one line of JSON; exit 1 on any error code in an answer
//
//   produce   topic partitions connections window record records(per batch) acks seconds|requests [rate=requests/s]
//             [leaders=PORT,PORT,…]       where each partition is led: connections are shared out among these ports
//             [together=1]                each request carries one batch for every partition of its connection
//   endtoend  topic record rate seconds         one producer at a fixed schedule, one consumer; latency from the intended time
//   tail      topic record records rate seconds produce at `rate` batches/s and consume at the tail
//   first     topic                        tries until one record is acknowledged (creates the topic by asking for its metadata); prints the moment
//   idle      connections seconds          opens connections, says so on standard output, holds them
//   consume   topic connections bytes max(bytes per answer) from(offset)   read from `from` until `bytes` have come, each connection by itself
//
// Produce version 7 and Fetch version 11: the newest without compact fields, served by every broker from 2.3 to 4.x.
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
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  int socket;
  uint8_t *input;
  size_t inputSize, inputFill;
  const uint8_t *output;  // the request being sent
  size_t outputSize, outputSent;
  int inFlight;
  int isConsumer;
  int partition;
  int64_t nextOffset;
  uint64_t consumedBytes;
  uint8_t *request;  // a consumer's own fetch request
  size_t requestSize, offsetAt;
  uint64_t *sentAt;  // ring of send times, window long
  unsigned sentHead, sentTail;
  unsigned toSend;  // requests that may still start now (rate-limited modes)
  const int *partitions;  // produce: what this connection writes to, in turn
  int partitionsHere, turn;
  const uint8_t *allTogether;  // one request for all of them
  size_t allTogetherSize;
} Connection;

static char *host = "127.0.0.1", *topic = "bench";
static int port = 9092, partitionCount = 1, connectionCount = 1, window = 1, acks = 1;
static int recordSize = 1024, recordsPerBatch = 250;
static double rate = 0, seconds = 10;
static long requestsMax = 0;
static uint64_t bytesMax = 0;
static int answerBytesMax = 55 << 20;
static int64_t fromOffset = 0;
static int *leaderPorts = NULL, leaderPortCount = 0;  // by partition
static int isTogether = 0;

static uint64_t nowNs(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "raw-load: %s: %s\n", what, strerror(errno));
  exit(1);
}

// ---- bytes

static uint8_t *put16(uint8_t *at, int v) { at[0] = (uint8_t)(v >> 8); at[1] = (uint8_t)v; return at + 2; }
static uint8_t *put32(uint8_t *at, uint32_t v) { at[0] = (uint8_t)(v >> 24); at[1] = (uint8_t)(v >> 16); at[2] = (uint8_t)(v >> 8); at[3] = (uint8_t)v; return at + 4; }
static uint8_t *put64(uint8_t *at, uint64_t v) { return put32(put32(at, (uint32_t)(v >> 32)), (uint32_t)v); }
static uint8_t *putString(uint8_t *at, const char *s) { size_t n = strlen(s); at = put16(at, (int)n); memcpy(at, s, n); return at + n; }
static uint32_t get32(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }
static uint64_t get64(const uint8_t *at) { return (uint64_t)get32(at) << 32 | get32(at + 4); }
static int get16(const uint8_t *at) { return (int16_t)(at[0] << 8 | at[1]); }
static uint8_t *putVarint(uint8_t *at, int64_t v) {
  uint64_t z = ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
  while (z >= 0x80) { *at++ = (uint8_t)(z | 0x80); z >>= 7; }
  *at++ = (uint8_t)z;
  return at;
}
static int varintSize(int64_t v) { uint8_t scratch[10]; return (int)(putVarint(scratch, v) - scratch); }

static uint32_t crcTable[256];
static uint32_t crc32c(const uint8_t *at, size_t size) {
  if (crcTable[1] == 0)
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t c = i;
      for (int k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0x82f63b78u : c >> 1;
      crcTable[i] = c;
    }
  uint32_t crc = ~0u;
  while (size--) crc = (crc >> 8) ^ crcTable[(crc ^ *at++) & 255];
  return ~crc;
}

// One batch, in a partition's place of a Produce request.
static uint8_t *putBatch(uint8_t *at, int partition) {
  at = put32(at, (uint32_t)partition);
  uint8_t *recordsSizeAt = at, *batch = at + 4;
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  uint64_t wallMs = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
  at = put64(batch, 0); at += 4; at = put32(at, (uint32_t)-1); *at++ = 2; at += 4;
  at = put16(at, 0); at = put32(at, (uint32_t)(recordsPerBatch - 1)); at = put64(at, wallMs); at = put64(at, wallMs);
  at = put64(at, (uint64_t)-1); at = put16(at, -1); at = put32(at, (uint32_t)-1); at = put32(at, (uint32_t)recordsPerBatch);
  uint32_t seed = 12345;
  for (int i = 0; i < recordsPerBatch; i++) {
    int bodySize = 1 + 1 + varintSize(i) + 1 + varintSize(recordSize) + recordSize + 1;
    at = putVarint(at, bodySize);
    *at++ = 0; *at++ = 0; at = putVarint(at, i); at = putVarint(at, -1); at = putVarint(at, recordSize);
    for (int b = 0; b < recordSize; b++) { seed = seed * 1664525u + 1013904223u; *at++ = (uint8_t)(seed >> 24); }
    *at++ = 0;
  }
  put32(batch + 8, (uint32_t)(at - batch - 12));
  put32(batch + 17, crc32c(batch + 21, (size_t)(at - batch - 21)));
  put32(recordsSizeAt, (uint32_t)(at - batch));
  return at;
}

// One Produce request with one batch for each partition; the whole frame.
static uint8_t *produceRequest(const int *partitions, int count, size_t *size) {
  size_t room = (size_t)count * ((size_t)recordsPerBatch * ((size_t)recordSize + 40) + 128) + 1024;
  uint8_t *frame = malloc(room), *at = frame + 4;
  at = put16(at, 0); at = put16(at, 7); at = put32(at, 1); at = putString(at, "raw-load");
  at = put16(at, -1); at = put16(at, acks); at = put32(at, 30000);
  at = put32(at, 1); at = putString(at, topic); at = put32(at, (uint32_t)count);
  for (int i = 0; i < count; i++) at = putBatch(at, partitions[i]);
  put32(frame, (uint32_t)(at - frame - 4));
  *size = (size_t)(at - frame);
  return frame;
}

static void fetchRequest(Connection *c, int maxWaitMs, int minBytes) {
  uint8_t *frame = malloc(512), *at = frame + 4;
  at = put16(at, 1); at = put16(at, 11); at = put32(at, 1); at = putString(at, "raw-load");
  at = put32(at, (uint32_t)-1); at = put32(at, (uint32_t)maxWaitMs); at = put32(at, (uint32_t)minBytes); at = put32(at, (uint32_t)answerBytesMax);
  *at++ = 0; at = put32(at, 0); at = put32(at, (uint32_t)-1);
  at = put32(at, 1); at = putString(at, topic); at = put32(at, 1); at = put32(at, (uint32_t)c->partition); at = put32(at, (uint32_t)-1);
  c->offsetAt = (size_t)(at - frame);
  at = put64(at, (uint64_t)c->nextOffset); at = put64(at, (uint64_t)-1); at = put32(at, (uint32_t)answerBytesMax);
  at = put32(at, 0); at = putString(at, "");
  put32(frame, (uint32_t)(at - frame - 4));
  c->request = frame;
  c->requestSize = (size_t)(at - frame);
}

// ---- connections

static int epoll;

static void openConnection(Connection *c) {
  memset(c, 0, sizeof *c);
  c->socket = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  if (connect(c->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  int one = 1;
  setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(c->socket, F_SETFL, O_NONBLOCK);
  c->inputSize = 1 << 16;
  c->input = malloc(c->inputSize);
  c->sentAt = calloc((size_t)window + 1, sizeof *c->sentAt);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epoll, EPOLL_CTL_ADD, c->socket, &event);
}

static void wantWrite(Connection *c, int want) {
  struct epoll_event event = {.events = EPOLLIN | (want ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(epoll, EPOLL_CTL_MOD, c->socket, &event);
}

// Pushes what is left of the request; 1 when it is out.
static int pushOutput(Connection *c) {
  while (c->outputSent < c->outputSize) {
    ssize_t n = write(c->socket, c->output + c->outputSent, c->outputSize - c->outputSent);
    if (n < 0 && errno == EAGAIN) { wantWrite(c, 1); return 0; }
    if (n <= 0) fail("write");
    c->outputSent += (size_t)n;
  }
  c->output = NULL;
  return 1;
}

static void sendRequest(Connection *c, const uint8_t *frame, size_t size) {
  c->output = frame; c->outputSize = size; c->outputSent = 0;
  c->inFlight++;
  pushOutput(c);
}

// Reads all there is; returns the first complete answer's size with prefix, or 0.
static size_t answerSize(Connection *c) {
  if (c->inputFill < 4) return 0;
  size_t size = (size_t)get32(c->input) + 4;
  if (size > c->inputSize) {
    c->inputSize = size + (1 << 16);
    c->input = realloc(c->input, c->inputSize);
  }
  return c->inputFill >= size ? size : 0;
}

static int readSome(Connection *c) {
  ssize_t n = read(c->socket, c->input + c->inputFill, c->inputSize - c->inputFill);
  if (n < 0 && errno == EAGAIN) return 0;
  if (n <= 0) fail("the broker closed the connection");
  c->inputFill += (size_t)n;
  return 1;
}

static void dropAnswer(Connection *c, size_t size) {
  memmove(c->input, c->input + size, c->inputFill - size);
  c->inputFill -= size;
}

// The offset that the (last) batch got.
static int64_t checkProduceAnswer(const uint8_t *answer) {
  const uint8_t *at = answer + 8 + 4;
  at += 2 + get16(at);
  int64_t offset = -1;
  uint32_t count = get32(at);
  at += 4;
  for (uint32_t i = 0; i < count; i++, at += 30) {
    if (get16(at + 4) != 0) { fprintf(stderr, "raw-load: produce answered error %d\n", get16(at + 4)); exit(1); }
    offset = (int64_t)get64(at + 6);
  }
  return offset;
}

// Bytes of records in a fetch answer; moves the offset behind the last whole batch.
static uint32_t takeFetchAnswer(Connection *c, const uint8_t *answer) {
  const uint8_t *at = answer + 8 + 4;
  if (get16(at) != 0) { fprintf(stderr, "raw-load: fetch answered error %d\n", get16(at)); exit(1); }
  at += 2 + 4 + 4;
  at += 2 + get16(at) + 4 + 4;
  if (get16(at) != 0) { fprintf(stderr, "raw-load: fetch answered partition error %d\n", get16(at)); exit(1); }
  at += 2 + 24;
  int32_t aborted = (int32_t)get32(at);
  at += 4 + (aborted > 0 ? aborted * 16 : 0) + 4;
  int32_t size = (int32_t)get32(at);
  if (size <= 0) return 0;
  at += 4;
  const uint8_t *end = at + size;
  uint32_t whole = 0;
  while (end - at >= 61) {
    size_t batch = (size_t)get32(at + 8) + 12;
    if ((size_t)(end - at) < batch) break;
    c->nextOffset = (int64_t)get64(at) + (int32_t)get32(at + 23) + 1;
    at += batch;
    whole += (uint32_t)batch;
  }
  return whole;
}

// ---- latencies

static uint32_t *latencies;
static size_t latencyCount, latencyRoom;
static void remember(uint64_t ns) {
  if (latencyCount == latencyRoom) {
    latencyRoom = latencyRoom ? latencyRoom * 2 : 1 << 16;
    latencies = realloc(latencies, latencyRoom * sizeof *latencies);
  }
  latencies[latencyCount++] = (uint32_t)(ns / 100 > UINT32_MAX ? UINT32_MAX : ns / 100);
}
static int compareLatency(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}
static double percentileUs(double p) {
  if (latencyCount == 0) return -1;
  size_t at = (size_t)(p * (double)(latencyCount - 1));
  return latencies[at] / 10.0;
}

// ---- modes

// Tells connection `index` where it goes and what it writes to.
static void shareOut(Connection *c, int index) {
  int ports[64], portCount = 0, *mine = malloc((size_t)partitionCount * sizeof *mine);
  for (int p = 0; p < leaderPortCount; p++) {
    int known = 0;
    for (int i = 0; i < portCount; i++) known |= ports[i] == leaderPorts[p];
    if (!known && portCount < 64) ports[portCount++] = leaderPorts[p];
  }
  int groups = portCount > 0 ? portCount : 1, share = index / groups, shares = (connectionCount - index % groups + groups - 1) / groups;
  if (portCount > 0) port = ports[index % portCount];
  openConnection(c);
  int led = 0;
  for (int p = 0; p < partitionCount; p++)
    if (portCount == 0 || leaderPorts[p] == port)
      if (led++ % shares == share) mine[c->partitionsHere++] = p;
  // More connections than partitions: some write to the same ones.
  if (c->partitionsHere == 0 && portCount == 0) mine[c->partitionsHere++] = index % partitionCount;
  if (c->partitionsHere == 0) { fprintf(stderr, "raw-load: more connections than partitions are led at port %d\n", port); exit(1); }
  c->partitions = mine;
}

static void produceMode(void) {
  if (leaderPortCount > 0) partitionCount = leaderPortCount;
  uint8_t **frames = calloc((size_t)partitionCount, sizeof *frames);
  size_t *sizes = calloc((size_t)partitionCount, sizeof *sizes);
  for (int p = 0; p < partitionCount && !isTogether; p++) frames[p] = produceRequest(&p, 1, &sizes[p]);
  Connection *all = calloc((size_t)connectionCount, sizeof *all);
  uint64_t batches = 0;
  for (int i = 0; i < connectionCount; i++) {
    shareOut(&all[i], i);
    if (isTogether) all[i].allTogether = produceRequest(all[i].partitions, all[i].partitionsHere, &all[i].allTogetherSize);
  }
  uint64_t start = nowNs(), end = start + (uint64_t)(seconds * 1e9);
  long started = 0, answered = 0, inFlight = 0;
  struct epoll_event events[256];
  for (;;) {
    uint64_t now = nowNs();
    int isOver = requestsMax > 0 ? started >= requestsMax : now >= end;
    long allowed = rate > 0 ? (long)((double)(now - start) / 1e9 * rate) + 1 : started + (long)connectionCount * window;
    for (int i = 0; i < connectionCount && !isOver; i++) {
      Connection *c = &all[(started + i) % connectionCount];
      while (c->output == NULL && c->inFlight < window && started < allowed && (requestsMax == 0 || started < requestsMax)) {
        c->sentAt[c->sentHead++ % (unsigned)(window + 1)] = rate > 0 ? start + (uint64_t)((double)started / rate * 1e9) : nowNs();
        int partition = c->partitions[c->turn];
        c->turn = (c->turn + 1) % c->partitionsHere;
        if (isTogether) sendRequest(c, c->allTogether, c->allTogetherSize);
        else sendRequest(c, frames[partition], sizes[partition]);
        batches += isTogether ? (uint64_t)c->partitionsHere : 1;
        started++; inFlight++;
      }
    }
    if (isOver && inFlight == 0) break;
    // A schedule is kept by looking all the time, unless the brokers need this core, too.
    int n = epoll_wait(epoll, events, 256, rate == 0 ? 100 : leaderPortCount > 0);
    for (int e = 0; e < n; e++) {
      Connection *c = events[e].data.ptr;
      if ((events[e].events & EPOLLOUT) && c->output != NULL && pushOutput(c)) wantWrite(c, 0);
      if (!(events[e].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !readSome(c)) continue;
      for (size_t size; (size = answerSize(c)) > 0; dropAnswer(c, size)) {
        checkProduceAnswer(c->input);
        remember(nowNs() - c->sentAt[c->sentTail++ % (unsigned)(window + 1)]);
        c->inFlight--; inFlight--; answered++;
      }
    }
  }
  double took = (double)(nowNs() - start) / 1e9;
  qsort(latencies, latencyCount, sizeof *latencies, compareLatency);
  printf("{\"requests\":%ld,\"bytes\":%.0f,\"seconds\":%.4f,\"p50us\":%.1f,\"p99us\":%.1f,\"p999us\":%.1f}\n", answered,
         (double)batches * recordSize * recordsPerBatch, took, percentileUs(.5), percentileUs(.99), percentileUs(.999));
}

// One batch per tick of a fixed schedule, consumed at the tail; latency counts from the intended time of the batch.
static void endToEndMode(void) {
  size_t size;
  uint8_t *frame = produceRequest((const int[]){0}, 1, &size);
  window = 100000;
  Connection producer, consumer;
  openConnection(&producer);
  openConnection(&consumer);
  consumer.isConsumer = 1;
  long planned = (long)(rate * seconds), sent = 0, acked = 0;
  int64_t base = -1;
  uint64_t consumed = 0;
  // A first batch tells the log end, so that the consumer starts at the tail.
  sendRequest(&producer, frame, size);
  while (producer.inFlight > 0) {
    if (producer.output != NULL) pushOutput(&producer);
    if (readSome(&producer)) {
      size_t n = answerSize(&producer);
      if (n > 0) { base = checkProduceAnswer(producer.input) + recordsPerBatch; dropAnswer(&producer, n); producer.inFlight--; }
    }
  }
  wantWrite(&producer, 0);
  consumer.nextOffset = base;
  fetchRequest(&consumer, 500, 1);
  sendRequest(&consumer, consumer.request, consumer.requestSize);
  uint64_t start = nowNs() + 50000000ull;
  int64_t seen = base;
  struct epoll_event events[16];
  while (seen < base + (int64_t)planned * recordsPerBatch) {
    uint64_t now = nowNs();
    if (now > start + (uint64_t)(seconds * 1e9) + 30000000000ull) { fprintf(stderr, "raw-load: records did not arrive\n"); exit(1); }
    while (sent < planned && producer.output == NULL && now >= start + (uint64_t)((double)sent / rate * 1e9)) {
      sendRequest(&producer, frame, size);
      sent++;
    }
    int n = epoll_wait(epoll, events, 16, 0);
    for (int e = 0; e < n; e++) {
      Connection *c = events[e].data.ptr;
      if ((events[e].events & EPOLLOUT) && c->output != NULL && pushOutput(c)) wantWrite(c, 0);
      if (!(events[e].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !readSome(c)) continue;
      for (size_t answer; (answer = answerSize(c)) > 0;) {
        if (!c->isConsumer) {
          checkProduceAnswer(c->input);
          acked++;
          dropAnswer(c, answer);
          continue;
        }
        consumed += takeFetchAnswer(c, c->input);
        uint64_t arrived = nowNs();
        for (; seen + recordsPerBatch <= c->nextOffset; seen += recordsPerBatch)
          remember(arrived - (start + (uint64_t)((double)((seen - base) / recordsPerBatch) / rate * 1e9)));
        dropAnswer(c, answer);
        put64(c->request + c->offsetAt, (uint64_t)c->nextOffset);
        sendRequest(c, c->request, c->requestSize);
      }
    }
  }
  double took = (double)(nowNs() - start) / 1e9;
  qsort(latencies, latencyCount, sizeof *latencies, compareLatency);
  printf("{\"messages\":%ld,\"bytes\":%.0f,\"consumedBytes\":%.0f,\"seconds\":%.4f,\"p50us\":%.1f,\"p99us\":%.1f,\"p999us\":%.1f}\n", planned,
         (double)planned * recordSize * recordsPerBatch, (double)consumed, took, percentileUs(.5), percentileUs(.99), percentileUs(.999));
  (void)acked;
}

static void consumeMode(void) {
  Connection *all = calloc((size_t)connectionCount, sizeof *all);
  uint64_t start = nowNs(), total = 0;
  int open = connectionCount;
  for (int i = 0; i < connectionCount; i++) {
    openConnection(&all[i]);
    all[i].nextOffset = fromOffset;
    fetchRequest(&all[i], 500, 1);
    sendRequest(&all[i], all[i].request, all[i].requestSize);
  }
  struct epoll_event events[64];
  uint64_t last = start;
  while (open > 0) {
    int n = epoll_wait(epoll, events, 64, 1000);
    if (nowNs() - last > 20000000000ull) { fprintf(stderr, "raw-load: nothing more to read\n"); exit(1); }
    for (int e = 0; e < n; e++) {
      Connection *c = events[e].data.ptr;
      if ((events[e].events & EPOLLOUT) && c->output != NULL && pushOutput(c)) wantWrite(c, 0);
      if (!(events[e].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !readSome(c)) continue;
      for (size_t answer; (answer = answerSize(c)) > 0;) {
        uint32_t got = takeFetchAnswer(c, c->input);
        c->consumedBytes += got;
        total += got;
        if (got > 0) last = nowNs();
        dropAnswer(c, answer);
        if (c->consumedBytes >= bytesMax) { close(c->socket); open--; break; }
        put64(c->request + c->offsetAt, (uint64_t)c->nextOffset);
        sendRequest(c, c->request, c->requestSize);
      }
    }
  }
  double took = (double)(nowNs() - start) / 1e9;
  printf("{\"bytes\":%.0f,\"seconds\":%.4f}\n", (double)total, took);
}

// Blocking exchange of one frame; 0 when the broker is not there (yet) or hangs up.
static int exchange(int socketFd, const uint8_t *frame, size_t size, uint8_t *answer, size_t room) {
  for (size_t sent = 0; sent < size;) {
    ssize_t n = write(socketFd, frame + sent, size - sent);
    if (n <= 0) return 0;
    sent += (size_t)n;
  }
  size_t fill = 0;
  while (fill < 4 || fill < (size_t)get32(answer) + 4) {
    ssize_t n = read(socketFd, answer + fill, room - fill);
    if (n <= 0) return 0;
    fill += (size_t)n;
  }
  return 1;
}

static int connectBlocking(void) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) { close(fd); return -1; }
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

static void firstMode(void) {
  recordsPerBatch = 1;
  size_t produceSize;
  uint8_t *produce = produceRequest((const int[]){0}, 1, &produceSize), metadata[512], *at = metadata + 4;
  static uint8_t answer[1 << 20];
  at = put16(at, 3); at = put16(at, 4); at = put32(at, 1); at = putString(at, "raw-load");
  at = put32(at, 1); at = putString(at, topic); *at++ = 1;
  put32(metadata, (uint32_t)(at - metadata - 4));
  uint64_t deadline = nowNs() + (uint64_t)(seconds * 1e9);
  int fd = -1, hasAsked = 0;
  for (; nowNs() < deadline; usleep(2000)) {
    if (fd < 0) { fd = connectBlocking(); hasAsked = 0; }
    if (fd < 0) continue;
    if (!hasAsked && !exchange(fd, metadata, (size_t)(at - metadata), answer, sizeof answer)) { close(fd); fd = -1; continue; }
    hasAsked = 1;
    if (!exchange(fd, produce, produceSize, answer, sizeof answer)) { close(fd); fd = -1; continue; }
    const uint8_t *code = answer + 8 + 4;
    code += 2 + get16(code) + 4 + 4;
    if (get16(code) == 0) { printf("{\"acknowledgedAtNs\":%llu}\n", (unsigned long long)nowNs()); return; }
  }
  fprintf(stderr, "raw-load: nothing was acknowledged in time\n");
  exit(1);
}

static void idleMode(void) {
  for (int i = 0; i < connectionCount; i++)
    if (connectBlocking() < 0) fail("connect");
  printf("{\"connections\":%d}\n", connectionCount);
  fflush(stdout);
  usleep((useconds_t)(seconds * 1e6));
}

int main(int count, char **words) {
  if (count < 2) { fprintf(stderr, "raw-load MODE key=value …\n"); return 2; }
  for (int i = 2; i < count; i++) {
    char *value = strchr(words[i], '=');
    if (value == NULL) { fprintf(stderr, "raw-load: '%s' is not key=value\n", words[i]); return 2; }
    *value++ = 0;
    const char *key = words[i];
    if (!strcmp(key, "host")) host = value;
    else if (!strcmp(key, "port")) port = atoi(value);
    else if (!strcmp(key, "topic")) topic = value;
    else if (!strcmp(key, "partitions")) partitionCount = atoi(value);
    else if (!strcmp(key, "together")) isTogether = atoi(value);
    else if (!strcmp(key, "leaders")) {
      for (char *one = strtok(value, ","); one != NULL; one = strtok(NULL, ",")) {
        leaderPorts = realloc(leaderPorts, (size_t)(leaderPortCount + 1) * sizeof *leaderPorts);
        leaderPorts[leaderPortCount++] = atoi(one);
      }
    }
    else if (!strcmp(key, "connections")) connectionCount = atoi(value);
    else if (!strcmp(key, "window")) window = atoi(value);
    else if (!strcmp(key, "acks")) acks = atoi(value);
    else if (!strcmp(key, "record")) recordSize = atoi(value);
    else if (!strcmp(key, "records")) recordsPerBatch = atoi(value);
    else if (!strcmp(key, "rate")) rate = atof(value);
    else if (!strcmp(key, "seconds")) seconds = atof(value);
    else if (!strcmp(key, "requests")) requestsMax = atol(value);
    else if (!strcmp(key, "bytes")) bytesMax = strtoull(value, NULL, 10);
    else if (!strcmp(key, "max")) answerBytesMax = atoi(value);
    else if (!strcmp(key, "from")) fromOffset = atoll(value);
    else { fprintf(stderr, "raw-load: unknown key '%s'\n", key); return 2; }
  }
  epoll = epoll_create1(0);
  if (!strcmp(words[1], "produce")) produceMode();
  else if (!strcmp(words[1], "endtoend") || !strcmp(words[1], "tail")) endToEndMode();
  else if (!strcmp(words[1], "consume")) consumeMode();
  else if (!strcmp(words[1], "first")) firstMode();
  else if (!strcmp(words[1], "idle")) idleMode();
  else { fprintf(stderr, "raw-load: unknown mode '%s'\n", words[1]); return 2; }
  return 0;
}
