package io.paxoslog.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.agrona.DirectBuffer;

/** Prints commands of the log, one a line. */
final class LogLines {
    private final Terminal terminal;
    private final boolean isJson;

    LogLines(Terminal terminal, boolean isJson) {
        this.terminal = terminal;
        this.isJson = isJson;
    }

    void print(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] command = bytes(buffer, offset, length);
        if (isJson) {
            printJson(new Json().put("slot", slot), command);
        } else {
            printText(slot, command);
        }
    }

    /** As above, where more is known of it, which lines of text leave out. */
    void print(
            long slot,
            long clusterId,
            long session,
            long sequence,
            long timestampNs,
            DirectBuffer command) {
        byte[] bytes = bytes(command, 0, command.capacity());
        if (!isJson) {
            printText(slot, bytes);
            return;
        }
        Json json =
                new Json()
                        .put("slot", slot)
                        .put("cluster", Long.toHexString(clusterId))
                        .put("session", session)
                        .put("sequence", sequence)
                        .put("timeNs", timestampNs);
        printJson(json, bytes);
    }

    private static byte[] bytes(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    private void printText(long slot, byte[] command) {
        terminal.write((slot + "\t").getBytes(StandardCharsets.US_ASCII));
        for (byte one : command) {
            if (one == '\n') {
                terminal.write('\\');
                terminal.write('n');
            } else {
                terminal.write(one);
            }
        }
        terminal.write('\n');
    }

    private void printJson(Json json, byte[] command) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(command)).toString();
            json.put("command", text);
        } catch (CharacterCodingException e) {
            json.put("base64", Base64.getEncoder().encodeToString(command));
        }
        terminal.println(json.toString());
    }
}
