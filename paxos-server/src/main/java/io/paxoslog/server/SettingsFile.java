package io.paxoslog.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads settings from a properties file and knows on which line each stands. */
final class SettingsFile {
    private final Path file;
    private final Map<Setting<?>, Integer> lines = new HashMap<>();
    private final Map<Setting<?>, String> texts = new HashMap<>();

    /**
     * Reads all of it.
     *
     * @throws ConfigException when it cannot be read, or naming the line that names no setting or
     *     one that stands on another line already
     */
    SettingsFile(Path file) {
        this.file = file;
        List<String> physical = read();
        for (int i = 0; i < physical.size(); i++) {
            int first = i;
            StringBuilder logical = new StringBuilder(physical.get(i));
            while (isContinued(logical) && i + 1 < physical.size()) {
                logical.append('\n').append(physical.get(++i));
            }
            take(first + 1, logical.toString());
        }
    }

    private List<String> read() {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": is not UTF-8 text");
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file");
        } catch (IOException e) {
            throw new ConfigException(
                    file + ": cannot be read as a properties file (" + e.getMessage() + ")");
        }
    }

    private static boolean isContinued(CharSequence line) {
        if (isComment(line)) {
            return false;
        }
        int backslashes = 0;
        while (backslashes < line.length()
                && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static boolean isComment(CharSequence line) {
        String text = line.toString().strip();
        return text.startsWith("#") || text.startsWith("!");
    }

    private void take(int line, String logical) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(logical));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(where(line) + ": " + e.getMessage());
        }
        for (String name : one.stringPropertyNames()) {
            put(line, name, one.getProperty(name));
        }
    }

    private void put(int line, String name, String text) {
        Setting<?> setting = Settings.named(name).orElseThrow(() -> noSuchSetting(line, name));
        Integer before = lines.put(setting, line);
        if (before != null) {
            throw new ConfigException(
                    "%s: %s stands there twice, on lines %d and %d; leave one"
                            .formatted(file, setting, before, line));
        }
        texts.put(setting, text);
    }

    private ConfigException noSuchSetting(int line, String name) {
        List<String> known = Settings.ALL.stream().map(Setting::name).toList();
        return new ConfigException(
                "%s: there is no setting \"%s\"; %s"
                        .formatted(where(line), name, Spelling.advice(name, known)));
    }

    private String where(int line) {
        return file + " line " + line;
    }

    /** What it says, each with the line. */
    Map<Setting<?>, Said> said() {
        Map<Setting<?>, Said> said = new HashMap<>();
        texts.forEach(
                (setting, text) ->
                        said.put(setting, new Said(text, "from " + where(lines.get(setting)))));
        return said;
    }
}
