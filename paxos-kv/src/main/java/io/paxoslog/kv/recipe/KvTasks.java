package io.paxoslog.kv.recipe;

import io.paxoslog.cli.ShellTask;
import io.paxoslog.cli.ShellTasks;
import java.util.List;

/** What {@code paxos kv lock} and {@code paxos kv elect} are, as etcdctl has them. */
public final class KvTasks implements ShellTasks {
    /** Found by name. */
    public KvTasks() {}

    @Override
    public String language() {
        return "kv";
    }

    @Override
    public ShellTask read(List<String> words) {
        return switch (words.get(0)) {
            case "lock" -> new TaskWords(words).lock();
            case "elect" -> new TaskWords(words).elect();
            default -> null;
        };
    }
}
