/*
 * A tunnel that loses datagrams above some size, in front of any process: see docs/testing.md.
 *
 *   cc -shared -fPIC -O1 -o broken-tunnel.so .ci/broken-tunnel.c -ldl
 *   LD_PRELOAD=$PWD/broken-tunnel.so TUNNEL_BYTES=1200 TUNNEL_LOSS=50 ./paxos node ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>

static int setting(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text == NULL ? otherwise : atoi(text);
}

static int is_lost(ssize_t bytes) {
    static int limit = -1;
    static int percent;
    static unsigned seed;
    if (limit < 0) {
        seed = (unsigned)setting("TUNNEL_SEED", 12345);
        percent = setting("TUNNEL_LOSS", 50);
        limit = setting("TUNNEL_BYTES", 1200);
    }
    return bytes > limit && (int)(rand_r(&seed) % 100) < percent;
}

ssize_t recvfrom(int fd, void *to, size_t length, int flags, struct sockaddr *from, socklen_t *size) {
    static ssize_t (*real)(int, void *, size_t, int, struct sockaddr *, socklen_t *);
    ssize_t bytes;
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "recvfrom");
    }
    do {
        bytes = real(fd, to, length, flags, from, size);
    } while (bytes > 0 && is_lost(bytes));
    return bytes;
}

ssize_t recv(int fd, void *to, size_t length, int flags) {
    static ssize_t (*real)(int, void *, size_t, int);
    ssize_t bytes;
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "recv");
    }
    do {
        bytes = real(fd, to, length, flags);
    } while (bytes > 0 && is_lost(bytes));
    return bytes;
}
