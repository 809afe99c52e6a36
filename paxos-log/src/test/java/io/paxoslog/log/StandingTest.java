package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.core.Decision;
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
        assertThat(decoder.bootId()).isEqualTo("boot");
        return lines;
    }
}
