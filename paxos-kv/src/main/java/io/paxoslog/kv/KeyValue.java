package io.paxoslog.kv;

/** A change as it is read from somewhere, for a moment. */
final class KeyValue {
    final Slice key = new Slice();
    final Slice value = new Slice();
    long main;
    int sub;
    long created;
    long version;
    long lease;
    boolean isDeletion;
}
