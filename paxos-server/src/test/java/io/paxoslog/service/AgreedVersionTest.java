package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.ApplicationStateDecoder;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Version;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Which version a state machine is told, however it came to a slot. */
class AgreedVersionTest {
    private static final SessionLimits LIMITS = new SessionLimits(2, 16, 64, 4096);
    private static final Version SECOND = new Version(2, 2);

    /** Notes which version it was told at which slot; its state is all of that. */
    private static final class Noting implements StateMachine {
        private final List<String> told = new ArrayList<>();

        @Override
        public void apply(Entry entry, Reply reply) {
            told.add(entry.slot() + " by " + entry.version());
        }

        @Override
        public StateView view() {
            String all = String.join(";", told);
            return out -> new DataOutputStream(out).writeUTF(all);
        }

        @Override
        public void restore(InputStream in) throws IOException {
            told.clear();
            told.addAll(List.of(new DataInputStream(in).readUTF().split(";", -1)));
        }
    }

    private final Noting machine = new Noting();
    private final CommandApplier applier = new CommandApplier(machine, LIMITS);
    private final TestLog log = new TestLog(applier);

    private static void decide(CommandApplier to, Version version, long previous) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Integer.BYTES + Decision.BYTES]);
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        Decision.version(version, previous).encode(entry, Integer.BYTES);
        to.committed(
                new Batch()
                        .slots(Ballot.of(1, 1), to.appliedIndex() + 1, 1)
                        .value(Batch.DECISION, Ballot.of(1, 1), 1)
                        .bytes(entry, 0, entry.capacity()));
    }

    /** Slots 1 to 7: a session, two commands, a decision at 4, a void one, two commands. */
    private static void play(TestLog log, CommandApplier applier) {
        log.open(7).command(1, 1, 1, "a").command(1, 2, 1, "b").apply();
        decide(applier, SECOND, 0);
        decide(applier, new Version(3, 3), 0);
        log.command(1, 3, 1, "c").command(1, 4, 1, "d").apply();
    }

    @Test
    void isTheNewOneFromTheSlotBehindTheDecisionOn() {
        play(log, applier);

        assertThat(machine.told).containsExactly("2 by 1", "3 by 1", "6 by 2", "7 by 2");
        assertThat(applier.version()).isEqualTo(SECOND);
    }

    @Test
    void isTheFirstOneAgainWhenTheLogIsAppliedFromItsBegin() {
        play(log, applier);
        Noting fresh = new Noting();

        applier.startAgain(fresh);
        assertThat(applier.version()).isEqualTo(Version.FIRST);
        play(log, applier);

        assertThat(fresh.told).isEqualTo(machine.told);
    }

    @Test
    void comesWithASnapshot() throws IOException {
        play(log, applier);
        byte[] snapshot = snapshot(applier, machine);
        Noting restored = new Noting();
        CommandApplier other = new CommandApplier(restored, LIMITS);
        other.restore(new ByteArrayInputStream(snapshot), restored);

        new TestLog(other).command(1, 5, 1, "e").apply();
        log.command(1, 5, 1, "e").apply();

        assertThat(restored.told).isEqualTo(machine.told).endsWith("8 by 2");
        assertThat(other.appliedHash()).isEqualTo(applier.appliedHash());
        // What follows it must follow the decision, not none.
        decide(other, new Version(2, 3), 0);
        assertThat(other.version()).isEqualTo(SECOND);
        decide(other, new Version(2, 3), 4);
        assertThat(other.version()).isEqualTo(new Version(2, 3));
    }

    /** So a build that lacks it refuses the snapshot, and the build before reads all others. */
    @Test
    void aSnapshotIsWrittenForTheEarliestBuildThatCanGoByIt() throws IOException {
        log.open(7).command(1, 1, 1, "a").apply();
        assertThat(formats(snapshot(applier, machine))).containsOnly(JournalFormat.LOWEST);

        decide(applier, SECOND, 0);

        assertThat(formats(snapshot(applier, machine))).containsOnly(5);
    }

    @Test
    void aSnapshotSaysWhenSessionsWereHeardOfOnceTheyExpire() throws IOException {
        log.openKept(7).apply();
        decide(applier, new Version(3, 1), 0);
        log.openKept(8).alive(10, 1).apply();

        assertThat(formats(snapshot(applier, machine))).containsOnly(6);
    }

    private static byte[] snapshot(CommandApplier of, StateMachine machine) throws IOException {
        return SnapshotBytes.of(of.beginCopy(), machine.view());
    }

    /** Of all frames up to where the application's bytes begin. */
    private static List<Integer> formats(byte[] snapshot) {
        UnsafeBuffer bytes = new UnsafeBuffer(snapshot);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        List<Integer> formats = new ArrayList<>();
        int at = 0;
        int last = 0;
        while (last != ApplicationStateDecoder.TEMPLATE_ID) {
            header.wrap(bytes, at + Integer.BYTES);
            formats.add(header.version());
            last = header.templateId();
            at += Integer.BYTES + bytes.getInt(at, ByteOrder.LITTLE_ENDIAN);
        }
        return formats;
    }
}
