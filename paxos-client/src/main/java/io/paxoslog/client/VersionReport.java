package io.paxoslog.client;

import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.Version;

/**
 * Which versions a node knows, and what is agreed as far as it knows.
 *
 * @param address where it was asked
 * @param isReachable whether it answered at all; nothing of the rest is told if not
 * @param node its id; 0 when it is of a build that does not say
 * @param build version of its program; empty when it does not say
 * @param knows what it can go by; null when it does not say, which is the first version alone
 * @param agreed what is agreed
 * @param agreedAt slot of the entry that says so; 0 when none does
 * @param peerSchema version of the messages it sends to its peers; 0 when it does not say
 * @param journalSchema version of the newest files that it can read; 0 when it does not say
 */
public record VersionReport(
        String address,
        boolean isReachable,
        int node,
        String build,
        KnownVersions knows,
        Version agreed,
        long agreedAt,
        int peerSchema,
        int journalSchema) {

    static VersionReport unreachable(String address) {
        return new VersionReport(address, false, 0, "", null, Version.FIRST, 0, 0, 0);
    }

    /** Of a build that knows of no versions. */
    static VersionReport silent(String address, int node) {
        return new VersionReport(address, true, node, "", null, Version.FIRST, 0, 0, 0);
    }
}
