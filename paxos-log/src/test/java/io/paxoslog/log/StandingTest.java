package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Decision;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What the head of a file says of all records before it. */
class StandingTest {
    private final Standing standing = new Standing();

    @Test
    void repeatsTheLatestDecisionAboutEachSlotAndTheHoldsNoDecisionHasEnded() {
        standing.held(7, 0);
        standing.held(9, 0);
        decide(20, Decision.retry(7, 0));
        standing.held(7, 20);
        decide(21, Decision.skip(9, 0));
        decide(22, Decision.limits(new Decision.Limits(1, 2, 3, 40), 0));
        standing.membership(1, new UnsafeBuffer(new byte[] {'m'}), 0, 1);

        assertThat(opening())
                .containsExactly(
                        "1 member", "22 limits", "20 retry 7", "21 skip 9", "held 7 against 20");
    }

    @Test
    void hasNoHoldThatADecisionEnded() {
        standing.held(7, 0);
        decide(20, Decision.retry(7, 0));

        assertThat(standing.holds()).isEmpty();
        standing.held(7, 0);
        assertThat(standing.holds()).isEmpty();
    }

    @Test
    void repeatsTheRunsAndTheLatestThatIsRememberedOfEachNode() {
        standing.beginRun(7);
        standing.promised(Ballot.of(1, 1));
        standing.beginRun(8);
        standing.remembered(MemberId.of(2, 5), 40, 10);
        standing.remembered(MemberId.of(3, 5), 50, 11);
        standing.remembered(MemberId.of(2, 5), 41, 12);

        assertThat(opening())
                .containsExactly(
                        "run " + ((1L << 32) | 7) + " from 0",
                        "run " + ((2L << 32) | 8) + " from 1",
                        "member " + MemberId.of(2, 5) + " run 41 at 12",
                        "member " + MemberId.of(3, 5) + " run 50 at 11");
    }

    @Test
    void countsEveryRecordThatOutlivesItsSegmentButWhatIsRememberedOfOthers() {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Decision.BYTES]);
        Decision.skip(7, 0).encode(bytes, 0);
        standing.promised(Ballot.of(1, 1));
        standing.campaigned(Ballot.of(1, 3));
        standing.accepted(Batches.commands(Ballot.of(1, 1), 1, "one"));
        standing.chosen(Batches.commands(Ballot.NONE, 1, "one"));
        standing.committed(Ballot.of(1, 1), 1);
        standing.membership(1, bytes, 0, 1);
        standing.decision(8, bytes, 0, Decision.BYTES);
        standing.held(9, 0);
        standing.returning(1);
        standing.returned(2);
        assertThat(standing.records()).isEqualTo(10);

        standing.remembered(MemberId.of(2, 5), 40, 10);
        assertThat(standing.records()).isEqualTo(10);
    }

    private void decide(long slot, Decision decision) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Decision.BYTES]);
        decision.encode(entry, 0);
        standing.decision(slot, entry, 0, Decision.BYTES);
    }

    private List<String> opening() {
        ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        OpeningEncoder encoder =
                new OpeningEncoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder());
        standing.encode(encoder, "boot");
        OpeningDecoder decoder =
                new OpeningDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());
        List<String> lines = new ArrayList<>();
        for (OpeningDecoder.MembershipsDecoder entry : decoder.memberships()) {
            lines.add(entry.slot() + " member");
            entry.skipEntry();
        }
        for (OpeningDecoder.DecisionsDecoder entry : decoder.decisions()) {
            long slot = entry.slot();
            byte[] value = new byte[entry.entryLength()];
            entry.getEntry(value, 0, value.length);
            String text = Decision.decode(new UnsafeBuffer(value), 0, value.length).toString();
            lines.add(slot + " " + (text.startsWith("limits") ? "limits" : text));
        }
        for (OpeningDecoder.HoldsDecoder hold : decoder.holds()) {
            lines.add("held " + hold.slot() + " against " + hold.decision());
        }
        for (OpeningDecoder.RunsDecoder run : decoder.runs()) {
            lines.add("run " + run.run() + " from " + run.firstRecord());
        }
        for (OpeningDecoder.RememberedDecoder known : decoder.remembered()) {
            lines.add(
                    "member " + known.member() + " run " + known.run() + " at " + known.records());
        }
        assertThat(decoder.bootId()).isEqualTo("boot");
        return lines;
    }
}
