package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each rule of subscriptions, broken on purpose, makes a test fail. */
class SubscriptionBugsTest extends PlantedBugsCase {
    private static final String PACKAGES = "src/main/java/io/paxoslog/";

    SubscriptionBugsTest() {
        super(
                "planted-bugs-subscriptions.txt",
                PACKAGES + "gateway",
                PACKAGES + "apply",
                "../paxos-client/src/main/java/io/paxoslog/client");
    }
}
