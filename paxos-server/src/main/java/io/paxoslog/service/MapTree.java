package io.paxoslog.service;

import java.io.IOException;
import java.util.Arrays;

/**
 * A sorted map that never changes: with another key it is another one, which shares with this one
 * all but the way to that key. Balanced, whatever keys come in whatever order (Adelson-Velsky and
 * Landis). Keys in the order of their bytes, unsigned.
 */
final class MapTree {
    /** Hears keys and values in order. */
    @FunctionalInterface
    interface Visitor {
        void visit(byte[] key, byte[] value) throws IOException;
    }

    static final MapTree EMPTY = new MapTree(null);

    private static final class Node {
        final byte[] key;
        final byte[] value;
        final Node left;
        final Node right;
        final int height;
        final int size;

        Node(byte[] key, byte[] value, Node left, Node right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            height = 1 + Math.max(heightOf(left), heightOf(right));
            size = 1 + sizeOf(left) + sizeOf(right);
        }

        Node with(Node newLeft, Node newRight) {
            return new Node(key, value, newLeft, newRight);
        }
    }

    private final Node root;

    private MapTree(Node root) {
        this.root = root;
    }

    private static int heightOf(Node node) {
        return node == null ? 0 : node.height;
    }

    private static int sizeOf(Node node) {
        return node == null ? 0 : node.size;
    }

    int size() {
        return sizeOf(root);
    }

    /** The longest way to a key. */
    int height() {
        return heightOf(root);
    }

    /** The value of a key; null when there is none. Not to be changed. */
    byte[] get(byte[] key) {
        Node node = root;
        while (node != null) {
            int order = Arrays.compareUnsigned(key, node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** The same with a value for a key; neither is to be changed any more. */
    MapTree with(byte[] key, byte[] value) {
        return new MapTree(put(root, key, value));
    }

    private static Node put(Node node, byte[] key, byte[] value) {
        if (node == null) {
            return new Node(key, value, null, null);
        }
        int order = Arrays.compareUnsigned(key, node.key);
        if (order == 0) {
            return new Node(node.key, value, node.left, node.right);
        }
        return order < 0
                ? balance(node.with(put(node.left, key, value), node.right))
                : balance(node.with(node.left, put(node.right, key, value)));
    }

    /** The same without a key. */
    MapTree without(byte[] key) {
        return get(key) == null ? this : new MapTree(remove(root, key));
    }

    private static Node remove(Node node, byte[] key) {
        int order = Arrays.compareUnsigned(key, node.key);
        if (order < 0) {
            return balance(node.with(remove(node.left, key), node.right));
        }
        if (order > 0) {
            return balance(node.with(node.left, remove(node.right, key)));
        }
        if (node.left == null || node.right == null) {
            return node.left == null ? node.right : node.left;
        }
        Node next = lowest(node.right);
        return balance(new Node(next.key, next.value, node.left, removeLowest(node.right)));
    }

    private static Node lowest(Node node) {
        Node lowest = node;
        while (lowest.left != null) {
            lowest = lowest.left;
        }
        return lowest;
    }

    private static Node removeLowest(Node node) {
        return node.left == null
                ? node.right
                : balance(node.with(removeLowest(node.left), node.right));
    }

    /** Of two sides whose heights differ by two at most, of which each is balanced. */
    private static Node balance(Node node) {
        int leaning = heightOf(node.left) - heightOf(node.right);
        if (leaning > 1) {
            Node left = node.left;
            boolean isBent = heightOf(left.left) < heightOf(left.right);
            return turnRight(isBent ? node.with(turnLeft(left), node.right) : node);
        }
        if (leaning < -1) {
            Node right = node.right;
            boolean isBent = heightOf(right.right) < heightOf(right.left);
            return turnLeft(isBent ? node.with(node.left, turnRight(right)) : node);
        }
        return node;
    }

    private static Node turnRight(Node node) {
        Node left = node.left;
        return left.with(left.left, node.with(left.right, node.right));
    }

    private static Node turnLeft(Node node) {
        Node right = node.right;
        return right.with(node.with(node.left, right.left), right.right);
    }

    /** Shows all, in the order of the keys. */
    void forEach(Visitor visitor) throws IOException {
        visit(root, visitor);
    }

    private static void visit(Node node, Visitor visitor) throws IOException {
        if (node != null) {
            visit(node.left, visitor);
            visitor.visit(node.key, node.value);
            visit(node.right, visitor);
        }
    }
}
