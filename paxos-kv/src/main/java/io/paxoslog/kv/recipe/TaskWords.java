package io.paxoslog.kv.recipe;

import io.paxoslog.cli.ShellTask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Reads the words of a task, behind its name. */
final class TaskWords {
    private static final int USUAL_TTL_SECONDS = 10;
    private static final String TTL = "--ttl";

    private final List<String> words;
    private int at = 1;
    private int ttlSeconds = USUAL_TTL_SECONDS;

    TaskWords(List<String> words) {
        this.words = words;
    }

    /** Behind the name all words are those of the command. */
    ShellTask lock() {
        takeTtl();
        String name = word("NAME");
        takeTtl();
        return new LockTask(name, ttl(), words.subList(at, words.size()));
    }

    ShellTask elect() {
        takeTtl();
        boolean isListening = take("--listen");
        String name = word("NAME");
        isListening |= take("--listen");
        ShellTask task = isListening ? new ListenTask(name) : campaign(name);
        if (at < words.size()) {
            throw new IllegalArgumentException(
                    "'%s' is too much for elect".formatted(words.get(at)));
        }
        return task;
    }

    private ShellTask campaign(String name) {
        byte[] value = word("VALUE").getBytes(StandardCharsets.UTF_8);
        takeTtl();
        return new ElectTask(name, value, ttl());
    }

    private boolean take(String word) {
        boolean isNext = at < words.size() && words.get(at).equals(word);
        at += isNext ? 1 : 0;
        return isNext;
    }

    private String word(String what) {
        if (at == words.size()) {
            throw new IllegalArgumentException(what + " is missing");
        }
        return words.get(at++);
    }

    private void takeTtl() {
        if (!take(TTL)) {
            return;
        }
        String text = word("SECONDS");
        try {
            ttlSeconds = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            ttlSeconds = 0;
        }
        if (ttlSeconds < 2) {
            throw new IllegalArgumentException(
                    "%s: seconds from 2 on, not '%s'".formatted(TTL, text));
        }
    }

    private Duration ttl() {
        return Duration.ofSeconds(ttlSeconds);
    }
}
