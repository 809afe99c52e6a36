package io.paxoslog.kv;

import io.paxoslog.service.Calls;
import io.paxoslog.service.StateView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A store as tests speak to it. */
final class Store {
    final KvStateMachine machine = new KvStateMachine();
    private final Calls calls;

    Store() {
        this(Calls.REPLY_BYTES);
    }

    Store(int replyBytes) {
        calls = new Calls(replyBytes);
        machine.begin(calls);
    }

    Calls calls() {
        return calls;
    }

    /** Time passes. */
    void pass(long ms) {
        calls.pass(machine, ms);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static KvPut put(String key, String value) {
        return KvPut.of(bytes(key), bytes(value));
    }

    static KvRange get(String key) {
        return KvRange.of(bytes(key));
    }

    static KvRange prefix(String prefix) {
        return KvRange.of(KeyRange.startingWith(bytes(prefix)));
    }

    static KvDelete delete(String key) {
        return KvDelete.of(bytes(key));
    }

    static KeyRange only(String key) {
        return KeyRange.only(bytes(key));
    }

    /** Appends. */
    KvReply apply(KvOperation operation) {
        return KvReply.of(operation, apply(operation.bytes()));
    }

    byte[] apply(byte[] command) {
        return calls.apply(machine, command);
    }

    KvReply command(byte[] command) {
        return KvReply.of(apply(command));
    }

    byte[] query(byte[] asked) {
        return calls.query(machine, asked);
    }

    /** Asks. */
    KvReply ask(KvOperation operation) {
        return KvReply.of(operation, query(operation.bytes()));
    }

    KvPages read(KvRange range) {
        KvPages pages = new KvPages(range);
        while (!pages.isDone()) {
            pages.take(query(pages.next()));
        }
        return pages;
    }

    KvHash hash(long revision) {
        KvHash hash = new KvHash(revision);
        while (!hash.isDone()) {
            hash.take(query(hash.next()));
        }
        return hash;
    }

    KvReply.Status status() {
        return KvReply.ofStatus(query(KvCommands.status())).status();
    }

    /** Grants a lease; returns its number. */
    long grant(long id, long ttlSeconds) {
        return KvReply.ofLease(apply(KvCommands.grant(id, ttlSeconds))).lease();
    }

    KvLeaseInfo lease(long id) {
        KvLeaseInfo info = new KvLeaseInfo(id, true);
        while (!info.isDone()) {
            info.take(query(info.next()));
        }
        return info;
    }

    KvLeaseList leases() {
        KvLeaseList list = new KvLeaseList();
        while (!list.isDone()) {
            list.take(query(list.next()));
        }
        return list;
    }

    /** What a watch has to say now. */
    List<KvEvent> watch(KvWatch watch) {
        List<KvEvent> events = new ArrayList<>();
        long before = -2;
        while (!watch.isCompacted() && (before != watch.progress() || watch.isWithinRevision())) {
            before = watch.progress();
            events.addAll(watch.take(1, query(watch.next())));
        }
        return events;
    }

    static List<String> eventTexts(List<KvEvent> events) {
        return events.stream().map(Store::textOf).toList();
    }

    static String textOf(KvEvent event) {
        KvReply.Entry previous = event.previous();
        String what =
                event.isDelete()
                        ? "%d del %s".formatted(event.revision(), text(event.entry().key()))
                        : "%d put %s"
                                .formatted(
                                        event.revision(),
                                        text(event.entry().key())
                                                + "="
                                                + text(event.entry().value()));
        return previous == null ? what : what + " was " + text(previous.value());
    }

    /** Puts; returns the revision. */
    long set(String key, String value) {
        return apply(put(key, value)).revision();
    }

    /** Null: there is none. */
    String value(String key) {
        return value(key, 0);
    }

    String value(String key, long revision) {
        List<KvReply.Entry> found = ask(get(key).atRevision(revision)).entries();
        return found.isEmpty() ? null : text(found.get(0).value());
    }

    static List<String> keys(List<KvReply.Entry> entries) {
        return entries.stream().map(entry -> text(entry.key())).toList();
    }

    static List<String> texts(List<KvReply.Entry> entries) {
        return entries.stream().map(Store::textOf).toList();
    }

    static String textOf(KvReply.Entry e) {
        return "%s=%s c%d m%d v%d l%d"
                .formatted(
                        text(e.key()),
                        text(e.value()),
                        e.created(),
                        e.modified(),
                        e.version(),
                        e.lease());
    }

    static byte[] written(StateView view) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        view.writeTo(out);
        return out.toByteArray();
    }

    byte[] snapshot() throws IOException {
        StateView view = machine.view();
        byte[] written = written(view);
        view.close();
        return written;
    }

    /** Another one that takes a snapshot of this. */
    Store restored() throws IOException {
        Store store = restored(snapshot());
        store.calls.like(calls);
        return store;
    }

    static Store restored(byte[] snapshot) throws IOException {
        Store store = new Store();
        store.machine.restore(new ByteArrayInputStream(snapshot));
        return store;
    }
}
