package io.paxoslog.core.forbidden;

/** Breaks R3 on purpose. */
public interface PortThatAnswers {
    /** A port may not be asked. */
    long highestSlot();
}
