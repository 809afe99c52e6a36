package io.paxoslog.log;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.IdentityDecoder;
import io.paxoslog.codecs.journal.IdentityEncoder;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Base;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whose directory it is.
 *
 * @param node node id
 * @param incarnation drawn when the directory was made, so that an emptied one is not taken for the
 *     old one
 * @param base what the cluster of the node is founded on
 */
record Identity(int node, long incarnation, Base base) {
    static final String FILE = "identity";
    static final String ASIDE = "identity.tmp";

    /**
     * Version of all files of a journal that this code writes; it reads this and all lower ones.
     */
    static final int FORMAT_VERSION = 3;

    private static final int MAGIC = 0x69_4C_78_50;
    private static final int BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH + IdentityEncoder.BLOCK_LENGTH;

    /** Up to version 2 there was no base. */
    private static final int LEAST_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH + IdentityEncoder.baseIdEncodingOffset();

    private static final int CHECKSUM_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + IdentityEncoder.checksumEncodingOffset();

    /** Reads the identity of a directory; null when it has none. */
    static Identity read(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!disk.exists(file)) {
            return null;
        }
        byte[] bytes = disk.read(file);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        IdentityDecoder decoder = new IdentityDecoder();
        MessageHeaderDecoder schema = new MessageHeaderDecoder();
        if (bytes.length < LEAST_BYTES || !isIntact(buffer)) {
            throw damaged(file);
        }
        schema.wrap(buffer, 0);
        if (schema.schemaId() != IdentityDecoder.SCHEMA_ID
                || schema.templateId() != IdentityDecoder.TEMPLATE_ID
                || bytes.length < MessageHeaderDecoder.ENCODED_LENGTH + schema.blockLength()) {
            throw damaged(file);
        }
        decoder.wrap(
                buffer,
                MessageHeaderDecoder.ENCODED_LENGTH,
                schema.blockLength(),
                schema.version());
        if (decoder.magic() != MAGIC) {
            throw damaged(file);
        }
        if (decoder.formatVersion() > FORMAT_VERSION) {
            throw new JournalException(
                    Kind.NEWER_FORMAT,
                    file
                            + " has format version "
                            + decoder.formatVersion()
                            + ", this program knows versions up to "
                            + FORMAT_VERSION
                            + ": start a newer program");
        }
        Base base = base(decoder.baseId(), decoder.baseSlot());
        if (base == null) {
            throw damaged(file);
        }
        return new Identity(decoder.node(), decoder.incarnation(), base);
    }

    /**
     * As {@link #read}, of a directory that is to have one.
     *
     * @throws JournalException ABSENT when it has none
     */
    static Identity require(Disk disk, Path directory) throws IOException {
        Identity identity = read(disk, directory);
        if (identity == null) {
            throw new JournalException(
                    Kind.ABSENT,
                    directory
                            + " holds no journal: give the directory of a node that was started"
                            + " once");
        }
        return identity;
    }

    /** Null for what can be none. Files of earlier versions say nothing of it. */
    private static Base base(long id, long slot) {
        if (id == IdentityDecoder.baseIdNullValue()) {
            return Base.NONE;
        }
        try {
            return new Base(id, slot);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Whose the files of a journal are, as their openings say; null when none can be read, or they
     * do not agree.
     */
    static Identity proven(SegmentFiles files) throws IOException {
        Identity found = null;
        for (SegmentFiles.Name name : files.list()) {
            Identity one = name.unfinished() ? null : proven(files, name);
            if (found != null && one != null && !found.equals(one)) {
                return null;
            }
            found = one == null ? found : one;
        }
        return found;
    }

    private static Identity proven(SegmentFiles files, SegmentFiles.Name name) throws IOException {
        Path file;
        try {
            file = files.fileIn(name.directory());
        } catch (NoSuchFileException e) {
            return null;
        }
        try (MappedSegment segment =
                MappedSegment.openReadable(files.disk(), name.number(), file)) {
            int last = Math.min(Part.OPENING_BEFORE_BYTES, segment.bytes().capacity());
            for (int at = 0; at + RecordHeader.BYTES <= last; at += RecordHeader.ALIGNMENT) {
                Identity one = claimedAt(segment, at);
                if (one != null && isOpening(segment, one, at)) {
                    return one;
                }
            }
        }
        return null;
    }

    /** What the bytes would say if an opening lay there. */
    private static Identity claimedAt(MappedSegment segment, int at) {
        UnsafeBuffer bytes = segment.bytes();
        if (bytes.getInt(at + RecordHeader.MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN)
                != RecordHeader.MAGIC) {
            return null;
        }
        MessageHeaderDecoder schema = new MessageHeaderDecoder().wrap(bytes, at);
        int payload = at + MessageHeaderDecoder.ENCODED_LENGTH + schema.blockLength();
        int needed = MessageHeaderDecoder.ENCODED_LENGTH + OpeningDecoder.BLOCK_LENGTH;
        if (payload > bytes.capacity() - needed
                || schema.wrap(bytes, payload).templateId() != OpeningDecoder.TEMPLATE_ID) {
            return null;
        }
        OpeningDecoder opening = new OpeningDecoder().wrapAndApplyHeader(bytes, payload, schema);
        Base base = base(opening.baseId(), opening.baseSlot());
        return base == null ? null : new Identity(opening.node(), opening.incarnation(), base);
    }

    /** Says in the head of a file, or beside it, whose it is. */
    OpeningEncoder sign(OpeningEncoder opening) {
        return opening.node(node).incarnation(incarnation).baseId(base.id()).baseSlot(base.slot());
    }

    /** The checksum of a head covers the incarnation, too. */
    private static boolean isOpening(MappedSegment segment, Identity claimed, int at) {
        RecordHeader header = new RecordHeader();
        return header.read(segment.bytes(), claimed.incarnation(), segment.number(), at)
                && header.fields().recordType() == RecordType.OPENING
                && segment.payloadIsValid(header, at);
    }

    private static boolean isIntact(UnsafeBuffer buffer) {
        int stored = buffer.getInt(CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(CHECKSUM_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        return checksum(buffer.byteArray()) == stored;
    }

    private static JournalException damaged(Path file) {
        return new JournalException(
                Kind.DAMAGED,
                file
                        + " is damaged: put it back from a copy, or replace the node; nothing was changed");
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    /**
     * Writes it beside its place, forced. The journal is made next, and only then does it get its
     * name.
     */
    void writeAside(Path directory, Disk disk) throws IOException {
        disk.write(directory.resolve(ASIDE), encode(FORMAT_VERSION));
        disk.forceNames(directory);
    }

    static boolean isAside(Disk disk, Path directory) {
        return disk.exists(directory.resolve(ASIDE));
    }

    static void nameAside(Path directory, Disk disk) throws IOException {
        disk.rename(directory.resolve(ASIDE), directory.resolve(FILE));
        disk.forceNames(directory);
    }

    byte[] encode(int formatVersion) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[BYTES]);
        MessageHeaderEncoder schema = new MessageHeaderEncoder();
        new IdentityEncoder()
                .wrapAndApplyHeader(buffer, 0, schema)
                .magic(MAGIC)
                .formatVersion(formatVersion)
                .node(node)
                .incarnation(incarnation)
                .baseId(base.id())
                .baseSlot(base.slot());
        schema.version(JournalFormat.LOWEST);
        buffer.putInt(CHECKSUM_OFFSET, checksum(buffer.byteArray()), ByteOrder.LITTLE_ENDIAN);
        return buffer.byteArray();
    }

    void requireNode(int wanted, Path directory) {
        if (node != wanted) {
            throw new JournalException(
                    Kind.OTHER_NODE,
                    "directory "
                            + directory
                            + " belongs to node "
                            + node
                            + ", this is node "
                            + wanted
                            + ": give the directory of node "
                            + wanted
                            + ", or an empty one");
        }
    }
}
