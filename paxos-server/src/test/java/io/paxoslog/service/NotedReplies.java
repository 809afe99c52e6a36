package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import java.util.List;
import org.agrona.DirectBuffer;

/** Notes which sessions open and close; tests add what matters to them besides. */
class NotedReplies implements ReplySink {
    private final List<String> heard;

    NotedReplies(List<String> heard) {
        this.heard = heard;
    }

    @Override
    public void opened(long nonce, SecretHash secret, long session) {
        heard.add("opened " + session);
    }

    @Override
    public void notOpened(long nonce, SecretHash secret) {
        heard.add("not opened " + nonce);
    }

    @Override
    public void closed(long session) {
        heard.add("closed " + session);
    }

    @Override
    public void refused(long session, long slot, long expected, Refusal why) {}

    @Override
    public void withoutEffect(long slot) {}

    @Override
    public void outcome(
            long question,
            CommandFate fate,
            long slot,
            DirectBuffer reply,
            int offset,
            int length) {}

    @Override
    public void limited(long decidedAt, SessionLimits limits) {}

    @Override
    public void timers(long timeNs, long stopwatchMs, long readingMs) {}

    @Override
    public void overdue(long session, long lastWord) {}
}
