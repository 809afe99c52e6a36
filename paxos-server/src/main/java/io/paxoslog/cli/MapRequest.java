package io.paxoslog.cli;

import io.paxoslog.service.MapFormat;
import java.nio.charset.StandardCharsets;

/** One line of the map shell, and how its answer is said. */
final class MapRequest implements ShellRequest {
    private final MapLine line;
    private long slot;
    private boolean isDone;
    private String value;

    MapRequest(MapLine line) {
        this.line = line;
    }

    @Override
    public boolean isRead() {
        return line.op() == MapLine.Op.GET;
    }

    @Override
    public byte[] bytes() {
        return line.bytes();
    }

    @Override
    public Outcome take(long atSlot, byte[] reply) {
        slot = atSlot;
        byte result = reply.length == 0 ? MapFormat.TOO_LARGE : reply[0];
        return switch (result) {
            case MapFormat.DONE -> {
                isDone = true;
                value = new String(reply, 1, reply.length - 1, StandardCharsets.UTF_8);
                yield Outcome.DONE;
            }
            case MapFormat.ABSENT, MapFormat.NOT_SWAPPED -> Outcome.DONE;
            case MapFormat.FULL -> new Outcome("FULL", "the map is full");
            case MapFormat.TOO_LARGE ->
                    new Outcome("TOO_LARGE", "the value fits no reply: see limits");
            default -> new Outcome("MALFORMED", "the state machine is no map, or of another build");
        };
    }

    @Override
    public void describe(Json json) {
        json.put("op", line.op().text()).put("key", line.key());
    }

    @Override
    public void answer(Json json) {
        if (line.op() == MapLine.Op.GET) {
            if (value == null) {
                json.putNull("value");
            } else {
                json.put("value", value);
            }
        }
        if (line.op() == MapLine.Op.CAS) {
            json.put("swapped", isDone);
        }
        json.put("slot", slot);
    }

    @Override
    public String text() {
        return switch (line.op()) {
            case GET -> value == null ? "no such key" : value;
            case CAS -> isDone ? "swapped" : "not swapped";
            case PUT, DEL -> "slot " + slot;
        };
    }
}
