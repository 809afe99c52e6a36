package io.paxoslog.cli;

import java.util.List;

/** What {@code paxos map} speaks. */
final class MapLanguage implements ShellLanguage {
    @Override
    public String name() {
        return "map";
    }

    @Override
    public String header() {
        return "Reads and changes the map of nodes that run with --app map.";
    }

    @Override
    public List<String> usage() {
        return List.of("  put KEY VALUE      get KEY      cas KEY OLD NEW      del KEY");
    }

    @Override
    public List<String> examples() {
        return List.of(
                "  printf 'put pear 7\\nget pear\\ncas pear 7 8\\n' | ./paxos map --members"
                        + " 127.0.0.1:9010",
                "  ./paxos map --members 127.0.0.1:9010,127.0.0.1:9020 --read follower --json <"
                        + " commands");
    }

    @Override
    public ShellRequest read(List<byte[]> words) {
        return new MapRequest(MapLine.read(words));
    }
}
