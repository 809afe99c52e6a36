package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The map that comes with PaxosLog. */
class MapStateMachineTest {
    private static final int REPLY_BYTES = 160 * 1024;

    private final MapStateMachine map = new MapStateMachine();
    private final Entry entry = new Entry();
    private final Reply reply = new Reply(REPLY_BYTES);
    private final Query query = new Query();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String apply(byte[] command) {
        return apply(map, command);
    }

    private String apply(MapStateMachine to, byte[] command) {
        reply.clear();
        entry.bytes(new UnsafeBuffer(command), 0, command.length);
        to.apply(entry, reply);
        return said();
    }

    private String ask(byte[] asked) {
        reply.clear();
        map.query(query.bytes(new UnsafeBuffer(asked), 0, asked.length), reply);
        return said();
    }

    private String said() {
        String text = reply.buffer().getStringWithoutLengthUtf8(1, reply.length() - 1);
        return reply.buffer().getByte(0) + text;
    }

    private String put(String key, String value) {
        return apply(MapFormat.put(bytes(key), bytes(value)));
    }

    private String swap(String key, String expected, String value) {
        byte[] old = expected == null ? null : bytes(expected);
        return apply(MapFormat.swap(bytes(key), old, bytes(value)));
    }

    private String get(String key) {
        String asCommand = apply(MapFormat.get(bytes(key)));
        assertThat(ask(MapFormat.get(bytes(key)))).isEqualTo(asCommand);
        return asCommand;
    }

    @Test
    void putsSwapsAndTakesAway() {
        assertThat(get("k")).isEqualTo("1");
        assertThat(put("k", "a")).isEqualTo("0");
        assertThat(get("k")).isEqualTo("0a");
        assertThat(swap("k", "b", "c")).isEqualTo("2");
        assertThat(swap("k", "a", "c")).isEqualTo("0");
        assertThat(swap("k", null, "d")).isEqualTo("2");
        assertThat(get("k")).isEqualTo("0c");
        assertThat(apply(MapFormat.delete(bytes("k")))).isEqualTo("0");
        assertThat(get("k")).isEqualTo("1");
        assertThat(swap("k", null, "")).isEqualTo("0");
        assertThat(get("k")).isEqualTo("0");
    }

    @Test
    void aQueryChangesNothing() {
        put("k", "a");
        long before = map.stateHash();
        assertThat(ask(MapFormat.put(bytes("k"), bytes("b")))).isEqualTo("3");
        assertThat(ask(MapFormat.delete(bytes("k")))).isEqualTo("3");
        assertThat(map.stateHash()).isEqualTo(before);
    }

    @Test
    void whatIsNoCommandHasNoEffect() {
        put("k", "a");
        long before = map.stateHash();
        byte[] right = MapFormat.swap(bytes("k"), bytes("a"), bytes("b"));
        for (int length = 0; length < right.length - 1; length++) {
            assertThat(apply(Arrays.copyOf(right, length))).isEqualTo("3");
        }
        assertThat(apply(MapFormat.put(new byte[0], bytes("b")))).isEqualTo("3");
        assertThat(apply(new byte[] {9, 1, 0, 'k'})).isEqualTo("3");
        assertThat(map.stateHash()).isEqualTo(before);
    }

    @Test
    void keysAndValuesAreBounded() {
        byte[] key = new byte[MapFormat.MOST_KEY_BYTES];
        byte[] value = new byte[MapFormat.MOST_VALUE_BYTES];
        assertThat(apply(MapFormat.put(key, value))).isEqualTo("0");
        assertThat(apply(MapFormat.put(new byte[key.length + 1], value))).isEqualTo("3");
        assertThat(apply(MapFormat.put(key, new byte[value.length + 1]))).isEqualTo("3");
        assertThat(apply(MapFormat.swap(key, new byte[value.length + 1], value))).isEqualTo("3");
        assertThat(apply(MapFormat.swap(key, value, new byte[value.length + 1]))).isEqualTo("3");
        assertThat(apply(MapFormat.swap(key, value, bytes("x")))).isEqualTo("0");
    }

    @Test
    void aFullMapTakesNoMoreAndGivesBackWhatIsTakenAway() {
        byte[] value = new byte[MapFormat.MOST_VALUE_BYTES];
        int bytesEach = MapStateMachine.ENTRY_BYTES + Integer.BYTES + value.length;
        long most = MapStateMachine.MOST_BYTES / bytesEach;
        for (int i = 0; i < most; i++) {
            assertThat(apply(MapFormat.put(key(i), value))).isEqualTo("0");
        }
        assertThat(apply(MapFormat.put(key(-1), value))).isEqualTo("4");
        assertThat(apply(MapFormat.swap(key(-1), null, value))).isEqualTo("4");
        assertThat(apply(MapFormat.put(key(0), value))).isEqualTo("0");
        assertThat(apply(MapFormat.delete(key(0)))).isEqualTo("0");
        assertThat(apply(MapFormat.put(key(-1), value))).isEqualTo("0");
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 24), (byte) (i >> 16), (byte) (i >> 8), (byte) i};
    }

    /** The log may let replies be shorter than a value that was put before. */
    @Test
    void aValueThatFitsNoReplyIsNotAnsweredWith() {
        put("k", "abc");
        Reply small = new Reply(3);
        byte[] get = MapFormat.get(bytes("k"));
        entry.bytes(new UnsafeBuffer(get), 0, get.length);
        map.apply(entry, small);
        assertThat(small.buffer().getByte(0)).isEqualTo(MapFormat.TOO_LARGE);
        Reply none = new Reply(0);
        map.apply(entry, none);
        assertThat(none.length()).isZero();
    }

    private static byte[] written(StateView view) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        view.writeTo(out);
        return out.toByteArray();
    }

    @Test
    void aViewStaysAsItIsAndRestoresTheSame() throws IOException {
        put("b", "2");
        put("a", "1");
        long hash = map.stateHash();
        StateView view = map.view();
        put("a", "3");
        apply(MapFormat.delete(bytes("b")));
        put("c", "4");

        assertThat(view.isFrozen()).isTrue();
        MapStateMachine restored = new MapStateMachine();
        apply(restored, MapFormat.put(bytes("z"), bytes("9")));
        restored.restore(new ByteArrayInputStream(written(view)));
        assertThat(restored.stateHash()).isEqualTo(hash);
        assertThat(apply(restored, MapFormat.get(bytes("a")))).isEqualTo("01");
        assertThat(apply(restored, MapFormat.get(bytes("z")))).isEqualTo("1");
        assertThat(written(restored.view())).isEqualTo(written(view));
    }

    @Test
    void whatIsNoStateIsNotRestored() throws IOException {
        put("a", "1");
        byte[] right = written(map.view());
        byte[] foreign = right.clone();
        foreign[0]++;
        byte[] longer = right.clone();
        longer[8] = 1;
        for (byte[] wrong : List.of(foreign, longer, Arrays.copyOf(right, right.length - 1))) {
            assertThatThrownBy(() -> new MapStateMachine().restore(new ByteArrayInputStream(wrong)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void statesThatAreEqualHashAndWriteAlikeInWhateverOrderTheyCame() throws IOException {
        Random random = new Random(4);
        for (int round = 0; round < 20; round++) {
            TreeMap<String, String> model = new TreeMap<>();
            MapStateMachine one = new MapStateMachine();
            for (int i = 0; i < 2_000; i++) {
                String key = "k" + random.nextInt(300);
                if (random.nextInt(3) == 0) {
                    model.remove(key);
                    apply(one, MapFormat.delete(bytes(key)));
                } else {
                    model.put(key, "v" + i);
                    apply(one, MapFormat.put(bytes(key), bytes("v" + i)));
                }
            }
            List<Map.Entry<String, String>> entries = new ArrayList<>(model.entrySet());
            Collections.shuffle(entries, random);
            MapStateMachine other = new MapStateMachine();
            entries.forEach(
                    e -> apply(other, MapFormat.put(bytes(e.getKey()), bytes(e.getValue()))));
            assertThat(other.stateHash()).isEqualTo(one.stateHash());
            assertThat(written(other.view())).isEqualTo(written(one.view()));
            model.forEach(
                    (key, value) ->
                            assertThat(apply(one, MapFormat.get(bytes(key))))
                                    .isEqualTo("0" + value));
        }
    }

    /** Whoever chooses keys must not be able to make it deep. */
    @Test
    void aTreeStaysFlatWhateverKeysCome() {
        SharedTree<byte[], byte[]> rising = SharedTree.empty(Arrays::compareUnsigned);
        SharedTree<byte[], byte[]> falling = rising;
        for (int i = 0; i < 10_000; i++) {
            rising = rising.with(key(i), new byte[0]);
            falling = falling.with(key(10_000 - i), new byte[0]);
        }
        for (int i = 0; i < 10_000; i += 2) {
            rising = rising.without(key(i));
        }
        assertThat(rising.size()).isEqualTo(5_000);
        assertThat(rising.height()).isLessThanOrEqualTo(18);
        assertThat(falling.height()).isLessThanOrEqualTo(19);
    }

    @Test
    void aVersionOfATreeKnowsNothingOfLaterOnes() {
        SharedTree<byte[], byte[]> empty = SharedTree.empty(Arrays::compareUnsigned);
        SharedTree<byte[], byte[]> before = empty.with(key(1), bytes("a")).with(key(2), bytes("b"));
        before.with(key(1), bytes("c")).with(key(3), bytes("d")).without(key(2));
        assertThat(before.get(key(1))).isEqualTo(bytes("a"));
        assertThat(before.get(key(2))).isEqualTo(bytes("b"));
        assertThat(before.get(key(3))).isNull();
    }
}
