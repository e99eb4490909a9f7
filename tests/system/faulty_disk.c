// LD_PRELOAD library of disk_test.py: makes the files below FAULTY_DISK_DIR fail for as long as the file named by
// FAULTY_DISK_ORDER exists. Its first word says how: "sync" (fsync and fdatasync: EIO), "full" (writes and allocations:
// ENOSPC), "readonly" (also opening for writing, renaming, removing: EROFS). Everything else passes through.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Raw system calls: the library must not meet itself.
static int Ordered(char what) {
  const char* order = getenv("FAULTY_DISK_ORDER");
  if (order == NULL) return 0;
  const int file = (int)syscall(SYS_openat, AT_FDCWD, order, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char first = 0;
  const long got = syscall(SYS_read, file, &first, 1);
  syscall(SYS_close, file);
  return got == 1 && first == what;
}

static int IsBelow(const char* path) {
  const char* dir = getenv("FAULTY_DISK_DIR");
  return dir != NULL && strncmp(path, dir, strlen(dir)) == 0;
}

static int IsOurs(int fd) {
  char name[64], path[4096];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(name, path, sizeof path - 1);
  if (size <= 0) return 0;
  path[size] = 0;
  return IsBelow(path);
}

static int Refuse(int error) {
  errno = error;
  return -1;
}

// What a write, or anything that takes room, is answered; 0: nothing is wrong.
static int WriteError(int fd) {
  if (Ordered('f') && IsOurs(fd)) return ENOSPC;
  if (Ordered('r') && IsOurs(fd)) return EROFS;
  return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd) { return Ordered('s') && IsOurs(fd) ? Refuse(EIO) : REAL(fsync)(fd); }
int fdatasync(int fd) { return Ordered('s') && IsOurs(fd) ? Refuse(EIO) : REAL(fdatasync)(fd); }

ssize_t write(int fd, const void* data, size_t size) {
  const int error = WriteError(fd);
  return error != 0 ? Refuse(error) : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  const int error = WriteError(fd);
  return error != 0 ? Refuse(error) : REAL(pwrite)(fd, data, size, at);
}
int fallocate(int fd, int mode, off_t at, off_t size) {
  const int error = WriteError(fd);
  return error != 0 ? Refuse(error) : REAL(fallocate)(fd, mode, at, size);
}
int posix_fallocate(int fd, off_t at, off_t size) {
  const int error = WriteError(fd);
  return error != 0 ? error : REAL(posix_fallocate)(fd, at, size);
}
int ftruncate(int fd, off_t size) {
  const int error = WriteError(fd);
  return error != 0 ? Refuse(error) : REAL(ftruncate)(fd, size);
}
int rename(const char* from, const char* to) {
  return Ordered('r') && IsBelow(to) ? Refuse(EROFS) : REAL(rename)(from, to);
}
int unlink(const char* path) { return Ordered('r') && IsBelow(path) ? Refuse(EROFS) : REAL(unlink)(path); }

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0 && Ordered('r') && IsBelow(path)) return Refuse(EROFS);
  return REAL(open)(path, flags, mode);
}
