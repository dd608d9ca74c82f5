// Lets brokers write into memory that this machine already has. Not needed on a machine of its own.
//
//   warm-memory hold MEGABYTES        takes that much memory, prints "ready", keeps it until its input ends
//   warm-memory recycle PATTERN       punches holes into the newest file of PATTERN, all but its newest 8 MiB, until killed
//   warm-memory recycle-all PATTERN   the same with every file of PATTERN (many partitions), all but its newest 2 MiB
//
// A virtual machine with free page reporting gives free pages back to its host within seconds. The next use of such a
// page faults in the host, which costs the writer up to 3 CPU-s per GB: more than a broker needs for everything else, for
// both brokers the same, and never twice the same. `hold` takes the small pieces of free memory, which the system would
// hand out first; `recycle` gives the pages of a log back to the system while the broker writes on, so that the next
// batches go into pages that were used milliseconds ago. Neither broker notices: sizes stay, the newest bytes stay.
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, INTERVAL_US = 2000 };
#define KEPT (8l << 20)
#define STEP (2l << 20)
#define ALIGNMENT (2l << 20)

static int hold(const char *megabytes) {
  size_t size = strtoull(megabytes, NULL, 10) << 20;
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) { perror("warm-memory: mmap"); return 1; }
  // Single pages: those come from the smallest pieces.
  madvise(memory, size, MADV_NOHUGEPAGE);
  for (size_t at = 0; at < size; at += PAGE) memory[at] = 1;
  printf("ready\n");
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0) continue;
  return 0;
}

static int recycle(const char *pattern) {
  long done = 0;
  ino_t current = 0;
  for (;; usleep(INTERVAL_US)) {
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0) continue;
    // Only the newest segment grows.
    int file = open(found.gl_pathv[found.gl_pathc - 1], O_RDWR);
    globfree(&found);
    struct stat status;
    if (file >= 0 && fstat(file, &status) == 0) {
      if (status.st_ino != current) { current = status.st_ino; done = 0; }
      long end = (status.st_size - KEPT) / ALIGNMENT * ALIGNMENT;
      if (end - done >= STEP && fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, done, end - done) == 0) done = end;
    }
    if (file >= 0) close(file);
  }
}

typedef struct { ino_t inode; int file; long done; } Growing;

// Many files that grow at once: each is kept open, new ones are looked for now and then.
static int recycleAll(const char *pattern) {
  enum { FILES_MAX = 4096, ROUNDS_UNTIL_LOOK = 64, PAUSE_US = 16000, CHUNK = 1 << 20 };
  static Growing files[FILES_MAX];
  int known = 0;
  for (unsigned round = 0;; round++, usleep(PAUSE_US)) {
    glob_t found;
    if (round % ROUNDS_UNTIL_LOOK == 0 && glob(pattern, 0, NULL, &found) == 0) {
      for (size_t i = 0; i < found.gl_pathc && known < FILES_MAX; i++) {
        struct stat status;
        if (stat(found.gl_pathv[i], &status) != 0) continue;
        int at = 0;
        while (at < known && files[at].inode != status.st_ino) at++;
        if (at < known) continue;
        int file = open(found.gl_pathv[i], O_RDWR);
        if (file >= 0) files[known++] = (Growing){status.st_ino, file, 0};
      }
      globfree(&found);
    }
    for (int i = 0; i < known; i++) {
      struct stat status;
      if (fstat(files[i].file, &status) != 0) continue;
      long end = (status.st_size - 2 * CHUNK) / CHUNK * CHUNK;
      if (end <= files[i].done) continue;
      fallocate(files[i].file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, files[i].done, end - files[i].done);
      files[i].done = end;
    }
  }
}

int main(int count, char **words) {
  if (count == 3 && !strcmp(words[1], "hold")) return hold(words[2]);
  if (count == 3 && !strcmp(words[1], "recycle")) return recycle(words[2]);
  if (count == 3 && !strcmp(words[1], "recycle-all")) return recycleAll(words[2]);
  fprintf(stderr, "warm-memory hold MEGABYTES | recycle PATTERN | recycle-all PATTERN\n");
  return 2;
}
