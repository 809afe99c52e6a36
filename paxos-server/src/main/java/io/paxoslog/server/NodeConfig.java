package io.paxoslog.server;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All settings of one node, each from the first of these that names it: the program or a flag, the
 * environment, a properties file, the default. Checked as a whole when built; immutable.
 */
public final class NodeConfig {
    private final Map<Setting<?>, Object> values;
    private final Map<Setting<?>, String> origins;

    private NodeConfig(Map<Setting<?>, Object> values, Map<Setting<?>, String> origins) {
        this.values = Map.copyOf(values);
        this.origins = Map.copyOf(origins);
    }

    /** Begins with nothing but the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The value of a setting. */
    public <T> T get(Setting<T> setting) {
        @SuppressWarnings("unchecked") // Put there by what the same setting read.
        T value = (T) values.get(setting);
        return value;
    }

    /** Where a value came from: {@code from --id}, {@code by default} and the like. */
    String origin(Setting<?> setting) {
        return origins.get(setting);
    }

    /** This node's id. */
    public int id() {
        return get(Settings.ID);
    }

    /** All nodes by ascending id. */
    public List<Member> members() {
        return get(Settings.MEMBERS);
    }

    /** Nodes of the cluster that this one waits to be made a member of; empty when it does not. */
    public List<String> join() {
        return get(Settings.JOIN);
    }

    /** Whether this node waits to be made a member. */
    public boolean isJoining() {
        return !join().isEmpty();
    }

    /** Of all nodes that it is told of, itself included. */
    List<String> hosts() {
        return Stream.concat(
                        members().stream().map(Member::host),
                        join().stream()
                                .map(address -> address.substring(0, address.lastIndexOf(':'))))
                .toList();
    }

    /** This node among the members. */
    public Member self() {
        return members().stream().filter(member -> member.id() == id()).findFirst().orElseThrow();
    }

    /** This node as it listens: at its address, unless bind says otherwise. */
    Member listens() {
        String bind = get(Settings.BIND);
        if (bind.isEmpty()) {
            return self();
        }
        boolean hasPort = bind.lastIndexOf(':') > bind.lastIndexOf(']');
        String address = hasPort ? bind : bind + ":" + self().port();
        return Member.list(id() + "=" + address).get(0);
    }

    /** Promises that an election needs. */
    public int prepareQuorum() {
        return orMajority(get(Settings.PREPARE_QUORUM));
    }

    /** Votes that choose a slot. */
    public int acceptQuorum() {
        return orMajority(get(Settings.ACCEPT_QUORUM));
    }

    private int orMajority(int size) {
        return size == 0 ? members().size() / 2 + 1 : size;
    }

    /**
     * Collects settings; {@link #build} checks them. Each method replaces what was said to it
     * before. Not thread-safe.
     */
    public static final class Builder {
        private static final int NANOS_OF_A_MS = 1_000_000;

        private final Map<Setting<?>, Said> program = new HashMap<>();
        private final Map<Setting<?>, Said> variables = new HashMap<>();
        private final Map<Setting<?>, Said> properties = new HashMap<>();

        private Builder() {}

        /** Id of this node, one of the members. */
        public Builder id(int id) {
            return set(Settings.ID, id);
        }

        /** All nodes of the cluster, as {@code 1=HOST:PORT,2=HOST:PORT,3=HOST:PORT}. */
        public Builder members(String members) {
            return set(Settings.MEMBERS, members);
        }

        /** All nodes of the cluster. */
        public Builder members(Member... members) {
            return members == null ? set(Settings.MEMBERS, null) : members(Arrays.asList(members));
        }

        /** All nodes of the cluster. */
        public Builder members(Collection<Member> members) {
            if (members == null) {
                return set(Settings.MEMBERS, null);
            }
            return members(members.stream().map(Member::toString).collect(Collectors.joining(",")));
        }

        /** Directory of this node's data; made if it is not there. */
        public Builder dir(Path directory) {
            return set(Settings.DIR, directory);
        }

        /** When a vote may leave; {@link Durability#SYNC} unless said. */
        public Builder durability(Durability durability) {
            return set(Settings.DURABILITY, durability);
        }

        /**
         * Shortest time without a leader before a node campaigns, in whole milliseconds; the
         * longest is twice this.
         */
        public Builder electionTimeout(Duration timeout) {
            return set(Settings.ELECTION_TIMEOUT_MS, toMs(Settings.ELECTION_TIMEOUT_MS, timeout));
        }

        /** Time between heartbeats of a leader, in whole milliseconds. */
        public Builder heartbeat(Duration interval) {
            return set(Settings.HEARTBEAT_MS, toMs(Settings.HEARTBEAT_MS, interval));
        }

        /**
         * For how long this node promises a leader to elect nobody else, in whole milliseconds, at
         * most the election time-out; zero: it does not, and offers no reads by lease.
         */
        public Builder lease(Duration length) {
            return set(Settings.LEASE_MS, toMs(Settings.LEASE_MS, length));
        }

        /** How gladly this node is seen leading, 0 to 100. */
        public Builder priority(int priority) {
            return set(Settings.PRIORITY, priority);
        }

        /**
         * How long a leader that is to stop tries to hand over first, in whole milliseconds; zero:
         * it does not.
         */
        public Builder handOver(Duration longest) {
            return set(Settings.HAND_OVER_MS, toMs(Settings.HAND_OVER_MS, longest));
        }

        /** Longest time between two forces of values under async, in whole milliseconds. */
        public Builder syncInterval(Duration interval) {
            return set(Settings.SYNC_INTERVAL_MS, toMs(Settings.SYNC_INTERVAL_MS, interval));
        }

        /** Promises an election needs, and votes that choose a slot; 0: majority. */
        public Builder quorums(int prepare, int accept) {
            return set(Settings.PREPARE_QUORUM, prepare).set(Settings.ACCEPT_QUORUM, accept);
        }

        /** Most slots proposed and not yet chosen; equal on all nodes. */
        public Builder openSlots(int slots) {
            return set(Settings.OPEN_SLOTS, slots);
        }

        /** Largest command, in bytes; sizes that are not said and hang on it rise with it. */
        public Builder commandBytes(int bytes) {
            return set(Settings.COMMAND_BYTES, bytes);
        }

        /** Most bytes proposed as one batch. */
        public Builder batchBytes(int bytes) {
            return set(Settings.BATCH_BYTES, bytes);
        }

        /** Most bytes of commands proposed and not yet chosen. */
        public Builder openBytes(int bytes) {
            return set(Settings.OPEN_BYTES, bytes);
        }

        /** Most clients connected at once. */
        public Builder clients(int clients) {
            return set(Settings.CLIENTS, clients);
        }

        /** Which thread calls the state machine; {@link Apply#AUTO} unless said. */
        public Builder apply(Apply thread) {
            return set(Settings.APPLY, thread);
        }

        /** How work is shared out among threads. */
        public Builder threads(Threads threads) {
            return set(Settings.THREADS, threads);
        }

        /** What a thread does when there is nothing to do. */
        public Builder idle(Idle idle) {
            return set(Settings.IDLE, idle);
        }

        private static String toMs(Setting<Integer> setting, Duration time) {
            if (time == null) {
                return null;
            }
            if (time.toNanosPart() % NANOS_OF_A_MS != 0) {
                throw new ConfigException(
                        setting + ": " + time + " is no whole number of milliseconds");
            }
            return BigDecimal.valueOf(time.toSeconds(), -3)
                    .add(BigDecimal.valueOf(time.toMillisPart()))
                    .toPlainString();
        }

        /**
         * Says the value of any setting.
         *
         * @param value what {@link Object#toString} makes text of that the setting reads
         */
        public Builder set(Setting<?> setting, Object value) {
            Objects.requireNonNull(setting, "setting: is null");
            if (value == null) {
                throw new ConfigException(
                        setting + ": is null; give " + setting.limits() + ", or leave it out");
            }
            program.put(setting, new Said(value.toString(), "set by the program"));
            return this;
        }

        /** Says a value for which a refusal is to name the flag of this setting. */
        public Builder flag(Setting<?> setting, String text) {
            program.put(setting, new Said(text, "from --" + setting));
            return this;
        }

        /**
         * Takes what variables of the environment say.
         *
         * @throws ConfigException for a variable that begins with {@code PAXOSLOG_} and is no
         *     setting
         */
        public Builder environment(Map<String, String> environment) {
            Objects.requireNonNull(environment, "environment: is null");
            Settings.requireKnownVariables(environment);
            for (Setting<?> setting : Settings.ALL) {
                String value = environment.get(setting.variable());
                if (value != null) {
                    variables.put(setting, new Said(value, "from " + setting.variable()));
                }
            }
            return this;
        }

        /**
         * Takes what a properties file says.
         *
         * @throws ConfigException when it cannot be read, names something that is no setting, or
         *     one setting twice
         */
        public Builder file(Path file) {
            Objects.requireNonNull(file, "file: is null");
            properties.putAll(new SettingsFile(file).said());
            return this;
        }

        /**
         * Checks everything.
         *
         * @throws ConfigException naming the setting that is wrong, its value, where that came from
         *     and what would be right
         */
        public NodeConfig build() {
            Map<Setting<?>, Object> values = new HashMap<>();
            Map<Setting<?>, String> origins = new HashMap<>();
            for (Setting<?> setting : Settings.ALL) {
                Said said = said(setting);
                values.put(setting, read(setting, said));
                origins.put(setting, said.origin());
            }
            NodeConfig config = new NodeConfig(values, origins);
            ConfigRules.check(config);
            return config;
        }

        /** A node that joins knows of no member but itself. */
        private Said membersOfJoining() {
            String address = read(Settings.ADDRESS, said(Settings.ADDRESS));
            if (address.isEmpty()) {
                throw new ConfigException(
                        "address: is missing; with join give HOST:PORT where this node listens"
                                + " (--address or "
                                + Settings.ADDRESS.variable()
                                + ")");
            }
            return new Said(read(Settings.ID, said(Settings.ID)) + "=" + address, "as join has it");
        }

        private Said said(Setting<?> setting) {
            if (setting == Settings.MEMBERS
                    && !read(Settings.JOIN, said(Settings.JOIN)).isEmpty()) {
                return membersOfJoining();
            }
            for (Map<Setting<?>, Said> source : List.of(program, variables, properties)) {
                if (source.containsKey(setting)) {
                    return source.get(setting);
                }
            }
            if (setting.isRequired()) {
                throw new ConfigException(
                        "%s: is missing; give %s (--%s or %s)"
                                .formatted(setting, setting.limits(), setting, setting.variable()));
            }
            return setting.follows() == null
                    ? new Said(setting.defaultText(), "by default")
                    : following(setting);
        }

        private Said following(Setting<?> setting) {
            Setting<Integer> leader = setting.follows();
            int value = setting.beside(read(leader, said(leader)));
            return new Said(Integer.toString(value), "as " + leader + " needs it");
        }

        private static <T> T read(Setting<T> setting, Said said) {
            try {
                return setting.read(said.text());
            } catch (ConfigException e) {
                throw new ConfigException(e.getMessage() + " (" + said.origin() + ")");
            }
        }
    }
}
