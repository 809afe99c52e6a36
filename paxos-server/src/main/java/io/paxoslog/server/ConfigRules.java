package io.paxoslog.server;

import java.util.List;
import org.agrona.BitUtil;

/** What settings must be to one another. */
final class ConfigRules {
    /** Headers of a batch in a message or a record, with room to spare. */
    private static final int BATCH_OVERHEAD_BYTES = 512;

    private static final int ENTRY_OVERHEAD_BYTES = 64;
    private static final int PARTS_OF_A_BUFFER = 8;
    private static final int MOST_MEMBERS = 31;
    private static final int FRAME_ALIGNMENT = 32;
    private static final int SMALLEST_MTU = 1024;

    private ConfigRules() {}

    static void check(NodeConfig config) {
        checkMembers(config);
        checkTimes(config);
        checkQuorums(config);
        checkDurability(config);
        checkSizes(config);
    }

    private static void checkMembers(NodeConfig config) {
        List<Member> members = config.members();
        require(
                members.size() <= MOST_MEMBERS,
                "members: at most " + MOST_MEMBERS + " are possible, not " + members.size());
        require(
                members.stream().anyMatch(member -> member.id() == config.id()),
                "id: " + config.id() + " is not among the members " + members);
        for (int i = 0; i < members.size(); i++) {
            for (int k = 0; k < i; k++) {
                require(
                        !members.get(i).overlaps(members.get(k)),
                        "members: ports of %s and %s overlap; each node uses PORT and PORT+1"
                                .formatted(members.get(k), members.get(i)));
            }
        }
    }

    private static void checkTimes(NodeConfig config) {
        int timeout = config.get(Settings.ELECTION_TIMEOUT_MS);
        int heartbeat = config.get(Settings.HEARTBEAT_MS);
        require(
                heartbeat * 3L <= timeout,
                "heartbeat-ms: %d is more than a third of election-timeout-ms, which is %d; at most %d"
                        .formatted(heartbeat, timeout, timeout / 3));
    }

    private static void checkQuorums(NodeConfig config) {
        int members = config.members().size();
        int prepare = config.prepareQuorum();
        int accept = config.acceptQuorum();
        require(
                prepare <= members,
                "prepare-quorum: %d is more than the %d members".formatted(prepare, members));
        require(
                accept <= members,
                "accept-quorum: %d is more than the %d members".formatted(accept, members));
        require(
                prepare + accept > members,
                "prepare-quorum + accept-quorum: %d + %d must be more than the %d members"
                        .formatted(prepare, accept, members));
    }

    private static void checkDurability(NodeConfig config) {
        Durability durability = config.get(Settings.DURABILITY);
        require(
                durability != Durability.PAGE_CACHE,
                "durability: page-cache is not in this version; use sync or async");
        require(
                durability == Durability.SYNC
                        || config.acceptQuorum() > 1
                        || config.members().size() == 1,
                "accept-quorum: 1 is refused with durability async, where one node that loses power"
                        + " would lose chosen commands; use 2 or more, or durability sync");
    }

    private static void checkSizes(NodeConfig config) {
        int command = config.get(Settings.COMMAND_BYTES);
        int batch = config.get(Settings.BATCH_BYTES);
        int term = config.get(Settings.TERM_BYTES);
        int mtu = config.get(Settings.MTU_BYTES);
        require(
                command + ENTRY_OVERHEAD_BYTES <= batch,
                "batch-bytes: %d has no room for a command of command-bytes, which is %d; at least %d"
                        .formatted(batch, command, command + ENTRY_OVERHEAD_BYTES));
        require(
                batch <= config.get(Settings.OPEN_BYTES),
                "open-bytes: %d is less than batch-bytes, which is %d"
                        .formatted(config.get(Settings.OPEN_BYTES), batch));
        require(BitUtil.isPowerOfTwo(term), "term-bytes: " + term + " is not a power of two");
        require(
                mtu == 0 || (mtu >= SMALLEST_MTU && mtu % FRAME_ALIGNMENT == 0),
                "mtu-bytes: %d is neither 0 nor a multiple of %d from %d"
                        .formatted(mtu, FRAME_ALIGNMENT, SMALLEST_MTU));
        requireRoomForBatch("term-bytes", term, batch);
        requireRoomForBatch("segment-bytes", config.get(Settings.SEGMENT_BYTES), batch);
    }

    private static void requireRoomForBatch(String name, int bytes, int batch) {
        int needed = PARTS_OF_A_BUFFER * (batch + BATCH_OVERHEAD_BYTES);
        require(
                bytes >= needed,
                "%s: %d is too small for batch-bytes, which is %d; at least %d"
                        .formatted(name, bytes, batch, needed));
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new ConfigException(message);
        }
    }
}
