package io.paxoslog.kv;

import io.paxoslog.cli.ShellLanguage;
import io.paxoslog.cli.ShellRequest;
import java.util.List;

/** What {@code paxos kv} speaks. */
public final class KvLanguage implements ShellLanguage {
    /** Found by name. */
    public KvLanguage() {}

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public String header() {
        return "Reads and changes the key-value store of nodes that run with --app kv.";
    }

    @Override
    public List<String> usage() {
        return List.of(
                "  put KEY VALUE [--prev-kv] [--ignore-lease] [--lease ID]",
                "  put KEY --ignore-value [--prev-kv] [--ignore-lease] [--lease ID]",
                "  get RANGE [--rev R] [--limit N] [--keys-only] [--count-only]",
                "      [--sort-by key|version|create|mod|value] [--order ascend|descend]",
                "      [--min-mod R] [--max-mod R] [--min-create R] [--max-create R]",
                "  del RANGE [--prev-kv]",
                "  cas KEY OLD NEW",
                "  txn [if CONDITION [and CONDITION]...] [then OPERATION [; OPERATION]...]",
                "      [else OPERATION [; OPERATION]...]",
                "  watch RANGE [--rev R] [--prev-kv] [--no-put] [--no-delete] [--events N]",
                "  lease grant SECONDS [--id ID]      lease revoke ID      lease keep-alive ID",
                "  lease ttl ID [--keys]      lease list",
                "  lock NAME [--ttl SECONDS] [COMMAND [ARGUMENT]...]",
                "  elect NAME VALUE [--ttl SECONDS]      elect --listen NAME",
                "  compact R      hash [R]      status",
                "  quota BYTES      retain REVISIONS      retain-time SECONDS      disarm",
                "",
                "RANGE is KEY, KEY --to END, KEY --prefix or KEY --from-key. CONDITION is value,"
                        + " version, create, mod or lease, a RANGE, one of = != > <, and what it"
                        + " is held against. OPERATION is put, get, del, or a txn in braces:"
                        + " { if ... then ... }. A watch that is given as words goes on until"
                        + " Ctrl-C, one on a line until its deadline; or until it has seen N.",
                "",
                "Lock and elect are given as words. They keep a lease alive and hold what they got"
                        + " while COMMAND runs, whose exit code is theirs, or until Ctrl-C. A"
                        + " COMMAND with options that are ours, too, comes behind --; it finds"
                        + " LOCK_KEY and LOCK_TOKEN, the fencing token, in its environment.");
    }

    @Override
    public List<String> examples() {
        return List.of(
                "  ./paxos kv put pear 7 --members 127.0.0.1:9010",
                "  ./paxos kv get p --prefix --limit 10 --members 127.0.0.1:9010",
                "  ./paxos kv watch p --prefix --rev 1 --members 127.0.0.1:9010",
                "  ./paxos kv txn if version pear = 0 then put pear 7 else get pear --members"
                        + " 127.0.0.1:9010",
                "  printf 'put pear 7\\ncas pear 7 8\\nget pear\\n' | ./paxos kv --json --members"
                        + " 127.0.0.1:9010");
    }

    @Override
    public ShellRequest read(List<byte[]> words) {
        return new KvLine(words).read();
    }
}
