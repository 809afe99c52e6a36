package io.paxoslog.kv;

import io.paxoslog.cli.Json;
import io.paxoslog.cli.ShellRequest;
import io.paxoslog.cli.ShellWords;
import java.util.ArrayList;
import java.util.List;

/** One line of the shell, and how its answer is said. */
abstract class KvRequest implements ShellRequest {
    private final String op;
    private final byte[] key;
    private final byte[] command;
    KvReply reply;

    KvRequest(String op, byte[] key, byte[] command) {
        this.op = op;
        this.key = key;
        this.command = command;
    }

    static ShellRequest put(byte[] key, KvPut put) {
        return new OfOperation("put", key, put) {
            @Override
            public void answer(Json json) {
                if (put.isWithPrevious()) {
                    putPrevious(json, reply);
                }
                json.put("revision", reply.revision());
            }

            @Override
            public String text() {
                return withEntries("revision " + reply.revision(), reply.entries());
            }
        };
    }

    static ShellRequest delete(byte[] key, KvDelete delete) {
        return new OfOperation("del", key, delete) {
            @Override
            public void answer(Json json) {
                json.put("deleted", reply.count());
                if (delete.isWithPrevious()) {
                    putPrevious(json, reply);
                }
                json.put("revision", reply.revision());
            }

            @Override
            public String text() {
                String deleted =
                        "deleted %d, revision %d".formatted(reply.count(), reply.revision());
                return withEntries(deleted, reply.entries());
            }
        };
    }

    static ShellRequest swap(byte[] key, KvTxn swap) {
        return new OfOperation("cas", key, swap) {
            @Override
            public void answer(Json json) {
                json.put("swapped", reply.hasSucceeded()).put("revision", reply.revision());
            }

            @Override
            public String text() {
                return reply.hasSucceeded() ? "swapped" : "not swapped";
            }
        };
    }

    static ShellRequest transaction(KvTxn txn) {
        return new OfOperation("txn", null, txn) {
            @Override
            public void answer(Json json) {
                putTransaction(json, reply);
                json.put("revision", reply.revision());
            }

            @Override
            public String text() {
                List<String> lines = new ArrayList<>();
                addTransaction(lines, reply, "");
                return String.join("\n", lines);
            }
        };
    }

    static ShellRequest compact(long revision) {
        return bound("compact", KvCommands.compact(revision));
    }

    /** A command that answers nothing of its own. */
    static ShellRequest bound(String op, byte[] command) {
        return new KvRequest(op, null, command) {
            @Override
            public Outcome take(long slot, byte[] bytes) {
                reply = KvReply.of(bytes);
                return outcome(reply.result());
            }

            @Override
            public void answer(Json json) {
                json.put("revision", reply.revision());
            }

            @Override
            public String text() {
                return "done, revision " + reply.revision();
            }
        };
    }

    static ShellRequest get(byte[] key, KvRange range) {
        return new Get(key, range);
    }

    static ShellRequest hash(long revision) {
        return new Hash(revision);
    }

    static ShellRequest status() {
        return new Status();
    }

    @Override
    public boolean isRead() {
        return false;
    }

    @Override
    public byte[] bytes() {
        return command;
    }

    @Override
    public void describe(Json json) {
        json.put("op", op);
        if (key != null) {
            json.put("key", ShellWords.text(key));
        }
    }

    static Outcome outcome(KvResult result) {
        return result == KvResult.DONE ? Outcome.DONE : new Outcome(result.name(), result.text());
    }

    private static void putPrevious(Json json, KvReply reply) {
        json.put("previous", jsonOf(reply.entries()));
    }

    private static List<Json> jsonOf(List<KvReply.Entry> entries) {
        return entries.stream().map(KvRequest::jsonOf).toList();
    }

    private static Json jsonOf(KvReply.Entry entry) {
        return new Json()
                .put("key", ShellWords.text(entry.key()))
                .put("value", ShellWords.text(entry.value()))
                .put("create", entry.created())
                .put("mod", entry.modified())
                .put("version", entry.version())
                .put("lease", entry.lease());
    }

    private static void putTransaction(Json json, KvReply reply) {
        json.put("succeeded", reply.hasSucceeded());
        json.put("answers", reply.operations().stream().map(KvRequest::jsonOf).toList());
    }

    private static Json jsonOf(KvReply operation) {
        Json json = new Json();
        switch (operation.kind()) {
            case KvFormat.PUT -> json.put("op", "put").put("previous", jsonOf(operation.entries()));
            case KvFormat.DELETE ->
                    json.put("op", "del")
                            .put("deleted", operation.count())
                            .put("previous", jsonOf(operation.entries()));
            case KvFormat.RANGE ->
                    json.put("op", "get")
                            .put("kvs", jsonOf(operation.entries()))
                            .put("count", operation.count())
                            .put("more", operation.hasMore())
                            .put("cut", operation.isCut());
            default -> putTransaction(json.put("op", "txn"), operation);
        }
        return json;
    }

    private static void addTransaction(List<String> lines, KvReply reply, String indent) {
        lines.add(indent + (reply.hasSucceeded() ? "succeeded" : "failed"));
        for (KvReply operation : reply.operations()) {
            switch (operation.kind()) {
                case KvFormat.PUT -> lines.add(indent + "  put");
                case KvFormat.DELETE -> lines.add(indent + "  deleted " + operation.count());
                case KvFormat.RANGE -> lines.add(indent + "  found " + operation.count());
                default -> addTransaction(lines, operation, indent + "  ");
            }
            operation.entries().forEach(entry -> lines.add(indent + "    " + textOf(entry)));
        }
    }

    private static String withEntries(String first, List<KvReply.Entry> entries) {
        StringBuilder text = new StringBuilder(first);
        entries.forEach(entry -> text.append('\n').append(textOf(entry)));
        return text.toString();
    }

    private static String textOf(KvReply.Entry entry) {
        return ShellWords.text(entry.key()) + "\t" + ShellWords.text(entry.value());
    }

    private abstract static class OfOperation extends KvRequest {
        private final KvOperation operation;

        OfOperation(String op, byte[] key, KvOperation operation) {
            super(op, key, operation.bytes());
            this.operation = operation;
        }

        @Override
        public Outcome take(long slot, byte[] bytes) {
            reply = KvReply.of(operation, bytes);
            return outcome(reply.result());
        }
    }

    private static final class Get extends KvRequest {
        private final boolean isOfOneKey;
        private final boolean isKeysOnly;
        private final boolean isCountOnly;
        private final KvPages pages;

        Get(byte[] key, KvRange range) {
            super("get", key, null);
            isCountOnly = range.isCountOnly();
            isKeysOnly = range.isKeysOnly();
            isOfOneKey = range.end.isEmpty() && !isCountOnly && !isKeysOnly;
            pages = new KvPages(range);
        }

        @Override
        public boolean isRead() {
            return true;
        }

        @Override
        public byte[] bytes() {
            return pages.next();
        }

        @Override
        public Outcome take(long slot, byte[] answer) {
            pages.take(answer);
            return pages.isDone() ? outcome(pages.result()) : null;
        }

        @Override
        public void answer(Json json) {
            if (isOfOneKey && pages.entries().isEmpty()) {
                json.putNull("value");
            } else if (isOfOneKey) {
                KvReply.Entry entry = pages.entries().get(0);
                json.put("value", ShellWords.text(entry.value()))
                        .put("create", entry.created())
                        .put("mod", entry.modified())
                        .put("version", entry.version())
                        .put("lease", entry.lease());
            } else {
                if (!isCountOnly) {
                    json.put("kvs", jsonOf(pages.entries())).put("more", pages.hasMore());
                }
                json.put("count", pages.count());
            }
            json.put("revision", pages.revision());
        }

        @Override
        public String text() {
            if (isCountOnly) {
                return Long.toString(pages.count());
            }
            if (isOfOneKey) {
                return pages.entries().isEmpty()
                        ? "no such key"
                        : ShellWords.text(pages.entries().get(0).value());
            }
            List<String> lines = new ArrayList<>();
            for (KvReply.Entry entry : pages.entries()) {
                lines.add(isKeysOnly ? ShellWords.text(entry.key()) : textOf(entry));
            }
            lines.add("%d of %d".formatted(pages.entries().size(), pages.count()));
            return String.join("\n", lines);
        }
    }

    private static final class Hash extends KvRequest {
        private final KvHash hash;

        Hash(long revision) {
            super("hash", null, null);
            hash = new KvHash(revision);
        }

        @Override
        public boolean isRead() {
            return true;
        }

        @Override
        public byte[] bytes() {
            return hash.next();
        }

        @Override
        public Outcome take(long slot, byte[] answer) {
            hash.take(answer);
            return hash.isDone() ? outcome(hash.result()) : null;
        }

        @Override
        public void answer(Json json) {
            json.put("hash", Long.toHexString(hash.hash()))
                    .put("compacted", hash.compacted())
                    .put("revision", hash.revision());
        }

        @Override
        public String text() {
            return "%016x at revision %d, compacted to %d"
                    .formatted(hash.hash(), hash.revision(), hash.compacted());
        }
    }

    private static final class Status extends KvRequest {
        Status() {
            super("status", null, KvCommands.status());
        }

        @Override
        public boolean isRead() {
            return true;
        }

        @Override
        public Outcome take(long slot, byte[] answer) {
            reply = KvReply.ofStatus(answer);
            return outcome(reply.result());
        }

        @Override
        public void answer(Json json) {
            KvReply.Status status = reply.status();
            json.put("keys", status.keys())
                    .put("bytes", status.bytes())
                    .put("quota", status.quotaBytes())
                    .put("alarm", status.isAlarmed())
                    .put("compacted", status.compacted())
                    .put("retained", status.retained())
                    .put("revision", reply.revision());
        }

        @Override
        public String text() {
            KvReply.Status status = reply.status();
            return "%d keys, %d of %d bytes%s, revision %d, compacted to %d, retains %s"
                    .formatted(
                            status.keys(),
                            status.bytes(),
                            status.quotaBytes(),
                            status.isAlarmed() ? ", no space: puts are refused" : "",
                            reply.revision(),
                            status.compacted(),
                            status.retained() == 0 ? "all" : status.retained() + " revisions");
        }
    }
}
