package io.paxoslog.gateway;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.EndReason;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Whose the open sessions are, as far as all is applied: the hash of each one's secret. As many as
 * the log allows to be open. Belongs to the replica thread.
 */
final class SessionOwners {
    /** What can be said of somebody who brings a session. */
    enum Verdict {
        OWNER,
        /** No such session is open, or it is somebody else's: he is told the same in both cases. */
        NOBODY,
        /** The slot that may have opened the session is not applied yet. */
        NOT_KNOWN_YET
    }

    private final Long2ObjectHashMap<SecretHash> secrets = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Ended> ended = new Long2ObjectHashMap<>();
    private final ArrayDeque<Long> endedInOrder = new ArrayDeque<>();
    private int mostEnded;

    /** One that is open no more, and why, as far as that is known here. */
    private record Ended(SecretHash secret, EndReason why) {}

    SessionOwners(int mostEnded) {
        this.mostEnded = mostEnded;
    }

    /** From now on as many that have ended are known as the one who applies knows. */
    void limitTo(int newMostEnded) {
        mostEnded = newMostEnded;
        forgetEnded();
    }

    void opened(long session, SecretHash secret) {
        secrets.put(session, secret);
    }

    void closed(long session, EndReason why) {
        SecretHash secret = secrets.remove(session);
        if (secret != null) {
            ended(session, secret, why);
        }
    }

    /** A session is open no more, and its client may still ask what became of its commands. */
    void ended(long session, SecretHash secret, EndReason why) {
        ended.put(session, new Ended(secret, why));
        endedInOrder.add(session);
        forgetEnded();
    }

    private void forgetEnded() {
        while (endedInOrder.size() > mostEnded) {
            ended.remove(endedInOrder.remove().longValue());
        }
    }

    /** Nothing is known: a snapshot brings all sessions there are. */
    void forget() {
        secrets.clear();
        ended.clear();
        endedInOrder.clear();
    }

    boolean isOpen(long session) {
        return secrets.containsKey(session);
    }

    /** As {@link #of}, for a question about a session that may have ended meanwhile. */
    Verdict ofAsker(long session, SecretHash shown, long appliedUpTo, long lastSlot) {
        Ended gone = ended.get(session);
        if (gone == null || secrets.containsKey(session)) {
            return of(session, shown, appliedUpTo, lastSlot);
        }
        return gone.secret().isSame(shown) ? Verdict.OWNER : Verdict.NOBODY;
    }

    /** Why a session is open no more, for whoever shows that it was his. */
    EndReason whyEnded(long session, SecretHash shown) {
        Ended gone = ended.get(session);
        return gone != null && gone.secret().isSame(shown) ? gone.why() : EndReason.EXPIRED;
    }

    /** Why a session is open no more. */
    EndReason whyEnded(long session) {
        Ended gone = ended.get(session);
        return gone == null ? EndReason.EXPIRED : gone.why();
    }

    /**
     * Judges by the hash of the secret that was shown. A session without a secret is from before
     * there were any, and anybody's.
     *
     * @param appliedUpTo every slot up to it is applied, and so every session up to it known
     * @param lastSlot no slot above it holds anything: a session from there is of another log
     */
    Verdict of(long session, SecretHash shown, long appliedUpTo, long lastSlot) {
        SecretHash secret = secrets.get(session);
        if (secret == null) {
            boolean mayComeYet = session > appliedUpTo && session <= lastSlot;
            return mayComeYet ? Verdict.NOT_KNOWN_YET : Verdict.NOBODY;
        }
        boolean isOwner = secret.isSame(shown) || secret.isSame(SecretHash.NONE);
        return isOwner ? Verdict.OWNER : Verdict.NOBODY;
    }

    int count() {
        return secrets.size();
    }
}
