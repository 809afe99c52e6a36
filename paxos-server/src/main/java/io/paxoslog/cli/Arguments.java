package io.paxoslog.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of the command line with every byte that they were given with. The JVM reads them in
 * the encoding of the locale and puts replacement characters where they do not fit it; so they are
 * read again, as UTF-8, from where the operating system keeps them. A byte that is no part of UTF-8
 * text becomes a surrogate that stands alone, as text has none.
 */
final class Arguments {
    private static final Path WORDS = Path.of("/proc/self/cmdline");
    private static final char ESCAPE = '\uDC00';
    private static final char LOWEST_ESCAPED = '\uDC80';
    private static final char HIGHEST_ESCAPED = '\uDCFF';
    private static final char REPLACEMENT = '\uFFFD';

    private Arguments() {}

    /**
     * The words that this process was given.
     *
     * @param decoded the same as the JVM read them
     * @throws CommandFailure when what a word was cannot be known
     */
    static String[] ofProcess(String[] decoded) {
        try {
            return reread(decoded, Files.readAllBytes(WORDS));
        } catch (IOException e) {
            return requireReadable(decoded, System.getProperty("sun.jnu.encoding"));
        }
    }

    /**
     * @param commandLine every word of the process, each with a zero byte behind it
     */
    static String[] reread(String[] decoded, byte[] commandLine) {
        List<byte[]> words = split(commandLine);
        int before = words.size() - decoded.length;
        String[] reread = new String[decoded.length];
        for (int i = 0; i < decoded.length; i++) {
            String word = before < 0 ? "" : decode(words.get(before + i));
            // Plain ASCII is read alike everywhere: unless it is, these are not the words.
            if (isAscii(word) && !word.equals(decoded[i])) {
                return requireReadable(decoded, System.getProperty("sun.jnu.encoding"));
            }
            reread[i] = word;
        }
        return reread;
    }

    private static List<byte[]> split(byte[] commandLine) {
        List<byte[]> words = new ArrayList<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (byte one : commandLine) {
            if (one == 0) {
                words.add(word.toByteArray());
                word.reset();
            } else {
                word.write(one);
            }
        }
        return words;
    }

    private static boolean isAscii(String word) {
        return word.chars().allMatch(c -> c < 0x80);
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | (in.get() & 0xFF)));
            }
        }
        return out.flip().toString();
    }

    /** Takes the words as the JVM read them, unless that may have changed them. */
    static String[] requireReadable(String[] decoded, String encoding) {
        boolean isUtf8 = StandardCharsets.UTF_8.name().equalsIgnoreCase(encoding);
        for (String word : decoded) {
            if (!isAscii(word) && (!isUtf8 || word.indexOf(REPLACEMENT) >= 0)) {
                throw CommandFailure.wrongUse(
                        "'%s' cannot be read in this locale, whose encoding is %s; try LC_ALL=C.UTF-8, or give commands through standard input"
                                .formatted(word, encoding));
            }
        }
        return decoded;
    }

    /** The bytes that a word was given with. */
    static byte[] bytes(String word) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(word.length());
        int begin = 0;
        for (int i = 0; i < word.length(); i++) {
            if (isEscaped(word, i)) {
                bytes.writeBytes(word.substring(begin, i).getBytes(StandardCharsets.UTF_8));
                bytes.write(word.charAt(i) & 0xFF);
                begin = i + 1;
            }
        }
        bytes.writeBytes(word.substring(begin).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static boolean isEscaped(String word, int at) {
        char c = word.charAt(at);
        return c >= LOWEST_ESCAPED
                && c <= HIGHEST_ESCAPED
                && (at == 0 || !Character.isHighSurrogate(word.charAt(at - 1)));
    }
}
