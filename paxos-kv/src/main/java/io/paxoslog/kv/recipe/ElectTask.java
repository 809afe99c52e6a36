package io.paxoslog.kv.recipe;

import io.paxoslog.cli.ShellWords;
import java.time.Duration;

/** Leads once it is elected, until it is to end. */
final class ElectTask extends LineTask {
    private final String value;

    ElectTask(String name, byte[] value, Duration ttl) {
        super("elect", name, value, ttl);
        this.value = ShellWords.text(value);
    }

    @Override
    int hold(KvSession session, Contender contender, Host host) {
        host.say(text(contender) + ", " + value, json(contender).put("value", value));
        return holdUntilStopped(session, host);
    }
}
