package io.paxoslog.service;

import java.io.IOException;
import java.util.Comparator;

/**
 * A sorted map that never changes: with another key it is another one, which shares with this one
 * all but the way to that key. Balanced, whatever keys come in whatever order (Adelson-Velsky and
 * Landis).
 *
 * @param <K> its keys; not to be changed, like its values
 * @param <V> its values; none is null
 */
final class SharedTree<K, V> {
    /** Hears keys and values in order. */
    @FunctionalInterface
    interface Visitor<K, V> {
        void visit(K key, V value) throws IOException;
    }

    private static final class Node<K, V> {
        final K key;
        final V value;
        final Node<K, V> left;
        final Node<K, V> right;
        final int height;
        final int size;

        Node(K key, V value, Node<K, V> left, Node<K, V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            height = 1 + Math.max(heightOf(left), heightOf(right));
            size = 1 + sizeOf(left) + sizeOf(right);
        }

        Node<K, V> with(Node<K, V> newLeft, Node<K, V> newRight) {
            return new Node<>(key, value, newLeft, newRight);
        }
    }

    private final Comparator<? super K> order;
    private final Node<K, V> root;

    private SharedTree(Comparator<? super K> order, Node<K, V> root) {
        this.order = order;
        this.root = root;
    }

    /** One without keys. */
    static <K, V> SharedTree<K, V> empty(Comparator<? super K> order) {
        return new SharedTree<>(order, null);
    }

    private static int heightOf(Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static int sizeOf(Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    int size() {
        return sizeOf(root);
    }

    /** The longest way to a key. */
    int height() {
        return heightOf(root);
    }

    /** The value of a key; null when there is none. */
    V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int side = order.compare(key, node.key);
            if (side == 0) {
                return node.value;
            }
            node = side < 0 ? node.left : node.right;
        }
        return null;
    }

    /** The lowest key; null when there is none. */
    K first() {
        return root == null ? null : lowest(root).key;
    }

    /** The lowest key above one; null when there is none. */
    K next(K key) {
        K above = null;
        Node<K, V> node = root;
        while (node != null) {
            boolean isAbove = order.compare(node.key, key) > 0;
            above = isAbove ? node.key : above;
            node = isAbove ? node.left : node.right;
        }
        return above;
    }

    /** The same with a value for a key. */
    SharedTree<K, V> with(K key, V value) {
        return new SharedTree<>(order, put(root, key, value));
    }

    private Node<K, V> put(Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int side = order.compare(key, node.key);
        if (side == 0) {
            return new Node<>(node.key, value, node.left, node.right);
        }
        return side < 0
                ? balance(node.with(put(node.left, key, value), node.right))
                : balance(node.with(node.left, put(node.right, key, value)));
    }

    /** The same without a key. */
    SharedTree<K, V> without(K key) {
        return get(key) == null ? this : new SharedTree<>(order, remove(root, key));
    }

    private Node<K, V> remove(Node<K, V> node, K key) {
        int side = order.compare(key, node.key);
        if (side < 0) {
            return balance(node.with(remove(node.left, key), node.right));
        }
        if (side > 0) {
            return balance(node.with(node.left, remove(node.right, key)));
        }
        if (node.left == null || node.right == null) {
            return node.left == null ? node.right : node.left;
        }
        Node<K, V> next = lowest(node.right);
        return balance(new Node<>(next.key, next.value, node.left, removeLowest(node.right)));
    }

    private static <K, V> Node<K, V> lowest(Node<K, V> node) {
        Node<K, V> lowest = node;
        while (lowest.left != null) {
            lowest = lowest.left;
        }
        return lowest;
    }

    private static <K, V> Node<K, V> removeLowest(Node<K, V> node) {
        return node.left == null
                ? node.right
                : balance(node.with(removeLowest(node.left), node.right));
    }

    /** Of two sides whose heights differ by two at most, of which each is balanced. */
    private static <K, V> Node<K, V> balance(Node<K, V> node) {
        int leaning = heightOf(node.left) - heightOf(node.right);
        if (leaning > 1) {
            Node<K, V> left = node.left;
            boolean isBent = heightOf(left.left) < heightOf(left.right);
            return turnRight(isBent ? node.with(turnLeft(left), node.right) : node);
        }
        if (leaning < -1) {
            Node<K, V> right = node.right;
            boolean isBent = heightOf(right.right) < heightOf(right.left);
            return turnLeft(isBent ? node.with(node.left, turnRight(right)) : node);
        }
        return node;
    }

    private static <K, V> Node<K, V> turnRight(Node<K, V> node) {
        Node<K, V> left = node.left;
        return left.with(left.left, node.with(left.right, node.right));
    }

    private static <K, V> Node<K, V> turnLeft(Node<K, V> node) {
        Node<K, V> right = node.right;
        return right.with(node.with(node.left, right.left), right.right);
    }

    /** Shows all, in the order of the keys. */
    void forEach(Visitor<? super K, ? super V> visitor) throws IOException {
        visit(root, visitor);
    }

    private static <K, V> void visit(Node<K, V> node, Visitor<? super K, ? super V> visitor)
            throws IOException {
        if (node != null) {
            visit(node.left, visitor);
            visitor.visit(node.key, node.value);
            visit(node.right, visitor);
        }
    }
}
