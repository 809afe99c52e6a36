package io.paxoslog.server;

import io.paxoslog.client.SessionToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Gateway} has in the place of a database: a file of lines, each written as a whole
 * or not at all. What something did and the token behind it are one line.
 */
final class GatewayBook implements AutoCloseable {
    /** One line. */
    record Line(String kind, String text, SessionToken token) {
        private static Line parse(String line) {
            String[] parts = line.split("\t", -1);
            SessionToken token = parts[2].isEmpty() ? null : SessionToken.parse(parts[2]);
            return new Line(parts[0], parts[1], token);
        }
    }

    private final FileChannel file;
    private final Map<String, List<String>> texts = new HashMap<>();
    private SessionToken token;

    private GatewayBook(FileChannel file, List<Line> lines) {
        this.file = file;
        lines.forEach(this::add);
    }

    private void add(Line line) {
        texts.computeIfAbsent(line.kind(), kind -> new ArrayList<>()).add(line.text());
        token = line.token() == null ? token : line.token();
    }

    /** Opens it; a line that was not finished when its writer died counts for nothing. */
    static GatewayBook open(Path path) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        String text = Files.readString(path);
        int end = text.lastIndexOf('\n') + 1;
        file.truncate(text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
        file.position(file.size());
        return new GatewayBook(file, lines(path));
    }

    /** The whole lines of a file that somebody else may be writing. */
    static List<Line> lines(Path path) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        String text = Files.readString(path);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Line::parse).toList();
    }

    /**
     * Writes a line down for good.
     *
     * @param behind how far all is behind it; null: as before
     */
    void write(String kind, String text, SessionToken behind) {
        String line = kind + "\t" + text + "\t" + (behind == null ? "" : behind.text()) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        add(new Line(kind, text, behind));
    }

    /** How far all is; null: nothing has begun. */
    SessionToken token() {
        return token;
    }

    /** What was written of a kind, in order. */
    List<String> all(String kind) {
        return texts.getOrDefault(kind, List.of());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
