package io.paxoslog.transport;

/** Judges who speaks, before the rest of a frame is read. */
public interface Admission {
    /**
     * Whether to hear this frame.
     *
     * @param fromMember identity that the frame names as its sender
     * @param clusterId cluster that the frame names, 0 when its sender does not know one yet
     */
    boolean admits(long fromMember, long clusterId);

    /**
     * Whether to hear this frame of an admitted sender. Not asked for questions about runs and
     * their answers.
     *
     * @param run the run that the frame was sent in; 0 when its sender does not say
     */
    boolean hears(long fromMember, long run);

    /**
     * A frame is of a version that cannot be heard here, whoever sent it.
     *
     * @param fromMember identity that the frame seems to name as its sender
     * @param known the version that is known here
     */
    default void speaksOtherwise(long fromMember, int version, int known) {}
}
