package io.paxoslog.kv.recipe;

import io.paxoslog.cli.Json;
import io.paxoslog.cli.ShellTask;
import io.paxoslog.cli.ShellWords;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvWatch;

/** Says who leads, each time that it is another one or says something else of itself. */
final class ListenTask implements ShellTask {
    private final String name;
    private String said = "";

    ListenTask(String name) {
        this.name = name;
    }

    /** It watches before it looks: what comes between is looked at again. */
    @Override
    public int run(SharedClient client, Host host) {
        KvWatch watch = KvWatch.of(KvElection.keys(name));
        boolean isToLook = true;
        while (!host.isStopping()) {
            try {
                isToLook |= !KvWatches.next(client, watch, LineTask.LOOK).isEmpty();
                if (watch.isCompacted()) {
                    watch.from(0);
                    isToLook = true;
                }
                if (isToLook && watch.progress() >= 0) {
                    say(Contender.first(client, name), host);
                    isToLook = false;
                }
            } catch (ClientException e) {
                if (client.endedBy() != null) {
                    throw e;
                }
            }
        }
        return 0;
    }

    private void say(KvReply.Entry first, Host host) {
        Json json = new Json().put("event", "leader");
        String text;
        if (first == null) {
            text = "nobody";
            json.putNull("value");
        } else {
            String value = ShellWords.text(first.value());
            text = first.created() + "\t" + value;
            json.put("token", first.created()).put("value", value);
        }
        if (!text.equals(said)) {
            said = text;
            host.say(text, json);
        }
    }
}
