package io.paxoslog.kv;

import java.util.Arrays;

/**
 * Finds a key by its bytes in a look or two, where {@link KeyTree} would compare it with a score of
 * others. Tables of bounded size, of which a full one is split in two, and a directory of them by
 * the first bits of a hash: no addition moves more than one table (R. Fagin et al., Extendible
 * Hashing, 1979). A look has an end: of keys that somebody chose so that all meet in one place,
 * some are left to the tree.
 */
final class KeyIndex {
    private static final int FEWEST = 16;
    private static final int MOST = 1 << 10;

    /** Of the directory; the last bits of a hash say where in its table a key is. */
    private static final int MOST_BITS = 18;

    /** A key that is farther from where its hash wants it is not kept here. */
    private static final int MOST_PROBES = 64;

    /** What {@link #find} answers where only the tree can tell. */
    static final int UNKNOWN = -1;

    private static final int NOWHERE = -1;
    private static final int TAG_BITS = 32;
    private static final long TAG = 0xFFFF_FFFFL;

    private static final class Table {
        /** Hash and number of a key; nothing where there is none. */
        long[] places;

        final int bits;
        int count;

        /** Whether some key that belongs here was left to the tree, ever. */
        boolean isLacking;

        /**
         * @param bits how many of the first ones of a hash all keys here share
         */
        Table(int bits, int places) {
            this.bits = bits;
            this.places = new long[places];
        }

        boolean isFull() {
            return 8 * (count + 1) > 5 * places.length;
        }

        void add(long place) {
            int at = home(place);
            for (int probe = 0; probe < MOST_PROBES; probe++) {
                if (places[at] == 0) {
                    places[at] = place;
                    count++;
                    return;
                }
                at = after(at);
            }
            isLacking = true;
        }

        int home(long place) {
            return (int) (place >>> TAG_BITS) & (places.length - 1);
        }

        int after(int at) {
            return (at + 1) & (places.length - 1);
        }

        void grow() {
            long[] old = places;
            places = new long[2 * old.length];
            count = 0;
            for (long place : old) {
                if (place != 0) {
                    add(place);
                }
            }
        }

        /** Those behind it that a gap would hide move up. */
        void removeAt(int gone) {
            int gap = gone;
            for (int at = after(gap); places[at] != 0; at = after(at)) {
                int distance = (at - home(places[at])) & (places.length - 1);
                if (distance >= ((at - gap) & (places.length - 1))) {
                    places[gap] = places[at];
                    gap = at;
                }
            }
            places[gap] = 0;
            count--;
        }
    }

    private final Keys keys;
    private Table[] directory = {new Table(0, FEWEST)};
    private int bits;

    KeyIndex(Keys keys) {
        this.keys = keys;
    }

    private static long tagOf(Slice bytes) {
        return ByteHash.of(0, bytes) >>> TAG_BITS;
    }

    private Table tableOf(long tag) {
        return directory[(int) (tag >>> (TAG_BITS - bits))];
    }

    /** None where it is not; {@link #UNKNOWN} where that cannot be told here. */
    int find(Slice bytes) {
        long tag = tagOf(bytes);
        Table table = tableOf(tag);
        int at = placeOf(table, tag, bytes);
        if (at == NOWHERE) {
            return table.isLacking ? UNKNOWN : Cells.NONE;
        }
        return (int) (table.places[at] & TAG);
    }

    private int placeOf(Table table, long tag, Slice bytes) {
        int at = table.home(tag << TAG_BITS);
        for (int probe = 0; probe < MOST_PROBES; probe++) {
            long place = table.places[at];
            if (place == 0) {
                return NOWHERE;
            }
            if (place >>> TAG_BITS == tag && keys.compare((int) (place & TAG), bytes) == 0) {
                return at;
            }
            at = table.after(at);
        }
        return NOWHERE;
    }

    /** Adds a key that is not there yet. */
    void add(int key, Slice bytes) {
        long tag = tagOf(bytes);
        while (tableOf(tag).isFull()) {
            makeRoom(tag);
        }
        tableOf(tag).add(tag << TAG_BITS | key);
    }

    private void makeRoom(long tag) {
        Table table = tableOf(tag);
        if (table.places.length < MOST || table.bits == MOST_BITS) {
            table.grow();
            return;
        }
        if (table.bits == bits) {
            Table[] wider = new Table[2 * directory.length];
            for (int i = 0; i < wider.length; i++) {
                wider[i] = directory[i / 2];
            }
            directory = wider;
            bits++;
        }
        split(table, tag);
    }

    private void split(Table table, long tag) {
        Table low = new Table(table.bits + 1, MOST);
        Table high = new Table(table.bits + 1, MOST);
        low.isLacking = table.isLacking;
        high.isLacking = table.isLacking;
        int bit = 2 * TAG_BITS - 1 - table.bits;
        for (long place : table.places) {
            if (place != 0) {
                ((place >>> bit & 1) == 0 ? low : high).add(place);
            }
        }
        int span = 1 << (bits - table.bits);
        int from = (int) (tag >>> (TAG_BITS - bits)) & -span;
        Arrays.fill(directory, from, from + span / 2, low);
        Arrays.fill(directory, from + span / 2, from + span, high);
    }

    /** Takes out a key that was added. */
    void remove(Slice bytes) {
        long tag = tagOf(bytes);
        Table table = tableOf(tag);
        int at = placeOf(table, tag, bytes);
        if (at != NOWHERE) {
            table.removeAt(at);
        }
    }
}
