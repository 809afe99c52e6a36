package io.paxoslog.planted;

import io.paxoslog.core.planted.PlantedBugsCase;

/** Each rule of the key-value store, broken on purpose, makes a test fail. */
class KvBugsTest extends PlantedBugsCase {
    KvBugsTest() {
        super("planted-bugs-kv.txt", "src/main/java/io/paxoslog/kv");
    }
}
