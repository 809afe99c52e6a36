package io.paxoslog.kv;

import io.paxoslog.cli.ShellRequest;
import io.paxoslog.cli.ShellWords;
import java.util.List;

/** Reads one line of the shell, word by word: how many words a part has follows from its first. */
final class KvLine {
    private static final String LINES =
            "put, get, del, cas, txn, watch, lease, compact, hash, status, quota, retain,"
                    + " retain-time and disarm";
    private static final byte[] NOTHING = {};

    private final List<byte[]> words;
    private int at;

    KvLine(List<byte[]> words) {
        this.words = words;
    }

    /**
     * Reads all of it.
     *
     * @throws IllegalArgumentException saying in one line what is wrong with it
     */
    ShellRequest read() {
        String name = ShellWords.text(words.get(at++));
        ShellRequest request =
                switch (name) {
                    case "put" -> KvRequest.put(shown("KEY"), put());
                    case "get" -> KvRequest.get(shown("KEY"), range());
                    case "del" -> KvRequest.delete(shown("KEY"), delete());
                    case "cas" -> swap();
                    case "txn" -> KvRequest.transaction(transaction());
                    case "watch" -> watch();
                    case "lease" -> lease();
                    case "compact" -> KvRequest.compact(number("R"));
                    case "hash" -> KvRequest.hash(at < words.size() ? number("R") : 0);
                    case "status" -> KvRequest.status();
                    case "quota" -> KvRequest.bound(name, KvCommands.quota(number("BYTES")));
                    case "retain" -> KvRequest.bound(name, KvCommands.retain(number("REVISIONS")));
                    case "retain-time" ->
                            KvRequest.bound(name, KvCommands.retainSeconds(number("SECONDS")));
                    case "disarm" -> KvRequest.bound(name, KvCommands.disarm());
                    default ->
                            throw new IllegalArgumentException(
                                    "'%s' is none of %s"
                                            .formatted(ShellWords.shown(words.get(0)), LINES));
                };
        if (at < words.size()) {
            throw new IllegalArgumentException(
                    "'%s' is too much for %s".formatted(ShellWords.shown(words.get(at)), name));
        }
        return request;
    }

    private boolean take(String word) {
        boolean isNext = at < words.size() && ShellWords.text(words.get(at)).equals(word);
        at += isNext ? 1 : 0;
        return isNext;
    }

    private void require(String word) {
        if (!take(word)) {
            throw new IllegalArgumentException("%s is missing".formatted(word));
        }
    }

    private byte[] word(String what) {
        if (at == words.size()) {
            throw new IllegalArgumentException("%s is missing".formatted(what));
        }
        return words.get(at++);
    }

    /** The next word, which stays where it is. */
    private byte[] shown(String what) {
        byte[] next = word(what);
        at--;
        return next;
    }

    private byte[] key() {
        byte[] key = word("KEY");
        requireLength(key, 1);
        return key;
    }

    private static void requireLength(byte[] key, int least) {
        if (key.length < least || key.length > KvFormat.MOST_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key has 1 to %d bytes, not %d"
                            .formatted(KvFormat.MOST_KEY_BYTES, key.length));
        }
    }

    private long number(String what) {
        byte[] word = word(what);
        try {
            long number = Long.parseLong(ShellWords.text(word));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "%s: a number from 0 on, not '%s'".formatted(what, ShellWords.shown(word)));
    }

    private KvPut put() {
        byte[] key = key();
        boolean isKeepingValue = take("--ignore-value");
        KvPut put = KvPut.of(key, isKeepingValue ? NOTHING : word("VALUE"));
        if (isKeepingValue) {
            put.keepingValue();
        }
        while (true) {
            if (take("--prev-kv")) {
                put.withPrevious();
            } else if (take("--ignore-lease")) {
                put.keepingLease();
            } else if (take("--lease")) {
                put.withLease(number("--lease"));
            } else {
                return put;
            }
        }
    }

    private KeyRange keys() {
        byte[] key = word("KEY");
        requireLength(key, 0);
        if (take("--prefix")) {
            return KeyRange.startingWith(key);
        }
        if (take("--from-key")) {
            return key.length == 0 ? KeyRange.all() : KeyRange.from(key);
        }
        requireLength(key, 1);
        if (take("--to")) {
            return KeyRange.of(key, word("--to"));
        }
        return KeyRange.only(key);
    }

    private KvDelete delete() {
        KvDelete delete = KvDelete.of(keys());
        return take("--prev-kv") ? delete.withPrevious() : delete;
    }

    private KvRange range() {
        KvRange range = KvRange.of(keys());
        KvRange.Target target = KvRange.Target.KEY;
        KvRange.Order order = KvRange.Order.NONE;
        long[] bounds = new long[4];
        boolean isMore = true;
        while (isMore) {
            if (take("--rev")) {
                range.atRevision(number("--rev"));
            } else if (take("--limit")) {
                range.limit(number("--limit"));
            } else if (take("--keys-only")) {
                range.keysOnly();
            } else if (take("--count-only")) {
                range.countOnly();
            } else if (take("--sort-by")) {
                target = target();
            } else if (take("--order")) {
                order = order();
            } else {
                isMore = readBound(bounds);
            }
        }
        return range.sortedBy(target, order)
                .modifiedWithin(bounds[0], bounds[1])
                .createdWithin(bounds[2], bounds[3]);
    }

    private boolean readBound(long[] bounds) {
        String[] names = {"--min-mod", "--max-mod", "--min-create", "--max-create"};
        for (int i = 0; i < names.length; i++) {
            if (take(names[i])) {
                bounds[i] = number(names[i]);
                return true;
            }
        }
        return false;
    }

    private KvRange.Target target() {
        byte[] word = word("--sort-by");
        return switch (ShellWords.text(word)) {
            case "key" -> KvRange.Target.KEY;
            case "version" -> KvRange.Target.VERSION;
            case "create" -> KvRange.Target.CREATE_REVISION;
            case "mod" -> KvRange.Target.MOD_REVISION;
            case "value" -> KvRange.Target.VALUE;
            default ->
                    throw new IllegalArgumentException(
                            "--sort-by: key, version, create, mod or value, not '%s'"
                                    .formatted(ShellWords.shown(word)));
        };
    }

    private KvRange.Order order() {
        byte[] word = word("--order");
        return switch (ShellWords.text(word)) {
            case "ascend" -> KvRange.Order.ASCENDING;
            case "descend" -> KvRange.Order.DESCENDING;
            default ->
                    throw new IllegalArgumentException(
                            "--order: ascend or descend, not '%s'"
                                    .formatted(ShellWords.shown(word)));
        };
    }

    private ShellRequest watch() {
        byte[] key = shown("KEY");
        KvWatch watch = KvWatch.of(keys());
        long mostEvents = 0;
        while (true) {
            if (take("--rev")) {
                watch.from(number("--rev"));
            } else if (take("--prev-kv")) {
                watch.withPrevious();
            } else if (take("--no-put")) {
                watch.withoutPuts();
            } else if (take("--no-delete")) {
                watch.withoutDeletes();
            } else if (take("--events")) {
                mostEvents = number("--events");
            } else {
                return new KvWatchRequest(key, watch, mostEvents);
            }
        }
    }

    private ShellRequest lease() {
        byte[] word = word("grant, revoke, keep-alive, ttl or list");
        String what = ShellWords.text(word);
        return switch (what) {
            case "grant" -> grant();
            case "revoke" -> KvRequest.bound("lease revoke", KvCommands.revoke(number("ID")));
            case "keep-alive" ->
                    KvLeaseRequest.change("lease keep-alive", KvCommands.keepAlive(number("ID")));
            case "ttl" -> KvLeaseRequest.timeToLive(number("ID"), take("--keys"));
            case "list" -> KvLeaseRequest.list();
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is none of grant, revoke, keep-alive, ttl and list"
                                    .formatted(ShellWords.shown(word)));
        };
    }

    private ShellRequest grant() {
        long ttlSeconds = number("SECONDS");
        long id = take("--id") ? number("--id") : 0;
        return KvLeaseRequest.change("lease grant", KvCommands.grant(id, ttlSeconds));
    }

    private ShellRequest swap() {
        byte[] key = key();
        byte[] old = word("OLD");
        byte[] value = word("NEW");
        KvTxn swap =
                new KvTxn()
                        .when(KvCompare.value(KeyRange.only(key), KvCompare.Relation.EQUAL, old))
                        .then(KvPut.of(key, value));
        return KvRequest.swap(key, swap);
    }

    private KvTxn transaction() {
        KvTxn txn = new KvTxn();
        if (take("if")) {
            do {
                txn.when(compare());
            } while (take("and"));
        }
        if (take("then")) {
            do {
                txn.then(operation());
            } while (take(";"));
        }
        if (take("else")) {
            do {
                txn.otherwise(operation());
            } while (take(";"));
        }
        return txn;
    }

    private KvOperation operation() {
        byte[] word = word("an operation");
        return switch (ShellWords.text(word)) {
            case "put" -> put();
            case "get" -> range();
            case "del" -> delete();
            case "{" -> {
                KvTxn inner = transaction();
                require("}");
                yield inner;
            }
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is none of put, get, del and {"
                                    .formatted(ShellWords.shown(word)));
        };
    }

    private KvCompare compare() {
        byte[] word = word("a condition");
        String target = ShellWords.text(word);
        if (!List.of("value", "version", "create", "mod", "lease").contains(target)) {
            throw new IllegalArgumentException(
                    "'%s' is none of value, version, create, mod and lease"
                            .formatted(ShellWords.shown(word)));
        }
        KeyRange keys = keys();
        KvCompare.Relation relation = relation();
        return switch (target) {
            case "value" -> KvCompare.value(keys, relation, word("a value"));
            case "version" -> KvCompare.version(keys, relation, number(target));
            case "create" -> KvCompare.created(keys, relation, number(target));
            case "mod" -> KvCompare.modified(keys, relation, number(target));
            default -> KvCompare.lease(keys, relation, number(target));
        };
    }

    private KvCompare.Relation relation() {
        byte[] word = word("= != > or <");
        return switch (ShellWords.text(word)) {
            case "=" -> KvCompare.Relation.EQUAL;
            case "!=" -> KvCompare.Relation.NOT_EQUAL;
            case ">" -> KvCompare.Relation.GREATER;
            case "<" -> KvCompare.Relation.LESS;
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is none of = != > and <".formatted(ShellWords.shown(word)));
        };
    }
}
