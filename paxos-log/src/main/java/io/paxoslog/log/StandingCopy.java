package io.paxoslog.log;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A second copy of what must never be forgotten: ballots, memberships, decisions and holds, as an
 * opening has them, beside the journal. Replaced whole before any of it is used; so where records
 * are lost it still says all that stood.
 */
final class StandingCopy {
    static final String FILE = "standing";
    static final String ASIDE = "standing.tmp";

    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private final Disk disk;
    private final Path directory;

    StandingCopy(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    static byte[] encode(
            Standing standing,
            long records,
            Identity identity,
            Durability durability,
            String bootId) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        MessageHeaderEncoder schema = new MessageHeaderEncoder();
        OpeningEncoder opening =
                identity.sign(
                        new OpeningEncoder()
                                .wrapAndApplyHeader(buffer, CHECKSUM_BYTES, schema)
                                .durability((short) durability.code()));
        schema.version(standing.format());
        int end = standing.encode(opening, records, bootId);
        int checksum =
                new Checksum().of(new UnsafeBuffer(buffer), CHECKSUM_BYTES, end - CHECKSUM_BYTES);
        buffer.putInt(0, checksum, ByteOrder.LITTLE_ENDIAN);
        return Arrays.copyOf(buffer.byteArray(), end);
    }

    /**
     * Puts it in the place of the one before, on stable storage. On a full disk there is none then:
     * an older one would prove too little.
     */
    void write(byte[] bytes) throws IOException {
        try {
            disk.write(directory.resolve(ASIDE), bytes);
            disk.rename(directory.resolve(ASIDE), directory.resolve(FILE));
        } catch (IOException e) {
            disk.delete(directory.resolve(ASIDE));
            disk.delete(directory.resolve(FILE));
        }
        disk.forceNames(directory);
    }

    /**
     * Null when there is none, or not as it was written, or of another directory.
     *
     * @throws JournalException when a newer program wrote it
     */
    OpeningDecoder read(Identity identity) {
        byte[] bytes;
        try {
            Path file = directory.resolve(FILE);
            bytes = disk.exists(file) ? disk.read(file) : new byte[0];
        } catch (IOException e) {
            return null;
        }
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int least =
                CHECKSUM_BYTES + MessageHeaderDecoder.ENCODED_LENGTH + OpeningDecoder.BLOCK_LENGTH;
        boolean isWhole =
                bytes.length >= least
                        && buffer.getInt(0, ByteOrder.LITTLE_ENDIAN)
                                == new Checksum()
                                        .of(buffer, CHECKSUM_BYTES, bytes.length - CHECKSUM_BYTES);
        if (!isWhole) {
            return null;
        }
        requireKnownVersion(new MessageHeaderDecoder().wrap(buffer, CHECKSUM_BYTES).version());
        OpeningDecoder opening =
                new OpeningDecoder()
                        .wrapAndApplyHeader(buffer, CHECKSUM_BYTES, new MessageHeaderDecoder());
        boolean isOurs =
                opening.node() == identity.node()
                        && opening.incarnation() == identity.incarnation();
        return isOurs ? opening : null;
    }

    private void requireKnownVersion(int version) {
        if (version > MessageHeaderDecoder.SCHEMA_VERSION) {
            throw new JournalException(
                    JournalException.Kind.NEWER_FORMAT,
                    directory.resolve(FILE)
                            + " is of format version "
                            + version
                            + ", this program knows versions up to "
                            + MessageHeaderDecoder.SCHEMA_VERSION
                            + ": start a newer program");
        }
    }
}
