/*
 * A wall clock that is set while a process runs, in front of any process: see docs/testing.md. Only
 * the wall clock: waits and times that have passed are measured as they are.
 *
 *   cc -shared -fPIC -O1 -o other-clock.so .ci/other-clock.c -ldl
 *   LD_PRELOAD=$PWD/other-clock.so CLOCK_FILE=days ./paxos node ...
 *   echo -20 > days        # or hours: echo 1h > days
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static int (*real)(clockid_t, struct timespec *);

/* Seconds ahead of the machine's clock, read ten times a second; an empty file says as much as before. */
static long ahead(void) {
    static volatile long known;
    static volatile long next_read;
    struct timespec now;
    real(CLOCK_MONOTONIC, &now);
    long tenths = now.tv_sec * 10 + now.tv_nsec / 100000000;
    if (tenths >= next_read) {
        next_read = tenths + 1;
        const char *name = getenv("CLOCK_FILE");
        FILE *file = name == NULL ? NULL : fopen(name, "re");
        long read;
        char unit = 'd';
        if (file != NULL) {
            if (fscanf(file, "%ld%c", &read, &unit) >= 1) {
                known = read * (unit == 'h' ? 60 * 60 : 24 * 60 * 60);
            }
            fclose(file);
        }
    }
    return known;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "clock_gettime");
    }
    int failed = real(clock, now);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += ahead();
    }
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (out != NULL) {
        *out = exact.tv_sec;
    }
    return exact.tv_sec;
}
