package io.paxoslog.cli;

import io.paxoslog.service.MapFormat;
import java.nio.charset.StandardCharsets;

/** What came of one line of the map shell, and how it is said. */
record MapAnswer(
        MapLine line, String ok, long slot, byte result, String value, String error, String why) {
    static MapAnswer of(MapLine line, long slot, byte[] reply) {
        byte result = reply.length == 0 ? MapFormat.TOO_LARGE : reply[0];
        return switch (result) {
            case MapFormat.DONE -> {
                String value = new String(reply, 1, reply.length - 1, StandardCharsets.UTF_8);
                yield new MapAnswer(line, "true", slot, result, value, "", "");
            }
            case MapFormat.ABSENT, MapFormat.NOT_SWAPPED ->
                    new MapAnswer(line, "true", slot, result, null, "", "");
            case MapFormat.FULL -> refused(line, slot, "FULL", "the map is full");
            case MapFormat.TOO_LARGE ->
                    refused(line, slot, "TOO_LARGE", "the value fits no reply: see limits");
            default ->
                    refused(
                            line,
                            slot,
                            "MALFORMED",
                            "the state machine is no map, or of another build");
        };
    }

    static MapAnswer refused(MapLine line, long slot, String error, String why) {
        return new MapAnswer(line, "false", slot, MapFormat.MALFORMED, null, error, why);
    }

    static MapAnswer failed(MapLine line, boolean hadNoEffect, String error, String why) {
        String ok = hadNoEffect ? "false" : "unknown";
        return new MapAnswer(line, ok, 0, MapFormat.MALFORMED, null, error, why);
    }

    static MapAnswer bad(String why) {
        return new MapAnswer(null, "false", 0, MapFormat.MALFORMED, null, "BAD_LINE", why);
    }

    void print(Terminal terminal, boolean isJson) {
        if (isJson) {
            terminal.println(json().toString());
        } else if (ok.equals("true")) {
            terminal.println(text());
        } else {
            terminal.println(("unknown".equals(ok) ? "unknown: " : "failed: ") + why);
        }
    }

    private String text() {
        return switch (line.op()) {
            case GET -> value == null ? "no such key" : value;
            case CAS -> result == MapFormat.DONE ? "swapped" : "not swapped";
            case PUT, DEL -> "slot " + slot;
        };
    }

    private Json json() {
        Json json = new Json();
        if (line != null) {
            json.put("op", line.op().text()).put("key", line.key());
        }
        if (ok.equals("unknown")) {
            json.put("ok", ok);
        } else {
            json.put("ok", ok.equals("true"));
        }
        if (!ok.equals("true")) {
            return json.put("error", error).put("message", why);
        }
        if (line.op() == MapLine.Op.GET) {
            if (value == null) {
                json.putNull("value");
            } else {
                json.put("value", value);
            }
        }
        if (line.op() == MapLine.Op.CAS) {
            json.put("swapped", result == MapFormat.DONE);
        }
        return json.put("slot", slot);
    }
}
