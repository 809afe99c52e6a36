package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** Hears the commands of the log that took effect, in slot order, each once. */
@FunctionalInterface
public interface SubscriptionListener {
    /**
     * A command that took effect.
     *
     * @param buffer holds its bytes; valid during the call only
     * @param header where it stands in the log, and whose it is
     */
    void onCommand(DirectBuffer buffer, int offset, int length, CommandHeader header);

    /**
     * Everything up to a slot was heard or is no command that took effect. Said behind the commands
     * of each message, and within a moment where slots pass without any. Whoever stores it goes on
     * behind it after a restart: {@link Subscription#open(ClientConfig, long, long,
     * SubscriptionListener)}.
     */
    default void onProgress(long clusterId, long upToSlot) {}
}
