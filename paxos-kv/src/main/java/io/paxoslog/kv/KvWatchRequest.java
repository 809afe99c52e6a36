package io.paxoslog.kv;

import io.paxoslog.cli.Json;
import io.paxoslog.cli.ShellStream;
import io.paxoslog.cli.ShellWords;
import io.paxoslog.client.ReadMode;
import java.util.ArrayList;
import java.util.List;

/** A watch from the shell: each change is a line. */
final class KvWatchRequest implements ShellStream {
    private final byte[] key;
    private final KvWatch watch;
    private final long mostEvents;
    private final List<KvEvent> news = new ArrayList<>();
    private long events;
    private long firstUnsaid;

    /**
     * @param mostEvents with so many it is done; 0: it goes on
     */
    KvWatchRequest(byte[] key, KvWatch watch, long mostEvents) {
        this.key = key;
        this.watch = watch;
        this.mostEvents = mostEvents;
    }

    @Override
    public ReadMode mode() {
        return watch.mode();
    }

    @Override
    public long slot() {
        return watch.slot();
    }

    @Override
    public boolean isToPause() {
        return watch.isToPause();
    }

    @Override
    public byte[] bytes() {
        return watch.next();
    }

    @Override
    public Outcome take(long slot, byte[] answer) {
        for (KvEvent event : watch.take(slot, answer)) {
            if (mostEvents == 0 || events < mostEvents) {
                news.add(event);
                events++;
            } else if (firstUnsaid == 0) {
                firstUnsaid = event.revision();
            }
        }
        if (watch.isCompacted()) {
            return new Outcome(
                    KvResult.COMPACTED.name(),
                    "that was compacted away; the first revision there is %d: use --rev %1$d"
                            .formatted(watch.progress() + 1));
        }
        if (watch.result() != KvResult.DONE) {
            return KvRequest.outcome(watch.result());
        }
        return mostEvents > 0 && events == mostEvents ? Outcome.DONE : null;
    }

    @Override
    public List<String> news(boolean isJson) {
        List<String> lines = new ArrayList<>();
        for (KvEvent event : news) {
            lines.add(isJson ? json(event).toString() : text(event));
        }
        news.clear();
        return lines;
    }

    private static Json json(KvEvent event) {
        KvReply.Entry entry = event.entry();
        Json json = new Json().put("event", event.isDelete() ? "del" : "put");
        json.put("key", ShellWords.text(entry.key()));
        if (!event.isDelete()) {
            json.put("value", ShellWords.text(entry.value()))
                    .put("create", entry.created())
                    .put("version", entry.version())
                    .put("lease", entry.lease());
        }
        json.put("mod", entry.modified());
        if (event.previous() != null) {
            json.put("previous", ShellWords.text(event.previous().value()));
        }
        return json;
    }

    private static String text(KvEvent event) {
        String key = ShellWords.text(event.entry().key());
        String what =
                event.isDelete()
                        ? "%d\tdel\t%s".formatted(event.revision(), key)
                        : "%d\tput\t%s\t%s"
                                .formatted(
                                        event.revision(),
                                        key,
                                        ShellWords.text(event.entry().value()));
        return event.previous() == null
                ? what
                : what + "\t" + ShellWords.text(event.previous().value());
    }

    @Override
    public void describe(Json json) {
        json.put("op", "watch").put("key", ShellWords.text(key));
    }

    @Override
    public void answer(Json json) {
        json.put("events", events).put("progress", progress());
    }

    @Override
    public String text() {
        return "%d events, nothing is missing up to revision %d".formatted(events, progress());
    }

    /** Never ahead of what was said. */
    private long progress() {
        return firstUnsaid == 0 ? watch.progress() : firstUnsaid - 1;
    }
}
