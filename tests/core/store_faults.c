/* A file layer that fails: preloaded into a recording process, it stands between SQLite and the disk.
 *
 * DS_FAULT_DIR    only files below this folder are touched
 * DS_FAULT_AFTER  bytes that may be written there before the medium fails (absent: never)
 * DS_FAULT_ERRNO  what it fails with: 28 ENOSPC (until <dir>/freed exists) or 5 EIO (for good)
 * DS_FAULT_LOG    every write, truncation, sync and removal, in order, so that a power cut can be played anywhere:
 *                 i8 kind, u32 length of path, i64 offset or size, u32 length of data, path, data
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *freed;
static long long budget = -1; /* -1: without end */
static int failure, journal = -1;

__attribute__((constructor)) static void begin(void) {
    static char freed_path[4200];
    folder = getenv("DS_FAULT_DIR");
    if (getenv("DS_FAULT_AFTER")) budget = atoll(getenv("DS_FAULT_AFTER"));
    failure = getenv("DS_FAULT_ERRNO") ? atoi(getenv("DS_FAULT_ERRNO")) : ENOSPC;
    if (getenv("DS_FAULT_LOG"))
        journal = (int)syscall(SYS_openat, AT_FDCWD, getenv("DS_FAULT_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (folder) {
        snprintf(freed_path, sizeof freed_path, "%s/freed", folder);
        freed = freed_path;
    }
}

static int ours(int fd, char *path) {
    char link[64];
    ssize_t n;
    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, 4095);
    if (n <= 0) return 0;
    path[n] = 0;
    return strncmp(path, folder, strlen(folder)) == 0 && !strstr(path, "-shm");
}

static void note(char kind, const char *path, long long at, const void *data, size_t length) {
    char head[17];
    uint32_t path_length = (uint32_t)strlen(path), data_length = (uint32_t)length;
    if (journal < 0) return;
    head[0] = kind;
    memcpy(head + 1, &path_length, 4);
    memcpy(head + 5, &at, 8);
    memcpy(head + 13, &data_length, 4);
    if (syscall(SYS_write, journal, head, sizeof head) < 0 || syscall(SYS_write, journal, path, path_length) < 0 ||
        (length && syscall(SYS_write, journal, data, length) < 0))
        abort();
}

/* How much of `length` may be written; 0 when the medium has failed. */
static size_t allowed(size_t length) {
    if (budget < 0) return length;
    if (failure == ENOSPC && syscall(SYS_faccessat, AT_FDCWD, freed, F_OK) == 0) return length;
    if ((long long)length > budget) length = (size_t)budget;
    budget -= (long long)length;
    return length;
}

static ssize_t put(int fd, const void *data, size_t length, off64_t at, int positioned) {
    char path[4096];
    ssize_t done;
    if (!ours(fd, path) || length == 0)
        return positioned ? syscall(SYS_pwrite64, fd, data, length, at) : syscall(SYS_write, fd, data, length);
    pthread_mutex_lock(&turn);
    length = allowed(length);
    if (length == 0) {
        pthread_mutex_unlock(&turn);
        errno = failure;
        return -1;
    }
    if (!positioned) {
        struct stat state;
        int appends = fcntl(fd, F_GETFL) & O_APPEND;
        at = appends && fstat(fd, &state) == 0 ? state.st_size : lseek64(fd, 0, SEEK_CUR);
    }
    done = positioned ? syscall(SYS_pwrite64, fd, data, length, at) : syscall(SYS_write, fd, data, length);
    if (done > 0) note('W', path, at, data, (size_t)done);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) { return put(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return put(fd, data, length, at, 1); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { return put(fd, data, length, at, 1); }

static int failed_for_good(void) { return budget == 0 && failure != ENOSPC; }

static int sync_with(long number, int fd) {
    char path[4096];
    int done;
    if (!ours(fd, path)) return (int)syscall(number, fd);
    pthread_mutex_lock(&turn);
    if (failed_for_good()) {
        errno = failure;
        done = -1;
    } else {
        done = (int)syscall(number, fd);
        if (done == 0) note('S', path, 0, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

static int cut(int fd, off64_t size) {
    char path[4096];
    int done;
    if (!ours(fd, path)) return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&turn);
    if (failed_for_good()) {
        errno = failure;
        done = -1;
    } else {
        done = (int)syscall(SYS_ftruncate, fd, size);
        if (done == 0) note('T', path, size, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

int unlink(const char *path) {
    int done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (done == 0 && folder && strncmp(path, folder, strlen(folder)) == 0 && !strstr(path, "-shm")) {
        pthread_mutex_lock(&turn);
        note('U', path, 0, 0, 0);
        pthread_mutex_unlock(&turn);
    }
    return done;
}
