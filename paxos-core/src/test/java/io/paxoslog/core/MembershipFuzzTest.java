package io.paxoslog.core;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;

/** Whatever a peer or a file gives for a membership: one that says the same again, or a refusal. */
@Tag("fuzz")
class MembershipFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyEntryIsAMembershipOrRefused(byte[] entry) {
        Membership membership;
        try {
            membership = Membership.decode(new UnsafeBuffer(entry), 0, entry.length);
        } catch (IllegalArgumentException refused) {
            return;
        }
        ExpandableArrayBuffer again = new ExpandableArrayBuffer();
        int length = membership.encode(again, 0);
        Membership second = Membership.decode(again, 0, length);
        for (int i = 0; i < membership.size(); i++) {
            if (membership.member(i) != second.member(i)) {
                throw new AssertionError("member " + i + " differs");
            }
        }
    }
}
