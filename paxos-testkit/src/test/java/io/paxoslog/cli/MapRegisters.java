package io.paxoslog.cli;

import static io.paxoslog.cli.Registers.bytes;

import io.paxoslog.cli.ReadHistory.Input;
import io.paxoslog.service.MapFormat;

/** The keys of a map. */
final class MapRegisters implements Registers {
    @Override
    public String app() {
        return "map";
    }

    @Override
    public byte[] command(String key, Input input) {
        byte[] name = bytes(key);
        if (input.isDelete()) {
            return MapFormat.delete(name);
        }
        byte[] value = bytes(input.value());
        if (input.expected() == null) {
            return MapFormat.put(name, value);
        }
        boolean isToBeAbsent = input.expected() == ReadHistory.ABSENT;
        return MapFormat.swap(name, isToBeAbsent ? null : bytes(input.expected()), value);
    }

    @Override
    public boolean isDone(Input input, byte[] reply) {
        return reply[0] == MapFormat.DONE;
    }

    @Override
    public byte[] query(String key) {
        return MapFormat.get(bytes(key));
    }

    @Override
    public long seen(byte[] answer) {
        return answer[0] == MapFormat.ABSENT ? ReadHistory.ABSENT : Registers.number(answer, 1);
    }
}
