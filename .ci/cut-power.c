/*
 * Shuts ext4 file systems down without writing their journal's last part, as a cut of the power does: what was not
 * forced is gone with the next mount. See docs/testing.md.
 *
 *   cc -O1 -o cut-power .ci/cut-power.c
 *   cut-power MOUNT_POINT...
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH, which no header of the system has. */
#define SHUTDOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSH 2

int main(int count, char **names) {
    for (int i = 1; i < count; i++) {
        uint32_t how = WITHOUT_FLUSH;
        int fd = open(names[i], O_RDONLY);
        if (fd < 0 || ioctl(fd, SHUTDOWN, &how) != 0) {
            perror(names[i]);
            return 1;
        }
    }
    return 0;
}
