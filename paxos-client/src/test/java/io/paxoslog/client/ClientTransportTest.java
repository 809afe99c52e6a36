package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ClientTransportTest {
    private static final int OPENINGS = 4;
    private static final int LONGEST_PAUSE_US = 50_000;
    private static final ClientConfig CONFIG = ClientConfig.of(List.of("127.0.0.1:1"));

    /** Whatever it closes by that, and however often. */
    @Test
    void anInterruptWhileItOpensWaits() throws Exception {
        Guard guard = new Guard("test");
        guard.enter();
        Thread self = Thread.currentThread();
        AtomicInteger opened = new AtomicInteger();
        Thread other =
                new Thread(
                        () -> {
                            for (int i = 0; opened.get() < OPENINGS; i++) {
                                self.interrupt();
                                LockSupport.parkNanos(1000L * (i * 997 % LONGEST_PAUSE_US));
                            }
                        });
        other.start();
        try {
            while (opened.get() < OPENINGS) {
                openOnce(guard);
                opened.incrementAndGet();
            }
        } finally {
            opened.set(OPENINGS);
            guard.isInterrupted();
            other.join();
        }
        guard.leave();
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Of interrupts that do not cease it says so. */
    private static void openOnce(Guard guard) {
        try {
            new ClientTransport(CONFIG, guard).close();
        } catch (ClientException e) {
            assertThat(e.error()).isEqualTo(ClientError.INTERRUPTED);
        }
    }

    @Test
    void closedClientLeavesNothing() {
        ClientTransport transport = new ClientTransport(CONFIG, new Guard("test"));
        Path directory = Path.of(transport.directory());
        assertThat(directory).exists();
        transport.close();
        assertThat(directory.getParent()).doesNotExist();
    }
}
