package io.paxoslog.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final int ENTRIES = 3000;

    private final Table table = new Table(ENTRIES);

    private void put(Table target, long index, int value) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Table.ENTRY_BYTES]);
        entry.putInt(0, value);
        target.put(index, entry, 0, Table.ENTRY_BYTES);
    }

    private byte[] written(Table source) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Table.Image image = source.image();
        image.writeTo(out);
        image.close();
        return out.toByteArray();
    }

    @Test
    void anImageStaysWhileEntriesAreReplacedBeforeAndAfterTheyAreWritten() throws IOException {
        for (int i = 0; i < ENTRIES; i++) {
            put(table, i, i);
        }
        byte[] expected = written(table);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Table.Image image = table.image();
        put(table, 5, -1);
        put(table, 2500, -1);
        put(table, 2500, -2);
        image.writeTo(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("blocks are written whole");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        out.write(bytes, offset, length);
                        put(table, 7, -3);
                        put(table, 2600, -3);
                    }
                });
        image.close();
        assertThat(out.toByteArray()).isEqualTo(expected);
        Table next = new Table(ENTRIES);
        next.read(new DataInputStream(new ByteArrayInputStream(written(table))));
        assertThat(written(next)).isEqualTo(written(table)).isNotEqualTo(expected);
    }
}
