package io.paxoslog.cli;

import static io.paxoslog.cli.Registers.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.cli.ReadHistory.Input;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvCompare;
import io.paxoslog.kv.KvDelete;
import io.paxoslog.kv.KvOperation;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvRange;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvResult;
import io.paxoslog.kv.KvTxn;

/** The keys of a key-value store; a value in the place of another one is a transaction. */
final class KvRegisters implements Registers {
    private static final KvRange ANY = KvRange.of(bytes("any"));

    @Override
    public String app() {
        return "kv";
    }

    @Override
    public byte[] command(String key, Input input) {
        return operation(bytes(key), input).bytes();
    }

    private static KvOperation operation(byte[] key, Input input) {
        if (input.isDelete()) {
            return KvDelete.of(key);
        }
        KvPut put = KvPut.of(key, bytes(input.value()));
        return input.expected() == null ? put : new KvTxn().when(holds(key, input)).then(put);
    }

    /** The value of what is not there compares with nothing. */
    private static KvCompare holds(byte[] key, Input input) {
        KeyRange only = KeyRange.only(key);
        return input.expected() == ReadHistory.ABSENT
                ? KvCompare.version(only, KvCompare.Relation.EQUAL, 0)
                : KvCompare.value(only, KvCompare.Relation.EQUAL, bytes(input.expected()));
    }

    @Override
    public boolean isDone(Input input, byte[] bytes) {
        KvReply reply = KvReply.of(operation(bytes("any"), input), bytes);
        assertThat(reply.result()).isEqualTo(KvResult.DONE);
        return input.expected() == null || reply.hasSucceeded();
    }

    @Override
    public byte[] query(String key) {
        return KvRange.of(bytes(key)).bytes();
    }

    @Override
    public long seen(byte[] answer) {
        KvReply reply = KvReply.of(ANY, answer);
        assertThat(reply.result()).isEqualTo(KvResult.DONE);
        return reply.entries().isEmpty()
                ? ReadHistory.ABSENT
                : Registers.number(reply.entries().get(0).value(), 0);
    }
}
