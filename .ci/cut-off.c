/*
 * A network that loses all datagrams to some ports while a process runs, in front of any process:
 * see docs/testing.md. What is lost counts as sent.
 *
 *   cc -shared -fPIC -O1 -o cut-off.so .ci/cut-off.c -ldl
 *   LD_PRELOAD=$PWD/cut-off.so CUT_FILE=ports ./paxos node ...
 *   echo 9002 9004 > ports        # and to heal it: > ports
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#define MOST 16

static volatile int count;
static volatile int ports[MOST];

/* Reads the file, twenty times a second. */
static void look(void) {
    static volatile long next_read;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long tick = now.tv_sec * 20 + now.tv_nsec / 50000000;
    if (tick < next_read) {
        return;
    }
    next_read = tick + 1;
    const char *name = getenv("CUT_FILE");
    FILE *file = name == NULL ? NULL : fopen(name, "re");
    if (file == NULL) {
        return;
    }
    int read = 0;
    int port;
    while (read < MOST && fscanf(file, "%d", &port) == 1) {
        ports[read++] = port;
    }
    count = read;
    fclose(file);
}

static int is_cut(const struct sockaddr *to) {
    look();
    int port = 0;
    if (count == 0 || to == NULL) {
        return 0;
    }
    if (to->sa_family == AF_INET) {
        port = ntohs(((const struct sockaddr_in *)to)->sin_port);
    } else if (to->sa_family == AF_INET6) {
        port = ntohs(((const struct sockaddr_in6 *)to)->sin6_port);
    }
    for (int i = 0; i < count; i++) {
        if (ports[i] == port) {
            return 1;
        }
    }
    return 0;
}

/* Only sockets of datagrams that are connected: all else is sent as it is. */
static int leads_to_a_cut(int fd) {
    struct sockaddr_storage to;
    socklen_t length = sizeof to;
    int type = 0;
    socklen_t type_length = sizeof type;
    look();
    return count > 0 && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_length) == 0
            && type == SOCK_DGRAM && getpeername(fd, (struct sockaddr *)&to, &length) == 0
            && is_cut((struct sockaddr *)&to);
}

static ssize_t total(const struct iovec *parts, int number) {
    ssize_t bytes = 0;
    for (int i = 0; i < number; i++) {
        bytes += (ssize_t)parts[i].iov_len;
    }
    return bytes;
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to,
        socklen_t to_length) {
    static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "sendto");
    }
    int lost = to == NULL ? leads_to_a_cut(fd) : is_cut(to);
    return lost ? (ssize_t)length : real(fd, bytes, length, flags, to, to_length);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    static ssize_t (*real)(int, const struct msghdr *, int);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "sendmsg");
    }
    int lost = message->msg_name == NULL ? leads_to_a_cut(fd) : is_cut(message->msg_name);
    return lost ? total(message->msg_iov, (int)message->msg_iovlen) : real(fd, message, flags);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    static ssize_t (*real)(int, const void *, size_t, int);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "send");
    }
    return leads_to_a_cut(fd) ? (ssize_t)length : real(fd, bytes, length, flags);
}
