package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a state machine is asked, and what comes of it when it does not answer. */
class QueriesTest {
    private static final SessionLimits LIMITS = new SessionLimits(3, 4, 64, 1024);

    private final CommandApplier applier = new CommandApplier(new Asked(), LIMITS);
    private final TestLog log = new TestLog(applier);
    private final Queries queries = new Queries(applier);

    private static final class Asked implements StateMachine {
        @Override
        public void apply(Entry entry, Reply reply) {
            if (entry.length() == 0) {
                throw new IllegalStateException("halted");
            }
        }

        @Override
        public void query(Query query, Reply answer) {
            String text = query.buffer().getStringWithoutLengthUtf8(query.offset(), query.length());
            answer.resize(text.length()).putBytes(0, text.getBytes(StandardCharsets.UTF_8));
            switch (text) {
                case "deep" -> throw new StackOverflowError();
                case "long" -> throw new IllegalStateException("\u20ac\n".repeat(5_000));
                case "sly" -> throw new Sly();
                case "large" -> answer.resize(LIMITS.maxReplyBytes() + 1);
                case "where" -> {
                    String at = query.slot() + " " + query.timeNs() + " v" + query.version();
                    answer.resize(at.length()).putBytes(0, at.getBytes(StandardCharsets.UTF_8));
                }
                default -> {
                    // Echoed.
                }
            }
        }
    }

    /** Throws when it is asked what it is. */
    private static final class Sly extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("again");
        }
    }

    private String ask(String text) {
        UnsafeBuffer query = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
        QueryResult result =
                queries.ask(applier.appliedIndex(), false, false, 0, query, 0, query.capacity());
        Reply answer = queries.answer();
        return result + " " + answer.buffer().getStringWithoutLengthUtf8(0, answer.length());
    }

    @Test
    void answersOfTheStateAsItIs() {
        log.at(5).open(7).apply();
        assertThat(ask("pear")).isEqualTo("ANSWERED pear");
        assertThat(ask("where")).isEqualTo("ANSWERED 1 5 v1");
        assertThat(ask("")).isEqualTo("ANSWERED ");
    }

    @Test
    void whateverIsThrownFailsThatQueryOnly() {
        assertThat(ask("deep")).isEqualTo("FAILED java.lang.StackOverflowError");
        assertThat(ask("large")).startsWith("FAILED java.lang.IllegalArgumentException: a reply");
        assertThat(ask("sly")).isEqualTo("FAILED " + Sly.class.getName());
        assertThat(ask("pear")).isEqualTo("ANSWERED pear");
        assertThat(applier.halt()).isNull();
    }

    /** Clients are told one line, however much was said, and also where replies are short. */
    @Test
    void whatIsToldOfItIsOneBoundedLine() {
        String told = ask("long");
        assertThat(told).startsWith("FAILED java.lang.IllegalStateException: \u20ac \u20ac ");
        assertThat(queries.answer().length()).isBetween(100, Queries.LONGEST_TEXT_BYTES);
        assertThat(told).doesNotContain("\n");
    }

    @Test
    void aMachineWithoutQueriesSaysSo() {
        CommandApplier none = new CommandApplier((entry, reply) -> {}, LIMITS);
        Queries asked = new Queries(none);
        assertThat(asked.ask(0, false, false, 0, new UnsafeBuffer(new byte[1]), 0, 1))
                .isEqualTo(QueryResult.NO_QUERIES);
        assertThat(asked.answer().length()).isZero();
    }

    @Test
    void aHaltedMachineIsNotAsked() {
        long session = log.open(7).apply();
        log.command(session, 1, 1, "").apply();
        assertThat(ask("pear")).isEqualTo("HALTED the state machine stands still at slot 2");
    }

    /** To builds that know no queries, such an entry is one of a kind they do not know. */
    @Test
    void aQueryInTheLogLeavesWhatAnyUnknownEntryLeaves() {
        CommandApplier other = new CommandApplier(new Asked(), LIMITS);
        TestLog itsLog = new TestLog(other);
        log.open(7).entry(EntryFormat.QUERY, 1, 2, 3, new byte[] {4}).apply();
        itsLog.open(7).entry(EntryFormat.QUERY, 1, 2, 3, new byte[] {4}).apply();
        assertThat(applier.appliedHash()).isEqualTo(other.appliedHash());
        assertThat(applier.appliedIndex()).isEqualTo(2);
        // As the build before leaves it: one more thing that had no effect, told by its kind.
        AppliedHash asBefore = new AppliedHash();
        CommandApplier alone = new CommandApplier(new Asked(), LIMITS);
        new TestLog(alone).open(7).apply();
        asBefore.restore(alone.appliedHash());
        asBefore.add(2, Ballot.of(1, 1), 1, Batch.COMMANDS);
        UnsafeBuffer entry = new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES + 1]);
        int at = EntryFormat.putHead(entry, 0, EntryFormat.QUERY, 1, 2, 3, 1);
        entry.putByte(at, (byte) 4);
        asBefore.add(entry, Integer.BYTES, entry.capacity() - Integer.BYTES);
        asBefore.add(AppliedHash.Outcome.NOTHING, EntryFormat.QUERY);
        assertThat(applier.appliedHash()).isEqualTo(asBefore.value());
    }
}
