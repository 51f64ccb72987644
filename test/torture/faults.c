/*
 * Fails the system calls of one process on demand: preloaded with LD_PRELOAD, told by a file that is mapped into memory what
 * is to fail, where and how (test/torture/system-faults.ts writes it). Only files below one path are touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, OPEN = 4, RENAME = 8, WATCH = 16, READ = 32, MAKE_FOLDER = 64, TRUNCATE = 128 };

struct control {
  _Atomic int32_t operations; /* which of the above fail */
  _Atomic int32_t after;      /* this many of them succeed first */
  _Atomic int32_t times;      /* this many fail then */
  _Atomic int32_t error;      /* with this errno */
  _Atomic int32_t hits;       /* this many have failed */
  _Atomic int32_t pid;        /* in this process only; 0: in any */
  char path[232];
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("UBAD_FAULTS");
  if (!file) return;
  int descriptor = open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (mapped != MAP_FAILED) control = mapped;
}

static int strike(int operation) {
  if (control->pid != 0 && control->pid != getpid()) return 0;
  if (atomic_fetch_sub(&control->after, 1) > 0) return 0;
  if (atomic_fetch_sub(&control->times, 1) <= 0) return 0;
  atomic_fetch_add(&control->hits, 1);
  errno = control->error;
  return 1;
  (void)operation;
}

static int wanted(int operation) { return control && (control->operations & operation) && control->path[0]; }

static int fails_at(int operation, const char *path) {
  if (!wanted(operation) || !path || strncmp(path, control->path, strlen(control->path)) != 0) return 0;
  return strike(operation);
}

static int fails_on(int operation, int descriptor) {
  if (!wanted(operation)) return 0;
  int before = errno;
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length < 0) return 0;
  path[length] = 0;
  return fails_at(operation, path);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    return fails_at(OPEN, path) ? -1 : real(path, flags, mode); \
  }
OPENS(open)
OPENS(open64)

ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write);
  return fails_on(WRITE, file) ? -1 : real(file, bytes, count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  REAL(pwrite);
  return fails_on(WRITE, file) ? -1 : real(file, bytes, count, at);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  REAL(pwrite64);
  return fails_on(WRITE, file) ? -1 : real(file, bytes, count, at);
}
ssize_t read(int file, void *bytes, size_t count) {
  REAL(read);
  return fails_on(READ, file) ? -1 : real(file, bytes, count);
}
ssize_t pread(int file, void *bytes, size_t count, off_t at) {
  REAL(pread);
  return fails_on(READ, file) ? -1 : real(file, bytes, count, at);
}
ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  REAL(pread64);
  return fails_on(READ, file) ? -1 : real(file, bytes, count, at);
}
int fsync(int file) {
  REAL(fsync);
  return fails_on(SYNC, file) ? -1 : real(file);
}
int fdatasync(int file) {
  REAL(fdatasync);
  return fails_on(SYNC, file) ? -1 : real(file);
}
int ftruncate(int file, off_t size) {
  REAL(ftruncate);
  return fails_on(TRUNCATE, file) ? -1 : real(file, size);
}
int ftruncate64(int file, off64_t size) {
  REAL(ftruncate64);
  return fails_on(TRUNCATE, file) ? -1 : real(file, size);
}
int rename(const char *from, const char *to) {
  REAL(rename);
  return fails_at(RENAME, to) ? -1 : real(from, to);
}
int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  return fails_at(MAKE_FOLDER, path) ? -1 : real(path, mode);
}
int inotify_add_watch(int watcher, const char *path, uint32_t mask) {
  static int (*real)(int, const char *, uint32_t);
  if (!real) real = (int (*)(int, const char *, uint32_t))dlsym(RTLD_NEXT, "inotify_add_watch");
  return fails_at(WATCH, path) ? -1 : real(watcher, path, mask);
}
