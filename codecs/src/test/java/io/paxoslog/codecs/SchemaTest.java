package io.paxoslog.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The numbers by which bytes of one schema are told from those of another never change. */
class SchemaTest {

    @Test
    void eachSchemaKeepsItsId() {
        assertThat(io.paxoslog.codecs.peer.MessageHeaderEncoder.SCHEMA_ID).isEqualTo(1);
        assertThat(io.paxoslog.codecs.client.MessageHeaderEncoder.SCHEMA_ID).isEqualTo(2);
        assertThat(io.paxoslog.codecs.journal.MessageHeaderEncoder.SCHEMA_ID).isEqualTo(3);
    }

    @Test
    void eachSchemaIsLittleEndian() {
        assertThat(io.paxoslog.codecs.peer.MessageHeaderEncoder.BYTE_ORDER)
                .isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(io.paxoslog.codecs.client.MessageHeaderEncoder.BYTE_ORDER)
                .isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(io.paxoslog.codecs.journal.MessageHeaderEncoder.BYTE_ORDER)
                .isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }
}
