package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
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
        standing.beginRun(7, 0);
        standing.beginRun(8, 1);
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
    void whatIsSaidAgainBehindAGapTakesNothingBack() {
        standing.remembered(MemberId.of(2, 5), 2L << 32, 10);
        standing.remembered(MemberId.of(2, 5), 2L << 32, 9);
        standing.remembered(MemberId.of(2, 5), 1L << 32, 11);
        assertThat(opening())
                .containsExactly("member " + MemberId.of(2, 5) + " run " + (2L << 32) + " at 10");

        standing.remembered(MemberId.of(2, 6), 1L << 32, 3);
        assertThat(opening())
                .as("another incarnation")
                .containsExactly("member " + MemberId.of(2, 6) + " run " + (1L << 32) + " at 3");
    }

    @Test
    void theRunsOfAnEarlierStartTakeNothingBack() {
        standing.beginRun(7, 0);
        OpeningDecoder earlier = encoded();
        standing.beginRun(8, 5);
        standing.opened(earlier);
        assertThat(standing.runs().size()).isEqualTo(2);

        Standing behind = new Standing();
        behind.opened(encoded());
        assertThat(behind.runs().firstRecord(1)).isEqualTo(5);
    }

    private void decide(long slot, Decision decision) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Decision.BYTES]);
        decision.encode(entry, 0);
        standing.decision(slot, entry, 0, Decision.BYTES);
    }

    private OpeningDecoder encoded() {
        ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        OpeningEncoder encoder =
                new OpeningEncoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder());
        standing.encode(encoder, 0, "boot");
        return new OpeningDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());
    }

    private List<String> opening() {
        OpeningDecoder decoder = encoded();
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
