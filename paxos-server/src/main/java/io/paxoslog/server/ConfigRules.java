package io.paxoslog.server;

import io.paxoslog.service.SequencerStateMachine;
import io.paxoslog.service.SessionLimits;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.agrona.BitUtil;

/** What settings must be to one another. */
final class ConfigRules {
    private static final int LEAST_TIMEOUTS_MISSED = 10;
    private static final int MOST_MEMBERS = 31;
    private static final int FRAME_ALIGNMENT = 32;
    private static final int SMALLEST_MTU = 1024;

    private final NodeConfig config;

    private ConfigRules(NodeConfig config) {
        this.config = config;
    }

    static void check(NodeConfig config) {
        ConfigRules rules = new ConfigRules(config);
        rules.checkMembers();
        rules.checkTimes();
        rules.checkLease();
        rules.checkReplacing();
        rules.checkQuorums();
        rules.checkDurability();
        rules.checkSizes();
        rules.checkApp();
        rules.checkReplies();
    }

    private void checkMembers() {
        List<Member> members = config.members();
        require(
                config.isJoining() || config.get(Settings.ADDRESS).isEmpty(),
                "address: goes with join only; members says where this node listens",
                Settings.ADDRESS);
        require(
                members.size() <= MOST_MEMBERS,
                "members: at most " + MOST_MEMBERS + " are possible, not " + members.size(),
                Settings.MEMBERS);
        require(
                members.stream().anyMatch(member -> member.id() == config.id()),
                "id: " + config.id() + " is not among the members " + members,
                Settings.ID,
                Settings.MEMBERS);
        for (int i = 0; i < members.size(); i++) {
            for (int k = 0; k < i; k++) {
                require(
                        !members.get(i).overlaps(members.get(k)),
                        "members: ports of %s and %s overlap; each node uses PORT and PORT+1"
                                .formatted(members.get(k), members.get(i)),
                        Settings.MEMBERS);
            }
        }
    }

    private void checkTimes() {
        int timeout = config.get(Settings.ELECTION_TIMEOUT_MS);
        int heartbeat = config.get(Settings.HEARTBEAT_MS);
        require(
                heartbeat * 3L <= timeout,
                "heartbeat-ms: %d is more than a third of election-timeout-ms, which is %d; at most %d"
                        .formatted(heartbeat, timeout, timeout / 3),
                Settings.HEARTBEAT_MS,
                Settings.ELECTION_TIMEOUT_MS);
    }

    /** A lease that is longer than that would keep the next leader waiting. */
    private void checkLease() {
        int lease = config.get(Settings.LEASE_MS);
        int timeout = config.get(Settings.ELECTION_TIMEOUT_MS);
        int least = 2 * config.get(Settings.HEARTBEAT_MS);
        require(
                lease == 0 || (lease >= least && lease <= timeout),
                "lease-ms: %d is not from two heartbeats to election-timeout-ms; 0 for none, or %d to %d"
                        .formatted(lease, least, timeout),
                Settings.LEASE_MS,
                Settings.HEARTBEAT_MS,
                Settings.ELECTION_TIMEOUT_MS);
    }

    /** A node that is only restarted is not to lose its place. */
    private void checkReplacing() {
        int after = config.get(Settings.REPLACE_AFTER_MS);
        int least = LEAST_TIMEOUTS_MISSED * config.get(Settings.ELECTION_TIMEOUT_MS);
        require(
                after == 0 || after >= least,
                "replace-after-ms: %d is less than ten times election-timeout-ms; 0 for never, or at least %d"
                        .formatted(after, least),
                Settings.REPLACE_AFTER_MS,
                Settings.ELECTION_TIMEOUT_MS);
    }

    private void checkQuorums() {
        int members = config.members().size();
        int prepare = config.prepareQuorum();
        int accept = config.acceptQuorum();
        require(
                prepare <= members,
                "prepare-quorum: %d is more than the %d members".formatted(prepare, members),
                Settings.PREPARE_QUORUM);
        require(
                accept <= members,
                "accept-quorum: %d is more than the %d members".formatted(accept, members),
                Settings.ACCEPT_QUORUM);
        require(
                prepare + accept > members,
                "prepare-quorum + accept-quorum: %d + %d must be more than the %d members"
                        .formatted(prepare, accept, members),
                Settings.PREPARE_QUORUM,
                Settings.ACCEPT_QUORUM);
    }

    private void checkDurability() {
        require(
                config.get(Settings.DURABILITY) == Durability.SYNC
                        || config.acceptQuorum() > 1
                        || config.members().size() == 1,
                "accept-quorum: 1 is refused with durability %s, where one node that loses power would lose chosen commands; use 2 or more, or durability sync"
                        .formatted(Setting.nameOf(config.get(Settings.DURABILITY))),
                Settings.ACCEPT_QUORUM,
                Settings.DURABILITY);
    }

    private void checkSizes() {
        int batch = config.get(Settings.BATCH_BYTES);
        int term = config.get(Settings.TERM_BYTES);
        int mtu = config.get(Settings.MTU_BYTES);
        requireRoom(Settings.BATCH_BYTES, Settings.COMMAND_BYTES, Sizes::batchFor);
        requireRoom(Settings.READ_BYTES, Settings.COMMAND_BYTES, Sizes::readsFor);
        requireRoom(Settings.OPEN_BYTES, Settings.BATCH_BYTES, Sizes::openFor);
        require(
                BitUtil.isPowerOfTwo(term),
                "term-bytes: %d is not a power of two; at least %d"
                        .formatted(term, Sizes.termFor(batch)),
                Settings.TERM_BYTES);
        require(
                mtu == 0 || (mtu >= SMALLEST_MTU && mtu % FRAME_ALIGNMENT == 0),
                "mtu-bytes: %d is neither 0 nor a multiple of %d from %d"
                        .formatted(mtu, FRAME_ALIGNMENT, SMALLEST_MTU),
                Settings.MTU_BYTES);
        requireRoom(Settings.TERM_BYTES, Settings.BATCH_BYTES, Sizes::termFor);
        requireRoom(Settings.SEGMENT_BYTES, Settings.BATCH_BYTES, Sizes::segmentFor);
    }

    private void requireRoom(
            Setting<Integer> setting, Setting<Integer> of, IntUnaryOperator needed) {
        int value = config.get(setting);
        int least = needed.applyAsInt(config.get(of));
        require(
                value >= least,
                "%s: %d is too small for %s, which is %d; at least %d, or leave it out"
                        .formatted(setting, value, of, config.get(of), least),
                setting,
                of);
    }

    private void checkApp() {
        App app = config.get(Settings.APP);
        require(
                app.isThere(),
                "app: %s is in module paxos-kv, which is not on the class path"
                        .formatted(Setting.nameOf(app)),
                Settings.APP);
    }

    /** A reply that is too large would halt the state machine of every node. */
    private void checkReplies() {
        int largest = SessionLimits.DEFAULT.maxReplyBytes() - SequencerStateMachine.STAMP_BYTES;
        require(
                config.get(Settings.APP) != App.SEQUENCER
                        || config.get(Settings.COMMAND_BYTES) <= largest,
                "command-bytes: %d is more than app sequencer can echo; at most %d"
                        .formatted(config.get(Settings.COMMAND_BYTES), largest),
                Settings.COMMAND_BYTES,
                Settings.APP);
    }

    private void require(boolean isRight, String message, Setting<?>... about) {
        if (!isRight) {
            throw new ConfigException(message + " (" + origins(about) + ")");
        }
    }

    private String origins(Setting<?>... about) {
        return about.length == 1
                ? config.origin(about[0])
                : Arrays.stream(about)
                        .map(setting -> setting + " " + config.origin(setting))
                        .collect(Collectors.joining(", "));
    }
}
