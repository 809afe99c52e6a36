package io.paxoslog.kv;

/** Checks and does transactions: all of it, or nothing. */
final class Transactions {
    private static final int HEADER_BYTES = Byte.BYTES + Short.BYTES;
    private static final int PUT_BYTES = Byte.BYTES;

    /** One transaction as it is read; those within have others. */
    private static final class Level {
        final KvInput in = new KvInput();
        final KvInput operation = new KvInput();
        final Slice body = new Slice();
        final Slice[] operations = new Slice[2 * KvFormat.MOST_OPS];
        int compares;
        int then;
        int otherwise;

        Level() {
            for (int i = 0; i < operations.length; i++) {
                operations[i] = new Slice();
            }
        }

        boolean open(Slice bytes) {
            body.set(bytes);
            in.wrap(body);
            compares = in.u16();
            then = in.u16();
            otherwise = in.u16();
            return most() <= KvFormat.MOST_OPS;
        }

        int most() {
            return Math.max(compares, Math.max(then, otherwise));
        }

        /** To be called once the conditions were read. */
        void readOperations() {
            for (int i = 0; i < then + otherwise; i++) {
                in.slice(operations[i]);
            }
        }

        int begin(boolean isThen) {
            return isThen ? 0 : then;
        }

        int end(boolean isThen) {
            return isThen ? then : then + otherwise;
        }

        int kind(int at) {
            return operation.wrap(operations[at]).u8();
        }

        Slice inner(int at, Slice to) {
            Slice whole = operations[at];
            return to.set(whole.buffer, whole.offset + 1, whole.length - 1);
        }
    }

    private final Operations operations;
    private final KvOutput out;
    private final Level[] levels = new Level[KvFormat.DEEPEST];
    private final Slice inner = new Slice();
    private final KvPut put = new KvPut();
    private final KvDelete delete = new KvDelete();
    private final KvRange range = new KvRange();
    private final KvCompare compare = new KvCompare();
    private final Intervals puts = new Intervals();
    private final Intervals deletes = new Intervals();
    private final boolean[] path = new boolean[KvFormat.MOST_OPS_IN_ALL + 1];
    private int pathLength;
    private int pathAt;
    private int seen;
    private boolean hasPuts;
    private boolean hasDeletes;
    private long addedBytes;
    private int reserved;
    private int replyBytes;

    Transactions(Operations operations, KvOutput out) {
        this.operations = operations;
        this.out = out;
    }

    /** Whether one that was {@linkplain #check checked} could change something. */
    boolean isChanging() {
        return hasPuts || hasDeletes;
    }

    /** Whether one that was {@linkplain #check checked} could put something. */
    boolean isPutting() {
        return hasPuts;
    }

    /** Whether it is right in itself. */
    KvResult check(Slice body) {
        seen = 0;
        hasPuts = false;
        hasDeletes = false;
        KvResult result = check(body, 0, KvFormat.MOST_OPS);
        if (result != KvResult.DONE || !hasPuts) {
            return result;
        }
        puts.clear();
        deletes.clear();
        Level level = reopen(body, 0);
        boolean isTwice = changesTwice(level, true, 0) || changesTwice(level, false, 0);
        return isTwice ? KvResult.DUPLICATE_KEY : KvResult.DONE;
    }

    /** What one level uses up, those within cannot have. */
    private KvResult check(Slice body, int depth, int mostOps) {
        if (depth == KvFormat.DEEPEST) {
            return KvResult.TOO_MANY_OPS;
        }
        Level level = levelAt(depth);
        if (!level.open(body) || level.most() > mostOps) {
            return KvResult.TOO_MANY_OPS;
        }
        for (int i = 0; i < level.compares; i++) {
            compare.read(level.in);
            if (level.in.isBad()) {
                return KvResult.MALFORMED;
            }
            if (compare.key.isEmpty()) {
                return KvResult.EMPTY_KEY;
            }
        }
        level.readOperations();
        if (!level.in.isDone()) {
            return KvResult.MALFORMED;
        }
        seen += level.then + level.otherwise;
        if (seen > KvFormat.MOST_OPS_IN_ALL) {
            return KvResult.TOO_MANY_OPS;
        }
        for (int i = 0; i < level.then + level.otherwise; i++) {
            KvResult result = check(level, i, depth, mostOps);
            if (result != KvResult.DONE) {
                return result;
            }
        }
        return KvResult.DONE;
    }

    private KvResult check(Level level, int at, int depth, int mostOps) {
        KvInput in = level.operation;
        KvResult result;
        switch (level.kind(at)) {
            case KvFormat.PUT -> {
                hasPuts = true;
                put.read(in);
                result = Operations.check(put);
            }
            case KvFormat.DELETE -> {
                hasDeletes = true;
                delete.read(in);
                result = Operations.check(delete.key);
            }
            case KvFormat.RANGE -> {
                range.read(in);
                result = Operations.check(range.key);
            }
            case KvFormat.TXN -> {
                return check(level.inner(at, inner), depth + 1, mostOps - level.most());
            }
            default -> result = KvResult.MALFORMED;
        }
        return in.isDone() ? result : KvResult.MALFORMED;
    }

    private Level levelAt(int depth) {
        if (levels[depth] == null) {
            levels[depth] = new Level();
        }
        return levels[depth];
    }

    /** Reads one again that was checked. */
    private Level reopen(Slice body, int depth) {
        Level level = levelAt(depth);
        level.open(body);
        for (int i = 0; i < level.compares; i++) {
            compare.read(level.in);
        }
        level.readOperations();
        return level;
    }

    /**
     * Whether one branch changes a key twice. Its deletes, and those of transactions within that
     * come first, must not meet its puts; what only one of two branches within does, the other may
     * do, too.
     */
    private boolean changesTwice(Level level, boolean isThen, int depth) {
        int firstPut = puts.size();
        int firstDelete = deletes.size();
        for (int i = level.begin(isThen); i < level.end(isThen); i++) {
            if (level.kind(i) == KvFormat.DELETE) {
                delete.read(level.operation);
                deletes.add(delete.key, delete.end);
            }
        }
        for (int i = level.begin(isThen); i < level.end(isThen); i++) {
            if (level.kind(i) == KvFormat.TXN
                    && innerChangesTwice(level, i, depth, firstPut, firstDelete)) {
                return true;
            }
        }
        for (int i = level.begin(isThen); i < level.end(isThen); i++) {
            if (level.kind(i) == KvFormat.PUT) {
                put.read(level.operation);
                if (isTaken(put.key, firstPut, puts.size(), firstDelete, deletes.size())) {
                    return true;
                }
                puts.add(put.key, Intervals.ONE_KEY);
            }
        }
        return false;
    }

    private boolean innerChangesTwice(
            Level level, int at, int depth, int firstPut, int firstDelete) {
        int putsBefore = puts.size();
        int deletesBefore = deletes.size();
        Level within = reopen(level.inner(at, inner), depth + 1);
        if (changesTwice(within, true, depth + 1) || changesTwice(within, false, depth + 1)) {
            return true;
        }
        for (int i = putsBefore; i < puts.size(); i++) {
            if (isTaken(puts.key(i), firstPut, putsBefore, firstDelete, deletesBefore)) {
                return true;
            }
        }
        return false;
    }

    private boolean isTaken(Slice key, int firstPut, int endPut, int firstDelete, int endDelete) {
        return puts.hold(key, firstPut, endPut) || deletes.hold(key, firstDelete, endDelete);
    }

    /**
     * Decides which branches are taken, and whether what they do is admitted.
     *
     * @param body was checked
     */
    KvResult decide(Slice body, int mostReplyBytes) {
        pathLength = 0;
        operations.beginTransaction();
        choose(body, 0);
        if (operations.isTooMuchCompared()) {
            return KvResult.TOO_MANY_KEYS;
        }
        pathAt = 0;
        addedBytes = 0;
        replyBytes = mostReplyBytes;
        reserved = 0;
        KvResult result = admit(body, 0);
        boolean isTooLarge = KvFormat.REPLY_HEADER_BYTES + reserved > mostReplyBytes;
        return result == KvResult.DONE && isTooLarge ? KvResult.TOO_LARGE : result;
    }

    /** What a transaction that was decided adds to what counts. */
    long addedBytes() {
        return addedBytes;
    }

    private void choose(Slice body, int depth) {
        Level level = levelAt(depth);
        level.open(body);
        boolean isThen = true;
        for (int i = 0; i < level.compares; i++) {
            compare.read(level.in);
            isThen = isThen && operations.holds(compare);
        }
        level.readOperations();
        path[pathLength++] = isThen;
        for (int i = level.begin(isThen); i < level.end(isThen); i++) {
            if (level.kind(i) == KvFormat.TXN) {
                choose(level.inner(i, inner), depth + 1);
            }
        }
    }

    private KvResult admit(Slice body, int depth) {
        Level level = reopen(body, depth);
        boolean isThen = path[pathAt++];
        reserved += HEADER_BYTES;
        for (int i = level.begin(isThen); i < level.end(isThen); i++) {
            reserved += Byte.BYTES;
            KvResult result = admit(level, i, depth);
            if (result != KvResult.DONE) {
                return result;
            }
        }
        return KvResult.DONE;
    }

    private KvResult admit(Level level, int at, int depth) {
        switch (level.kind(at)) {
            case KvFormat.PUT -> {
                put.read(level.operation);
                reserved += PUT_BYTES;
                KvResult result = operations.admit(put, replyBytes);
                addedBytes += result == KvResult.DONE ? operations.bytesOf(put) : 0;
                return result;
            }
            case KvFormat.RANGE -> {
                range.read(level.operation);
                reserved += KvFormat.RANGE_BYTES;
                return operations.ranges().check(range.revision);
            }
            case KvFormat.TXN -> {
                return admit(level.inner(at, inner), depth + 1);
            }
            default -> {
                reserved += KvFormat.DELETE_BYTES;
                return KvResult.DONE;
            }
        }
    }

    /**
     * Does what was decided, and writes what it answers.
     *
     * @param body was decided on, without anything done since
     */
    void run(Slice body) {
        pathAt = 0;
        run(body, 0);
    }

    private void run(Slice body, int depth) {
        Level level = reopen(body, depth);
        boolean isThen = path[pathAt++];
        int begin = level.begin(isThen);
        int end = level.end(isThen);
        reserved -= HEADER_BYTES;
        out.u8(isThen ? 1 : 0).u16(end - begin);
        for (int i = begin; i < end; i++) {
            int kind = level.kind(i);
            reserved -= Byte.BYTES;
            out.u8(kind);
            run(level, i, kind, depth);
        }
    }

    /** What comes behind has its room, whatever values take here. */
    private void run(Level level, int at, int kind, int depth) {
        switch (kind) {
            case KvFormat.PUT -> {
                put.read(level.operation);
                reserved -= PUT_BYTES;
                operations.put(put, replyBytes - reserved);
            }
            case KvFormat.RANGE -> {
                range.read(level.operation);
                reserved -= KvFormat.RANGE_BYTES;
                operations.ranges().writeWithin(range, replyBytes - reserved - Integer.BYTES);
            }
            case KvFormat.TXN -> run(level.inner(at, inner), depth + 1);
            default -> {
                delete.read(level.operation);
                reserved -= KvFormat.DELETE_BYTES;
                operations.delete(delete, replyBytes - reserved);
            }
        }
    }
}
