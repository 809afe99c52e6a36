package io.paxoslog.kv;

/** A condition of a transaction: on a key, or on every key in a range. */
public final class KvCompare {
    /** How what is there has to stand to what is given. */
    public enum Relation {
        /** The same. */
        EQUAL(0),
        /** Another. */
        NOT_EQUAL(1),
        /** Higher. */
        GREATER(2),
        /** Lower. */
        LESS(3);

        private final int number;

        Relation(int number) {
            this.number = number;
        }
    }

    private enum Target {
        VERSION(0),
        CREATE_REVISION(1),
        MOD_REVISION(2),
        VALUE(3),
        LEASE(4);

        private final int number;

        Target(int number) {
            this.number = number;
        }
    }

    private static final Target[] TARGETS = Target.values();
    private static final Relation[] RELATIONS = Relation.values();

    final Slice key = new Slice();
    final Slice end = new Slice();
    private final Slice value = new Slice();
    private Target target = Target.VERSION;
    private Relation relation = Relation.EQUAL;
    private long number;

    KvCompare() {}

    private static KvCompare of(KeyRange keys, Target target, Relation relation, long number) {
        KvCompare compare = new KvCompare();
        compare.key.set(keys.key());
        compare.end.set(keys.end());
        compare.target = target;
        compare.relation = relation;
        compare.number = number;
        return compare;
    }

    /** How often the key was put since it was created; 0: it is not there. */
    public static KvCompare version(KeyRange keys, Relation relation, long version) {
        return of(keys, Target.VERSION, relation, version);
    }

    /** The revision that created the key; 0: it is not there. */
    public static KvCompare created(KeyRange keys, Relation relation, long revision) {
        return of(keys, Target.CREATE_REVISION, relation, revision);
    }

    /** The revision that put the value; 0: the key is not there. */
    public static KvCompare modified(KeyRange keys, Relation relation, long revision) {
        return of(keys, Target.MOD_REVISION, relation, revision);
    }

    /** The lease of the key; 0: it has none, or is not there. */
    public static KvCompare lease(KeyRange keys, Relation relation, long lease) {
        return of(keys, Target.LEASE, relation, lease);
    }

    /** The value of the key: never so, in whatever relation, where it is not there. */
    public static KvCompare value(KeyRange keys, Relation relation, byte[] value) {
        KvCompare compare = of(keys, Target.VALUE, relation, 0);
        compare.value.set(Slice.of(value));
        return compare;
    }

    /**
     * Whether it is so.
     *
     * @param change what a key holds; none: there is no key in the range
     */
    boolean holds(Changes changes, int change) {
        if (target == Target.VALUE) {
            return change != Cells.NONE && relates(compareValue(changes, change));
        }
        return relates(Long.compare(numberOf(changes, change), number));
    }

    private int compareValue(Changes changes, int change) {
        return changes.compareValue(change, value.buffer, value.offset, value.length);
    }

    private long numberOf(Changes changes, int change) {
        if (change == Cells.NONE) {
            return 0;
        }
        return switch (target) {
            case VERSION -> changes.version(change);
            case CREATE_REVISION -> changes.created(change);
            case MOD_REVISION -> changes.main(change);
            case LEASE -> changes.lease(change);
            case VALUE -> 0;
        };
    }

    private boolean relates(int comparison) {
        return switch (relation) {
            case EQUAL -> comparison == 0;
            case NOT_EQUAL -> comparison != 0;
            case GREATER -> comparison > 0;
            case LESS -> comparison < 0;
        };
    }

    void read(KvInput in) {
        target = TARGETS[in.choice(TARGETS.length)];
        relation = RELATIONS[in.choice(RELATIONS.length)];
        in.slice(key);
        in.slice(end);
        if (target == Target.VALUE) {
            in.slice(value);
        } else {
            number = in.i64();
        }
        if (key.length > KvFormat.MOST_KEY_BYTES) {
            in.refuse();
        }
    }

    void write(KvOutput out) {
        out.u8(target.number).u8(relation.number).slice(key).slice(end);
        if (target == Target.VALUE) {
            out.slice(value);
        } else {
            out.i64(number);
        }
    }
}
