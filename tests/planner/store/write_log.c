/* Notes every write, cut and sync of the files whose path holds $WRITE_LOG_OF, in order, in $WRITE_LOG.
   A record: one letter (w write, t cut, s sync, u unlink), three 64-bit numbers (length of the path, offset or
   size, length of the data), the path, the data. Preloaded, so that the engine needs to know nothing of it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int out = -1;

static ssize_t plainly(int fd, const void *data, size_t length) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    return real(fd, data, length);
}

static void note_path(char what, const char *path, int64_t offset, const void *data, int64_t length) {
    const char *of = getenv("WRITE_LOG_OF"), *log = getenv("WRITE_LOG");
    if (!of || !log || !strstr(path, of)) return;
    int64_t numbers[3] = {(int64_t)strlen(path), offset, length};
    pthread_mutex_lock(&turn);
    if (out < 0) out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    plainly(out, &what, 1);
    plainly(out, numbers, sizeof numbers);
    plainly(out, path, (size_t)numbers[0]);
    if (length) plainly(out, data, (size_t)length);
    pthread_mutex_unlock(&turn);
}

static void note(char what, int fd, int64_t offset, const void *data, int64_t length) {
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(name, path, sizeof path - 1);
    if (size <= 0) return;
    path[size] = 0;
    note_path(what, path, offset, data, length);
}

#define REAL(type, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, __func__)

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
    REAL(ssize_t, int, const void *, size_t, off64_t);
    ssize_t done = real(fd, data, n, at);
    if (done > 0) note('w', fd, at, data, done);
    return done;
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) {
    REAL(ssize_t, int, const void *, size_t, off_t);
    ssize_t done = real(fd, data, n, at);
    if (done > 0) note('w', fd, at, data, done);
    return done;
}
ssize_t write(int fd, const void *data, size_t n) {
    ssize_t done = plainly(fd, data, n);
    if (done > 0) note('w', fd, (int64_t)lseek(fd, 0, SEEK_CUR) - done, data, done);
    return done;
}
int ftruncate64(int fd, off64_t size) {
    REAL(int, int, off64_t);
    int failed = real(fd, size);
    if (!failed) note('t', fd, size, 0, 0);
    return failed;
}
int ftruncate(int fd, off_t size) {
    REAL(int, int, off_t);
    int failed = real(fd, size);
    if (!failed) note('t', fd, size, 0, 0);
    return failed;
}
int fsync(int fd) {
    REAL(int, int);
    int failed = real(fd);
    if (!failed) note('s', fd, 0, 0, 0);
    return failed;
}
int fdatasync(int fd) {
    REAL(int, int);
    int failed = real(fd);
    if (!failed) note('s', fd, 0, 0, 0);
    return failed;
}
int unlink(const char *path) {
    REAL(int, const char *);
    int failed = real(path);
    if (!failed) note_path('u', path, 0, 0, 0);
    return failed;
}
