package io.paxoslog.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * All settings of one node, each from the first of these that names it: {@link Builder#set}, the
 * environment, a properties file, the default. Checked as a whole when built; immutable.
 */
public final class NodeConfig {
    private final Map<Setting<?>, Object> values;

    private NodeConfig(Map<Setting<?>, Object> values) {
        this.values = Map.copyOf(values);
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

    /** This node's id. */
    public int id() {
        return get(Settings.ID);
    }

    /** All nodes by ascending id. */
    public List<Member> members() {
        return get(Settings.MEMBERS);
    }

    /** This node among the members. */
    public Member self() {
        return members().stream().filter(member -> member.id() == id()).findFirst().orElseThrow();
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

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final Map<Setting<?>, String> flags = new HashMap<>();
        private final Map<Setting<?>, String> variables = new HashMap<>();
        private final Map<Setting<?>, String> properties = new HashMap<>();

        private Builder() {}

        /** Says a value as text, the way a flag would. */
        public Builder set(Setting<?> setting, Object value) {
            flags.put(setting, value.toString());
            return this;
        }

        /** Takes what the environment says; variables that are no settings are left alone. */
        public Builder environment(Map<String, String> environment) {
            for (Setting<?> setting : Settings.ALL) {
                String value = environment.get(setting.variable());
                if (value != null) {
                    variables.put(setting, value);
                }
            }
            return this;
        }

        /**
         * Takes what a properties file says.
         *
         * @throws ConfigException when it cannot be read or names something that is no setting
         */
        public Builder file(Path file) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                read.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigException(
                        file + ": cannot be read as a properties file (" + e.getMessage() + ")");
            }
            for (String name : read.stringPropertyNames()) {
                Setting<?> setting =
                        Settings.named(name).orElseThrow(() -> noSuchSetting(file, name));
                properties.put(setting, read.getProperty(name));
            }
            return this;
        }

        private static ConfigException noSuchSetting(Path file, String name) {
            return new ConfigException(
                    file + ": there is no setting \"" + name + "\"; settings are " + Settings.ALL);
        }

        /**
         * Checks everything.
         *
         * @throws ConfigException naming the setting that is wrong, its value and what would be
         *     right
         */
        public NodeConfig build() {
            Map<Setting<?>, Object> values = new HashMap<>();
            for (Setting<?> setting : Settings.ALL) {
                values.put(setting, setting.read(text(setting)));
            }
            NodeConfig config = new NodeConfig(values);
            ConfigRules.check(config);
            return config;
        }

        private String text(Setting<?> setting) {
            for (Map<Setting<?>, String> source : List.of(flags, variables, properties)) {
                if (source.containsKey(setting)) {
                    return source.get(setting);
                }
            }
            if (setting.isRequired()) {
                throw new ConfigException(
                        setting
                                + ": is missing; give "
                                + setting.limits()
                                + " (--"
                                + setting
                                + ")");
            }
            return setting.defaultText();
        }
    }
}
