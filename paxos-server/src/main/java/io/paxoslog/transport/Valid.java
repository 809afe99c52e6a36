package io.paxoslog.transport;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import java.util.regex.Pattern;

/** Which values a peer may send; what lies outside comes from a bug, another program or noise. */
public final class Valid {
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):[1-9]\\d{0,4}");
    private static final int HIGHEST_PORT = 65_534;

    private Valid() {}

    static boolean ballot(long ballot) {
        return ballot > 0 && Ballot.round(ballot) >= 1 && Ballot.owner(ballot) >= 1;
    }

    static boolean ballotOrNone(long ballot) {
        return ballot == Ballot.NONE || ballot(ballot);
    }

    static boolean slot(long slot) {
        return slot >= 1 && slot <= Batch.MAX_SLOT;
    }

    static boolean slotOrNone(long slot) {
        return slot == 0 || slot(slot);
    }

    static boolean member(long member) {
        return member > 0 && MemberId.node(member) >= 1 && MemberId.incarnation(member) >= 1;
    }

    /** Whether it is HOST:PORT, with a port that has another one behind it. */
    public static boolean address(String address) {
        return ADDRESS.matcher(address).matches()
                && Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))
                        <= HIGHEST_PORT;
    }

    static boolean batch(Batch batch) {
        return batch.isWellFormed()
                && ballotOrNone(batch.originBallot())
                && batch.timestamp() >= 0
                && (batch.kind() != Batch.MEMBERSHIP || isMembership(batch));
    }

    private static boolean isMembership(Batch batch) {
        try {
            Membership.decode(
                    batch.buffer(),
                    Batch.ENTRY_PREFIX_BYTES,
                    batch.length() - Batch.ENTRY_PREFIX_BYTES);
            return true;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }
}
