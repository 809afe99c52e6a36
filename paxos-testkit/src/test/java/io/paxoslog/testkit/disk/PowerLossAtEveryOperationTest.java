package io.paxoslog.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.log.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Scenario 14, and 16 for one journal: power goes right before and right after each operation of
 * the disk, in two runs that roll and recover, and whatever the disk kept of the rest, all that was
 * forced is said again, in order and without a hole.
 */
@Execution(ExecutionMode.CONCURRENT)
class PowerLossAtEveryOperationTest {
    private static final int SLOTS = 40;
    private final Random random = new Random(16);
    private int cases;

    @Test
    void losesNothingThatWasForced() {
        List<Supplier<PowerLoss>> losses =
                List.of(
                        PowerLoss::ofEverything,
                        () -> PowerLoss.after(Long.MAX_VALUE - 1),
                        () -> PowerLoss.ofPages(16, random::nextInt),
                        () -> PowerLoss.ofPages(512, random::nextInt));
        for (Supplier<PowerLoss> loss : losses) {
            long operation = 0;
            boolean isLost;
            do {
                operation++;
                isLost = play(operation, true, loss);
                isLost &= play(operation, false, loss);
            } while (isLost);
            assertThat(operation).isGreaterThan(2L * SLOTS);
        }
        assertThat(cases).isGreaterThan(1_000);
    }

    /** False when the runs ended before that operation. */
    private boolean play(long operation, boolean before, Supplier<PowerLoss> loss) {
        cases++;
        JournalRun run = new JournalRun(Durability.SYNC);
        List<String> told = new ArrayList<>();
        int[] forced = new int[1];
        boolean isLost = false;
        try {
            if (before) {
                run.disk().dieBefore(operation);
            } else {
                run.disk().dieAfter(operation);
            }
            work(run, told, forced);
            run.stepped().abandon();
            run.start();
            forced[0] = told.size();
            work(run, told, forced);
        } catch (PowerLost lost) {
            isLost = true;
        }
        run.losePower(loss.get());

        List<String> heard = run.start();
        String how = (before ? "before " : "after ") + operation;
        assertThat(heard.size()).as(how).isBetween(forced[0], told.size());
        assertThat(heard).as(how).isEqualTo(told.subList(0, heard.size()));
        return isLost;
    }

    private static void work(JournalRun run, List<String> told, int[] forced) {
        if (told.isEmpty()) {
            run.start();
        }
        for (int i = 0; i < SLOTS; i++) {
            long slot = told.size() + 1L;
            told.add(JournalRun.line(slot, 30));
            run.accept(slot, 30);
            if (i % 3 == 0) {
                run.sync();
                forced[0] = told.size();
                run.stepped().prepare();
            }
        }
    }
}
