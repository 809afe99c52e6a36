package io.paxoslog.bench.contender;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.paxoslog.media.MediaTurns;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NoOpLock;

/** A media driver and its client, both driven by the thread that uses them. */
final class FloorMedia implements AutoCloseable {
    private final MediaDriver driver;
    private final MediaTurns turns = new MediaTurns();
    private final Aeron aeron;

    FloorMedia(ClusterSettings settings, Path directory) {
        MediaDriver.Context context =
                new MediaDriver.Context()
                        .aeronDirectoryName(directory.toString())
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true);
        AeronTuning.apply(settings, context);
        driver = MediaDriver.launch(turns.setUp(context.threadingMode(ThreadingMode.INVOKER)));
        aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(driver.aeronDirectoryName())
                                .useConductorAgentInvoker(true)
                                .clientLock(NoOpLock.INSTANCE)
                                .driverAgentInvoker(driver.sharedAgentInvoker()));
        turns.drive(driver, aeron);
    }

    Aeron aeron() {
        return aeron;
    }

    /** Sends and receives what there is. */
    int invoke() {
        return turns.invoke();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(aeron, driver);
    }
}
