package io.paxoslog.kv;

import java.util.Arrays;

/**
 * The keys in the order of their bytes, unsigned: a B-tree of their numbers, and beside it a {@link
 * KeyIndex} for those who look for one. What is found is compared in the cells.
 */
final class KeyTree {
    private static final int MOST = 64;
    private static final int FEW = MOST / 4;

    /** A tree of few keys takes little. */
    private static final int FEWEST = 4;

    /** A root grows by this, until it has as many places as all others. */
    private static final int GROWTH = 4;

    private static final int MOST_JOINED = 3 * MOST / 4;

    private static final class Node {
        /** In a leaf the keys, above the first key of each child. */
        int[] keys;

        final Node[] children;
        int count;
        Node before;
        Node after;

        Node(boolean isLeaf, int places) {
            keys = new int[places];
            children = isLeaf ? null : new Node[MOST];
        }

        boolean isLeaf() {
            return children == null;
        }

        void insert(int at, int key, Node child) {
            if (count == keys.length) {
                keys = Arrays.copyOf(keys, GROWTH * keys.length);
            }
            System.arraycopy(keys, at, keys, at + 1, count - at);
            keys[at] = key;
            if (!isLeaf()) {
                System.arraycopy(children, at, children, at + 1, count - at);
                children[at] = child;
            }
            count++;
        }

        void remove(int at) {
            count--;
            System.arraycopy(keys, at + 1, keys, at, count - at);
            if (!isLeaf()) {
                System.arraycopy(children, at + 1, children, at, count - at);
                children[count] = null;
            }
        }

        /** Gives all from a place on to a new node behind this one. */
        Node split(int from) {
            Node right = new Node(isLeaf(), MOST);
            right.take(this, from);
            count = from;
            if (!isLeaf()) {
                Arrays.fill(children, from, MOST, null);
            }
            right.before = this;
            right.after = after;
            if (after != null) {
                after.before = right;
            }
            after = right;
            return right;
        }

        private void take(Node other, int from) {
            int taken = other.count - from;
            System.arraycopy(other.keys, from, keys, count, taken);
            if (!isLeaf()) {
                System.arraycopy(other.children, from, children, count, taken);
            }
            count += taken;
        }

        void unlink() {
            if (before != null) {
                before.after = after;
            }
            if (after != null) {
                after.before = before;
            }
        }
    }

    /** A place in the tree; goes on until the tree changes its keys. */
    static final class Cursor {
        private Node leaf;
        private int at;
        private int only;

        /** The key here; none behind the last one. */
        int key() {
            return leaf == null ? only : leaf.keys[at];
        }

        /** Behind everything. */
        void clear() {
            set(Cells.NONE);
        }

        /** At a key behind which there is nothing; or none. */
        private void set(int newOnly) {
            leaf = null;
            only = newOnly;
        }

        void advance() {
            only = Cells.NONE;
            at++;
            settle();
        }

        private void settle() {
            while (leaf != null && at >= leaf.count) {
                leaf = leaf.after;
                at = 0;
            }
        }
    }

    private final Keys keys;
    private final KeyIndex index;
    private Node root = new Node(true, FEWEST);

    KeyTree(Keys keys) {
        this.keys = keys;
        index = new KeyIndex(keys);
    }

    /** None where it is not. */
    int find(Slice key) {
        int found = index.find(key);
        return found == KeyIndex.UNKNOWN ? walkTo(key) : found;
    }

    private int walkTo(Slice key) {
        Node leaf = leafOf(key);
        int at = placeIn(leaf, key);
        return at < leaf.count && keys.compare(leaf.keys[at], key) == 0
                ? leaf.keys[at]
                : Cells.NONE;
    }

    /**
     * Sets a cursor to the first key that is not below one.
     *
     * @param end empty: no key but that one is asked for
     */
    void seek(Cursor cursor, Slice from, Slice end) {
        if (end.isEmpty()) {
            cursor.set(find(from));
        } else {
            seek(cursor, from);
        }
    }

    /** Sets a cursor to the first key that is not below one. */
    void seek(Cursor cursor, Slice from) {
        cursor.only = Cells.NONE;
        cursor.leaf = leafOf(from);
        cursor.at = placeIn(cursor.leaf, from);
        cursor.settle();
    }

    private Node leafOf(Slice key) {
        Node node = root;
        while (!node.isLeaf()) {
            node = node.children[childOf(node, key)];
        }
        return node;
    }

    /** The last child that begins at or below a key; the first one when none does. */
    private int childOf(Node node, Slice key) {
        int low = 1;
        int high = node.count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys.compare(node.keys[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private int placeIn(Node leaf, Slice key) {
        int low = 0;
        int high = leaf.count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys.compare(leaf.keys[middle], key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds a key that is not in it. */
    void insert(int key, Slice bytes) {
        index.add(key, bytes);
        Node right = insert(root, key, bytes);
        if (right != null) {
            Node top = new Node(false, MOST);
            top.insert(0, root.keys[0], root);
            top.insert(1, right.keys[0], right);
            root = top;
        }
    }

    /** Returns what was split off, if anything. */
    private Node insert(Node node, int key, Slice bytes) {
        if (node.isLeaf()) {
            return insertInto(node, placeIn(node, bytes), key, null);
        }
        int at = childOf(node, bytes);
        Node child = node.children[at];
        Node right = insert(child, key, bytes);
        node.keys[at] = child.keys[0];
        return right == null ? null : insertInto(node, at + 1, right.keys[0], right);
    }

    private static Node insertInto(Node node, int at, int key, Node child) {
        if (node.count < MOST) {
            node.insert(at, key, child);
            return null;
        }
        // Keys that come in order leave full nodes behind, not half full ones.
        int kept = at == MOST ? MOST : MOST / 2;
        Node right = node.split(kept);
        if (at <= kept && kept < MOST) {
            node.insert(at, key, child);
        } else {
            right.insert(at - kept, key, child);
        }
        return right;
    }

    /** Takes out a key that is in it. */
    void remove(Slice bytes) {
        index.remove(bytes);
        remove(root, bytes);
        while (!root.isLeaf() && root.count <= 1) {
            root = root.count == 0 ? new Node(true, FEWEST) : root.children[0];
        }
    }

    private void remove(Node node, Slice bytes) {
        if (node.isLeaf()) {
            node.remove(placeIn(node, bytes));
            return;
        }
        int at = childOf(node, bytes);
        Node child = node.children[at];
        remove(child, bytes);
        if (child.count == 0) {
            child.unlink();
            node.remove(at);
            return;
        }
        node.keys[at] = child.keys[0];
        if (child.count < FEW) {
            join(node, at + 1 < node.count ? at : at - 1);
        }
    }

    private static void join(Node node, int at) {
        if (at < 0 || node.children[at].count + node.children[at + 1].count > MOST_JOINED) {
            return;
        }
        Node right = node.children[at + 1];
        node.children[at].take(right, 0);
        right.unlink();
        node.remove(at + 1);
    }
}
