package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** Hears the commands of the log that took effect, in slot order, each once. */
@FunctionalInterface
public interface TailListener {
    /**
     * A command that took effect.
     *
     * @param slot where it stands in the log
     * @param command holds its bytes; valid during the call only
     */
    void onCommand(long slot, DirectBuffer command, int offset, int length);
}
