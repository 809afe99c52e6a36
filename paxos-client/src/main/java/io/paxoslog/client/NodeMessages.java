package io.paxoslog.client;

import io.paxoslog.codecs.client.ChangeResponseDecoder;
import io.paxoslog.codecs.client.CommandFate;
import io.paxoslog.codecs.client.DecisionResult;
import io.paxoslog.codecs.client.EndReason;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.SnapshotResponseDecoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.TransferResponseDecoder;
import io.paxoslog.codecs.client.VersionResponseDecoder;
import org.agrona.DirectBuffer;

/** All that nodes say to a client; each user of the links hears what concerns it. */
interface NodeMessages {
    /** A member said how it stands; {@code isNew}: it knows nothing of what was said before. */
    default void welcomed(MemberLink from, boolean isNew) {}

    /** The cluster of the sessions that are opened from now on; said right before it. */
    default void cluster(long clusterId) {}

    default void sessionOpened(
            MemberLink from, long nonce, long session, int maxInFlight, int maxInFlightBytes) {}

    /** A session lives as long as its client says so now and then. */
    default void keepAliveWanted(long session, int everyMs) {}

    default void reply(
            long session, long sequence, long slot, DirectBuffer buffer, int offset, int length) {}

    /** The log skips a command. */
    default void skipped(long session, long sequence, long slot) {}

    /** Events up to a position are kept no more. */
    default void eventsLost(long session, long slot, int index) {}

    /** Events come next that lie right behind a position; false: they are not to be heard. */
    default boolean eventsBehind(long session, long slot, int index) {
        return false;
    }

    /** The next event of the session that was named. */
    default void event(long slot, int index, DirectBuffer buffer, int offset, int length) {}

    default void decided(
            MemberLink from, long correlation, DecisionResult result, long slot, String reason) {}

    default void gap(MemberLink from, long session, int attempt) {}

    default void sessionEnded(long session, EndReason reason) {}

    default void failure(MemberLink from, long about, FailureCode code) {}

    /**
     * A member cannot read {@code slot} back, and served everything below it: another one goes on.
     */
    default void unreadable(MemberLink from, long correlation, long slot) {}

    /**
     * A member's log begins at {@code firstKept}, and it served everything below where the tail
     * stood: another one may have more.
     */
    default void compacted(MemberLink from, long correlation, long firstKept) {}

    default void status(MemberLink from, StatusResponseDecoder status) {}

    /** How far a snapshot is. */
    default void snapshot(MemberLink from, SnapshotResponseDecoder snapshot) {}

    /** Who a node is, and who the members are. */
    default void members(MemberLink from, long correlation, MembersReport report) {}

    /** Which versions a node knows, and what is agreed. */
    default void version(MemberLink from, VersionResponseDecoder version) {}

    /** How far a change of members is. */
    default void change(MemberLink from, ChangeResponseDecoder change) {}

    /** How far leadership is on its way to a node. */
    default void transfer(MemberLink from, TransferResponseDecoder transfer) {}

    default void tailEntry(
            long correlation, long slot, DirectBuffer buffer, int offset, int length) {}

    /** Everything below {@code nextSlot} was served. */
    default void tailProgress(long correlation, long nextSlot, boolean isEnd) {}

    /** Commands that took effect, for one who subscribes. */
    default void logEntries(MemberLink from, LogEntriesDecoder entries) {}

    /** What became of a command that was asked about. */
    default void outcome(
            long about, CommandFate fate, long slot, DirectBuffer reply, int offset, int length) {}
}
