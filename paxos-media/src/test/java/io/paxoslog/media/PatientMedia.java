package io.paxoslog.media;

/**
 * What tests give to clients of Aeron that they make themselves: by default one ends the whole
 * process when the machine stands still for ten seconds.
 */
public final class PatientMedia {
    private PatientMedia() {}

    /** Tells of an error, and goes on. */
    public static void tell(Throwable error) {
        System.out.println("media client: " + error);
    }
}
