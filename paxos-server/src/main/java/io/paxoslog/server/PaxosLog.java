package io.paxoslog.server;

import io.paxoslog.core.KnownVersions;
import io.paxoslog.media.HostNames;
import io.paxoslog.service.StateMachine;
import java.util.Objects;
import java.util.function.Supplier;

/** Starts nodes inside the process of the caller. */
public final class PaxosLog {
    private PaxosLog() {}

    /**
     * Starts a node and returns once it takes part; whether a leader is there yet is another
     * matter. What the journal holds goes through the state machine again afterwards, while the
     * node takes part: {@link PaxosNode#appliedIndex} says how far it is. Any thread.
     *
     * <p>When the application cannot take a command, it is halted, and the node votes on. What it
     * had half changed cannot be undone, so that it goes on only after a restart of the node; see
     * {@link #launch(NodeConfig, Supplier)} for one that goes on by itself. The same holds for a
     * node that was away for so long that others give it a snapshot instead of the log.
     *
     * @param app the application, in its initial state; only the node calls it from now on
     * @throws NullPointerException naming what is null
     * @throws StartException saying in one line what is wrong and what to do; nothing is left
     *     running then
     */
    public static PaxosNode launch(NodeConfig config, StateMachine app) {
        requireConfig(config);
        Objects.requireNonNull(app, "app: a state machine is needed, not null");
        return NodeBuilder.launch(
                config, app, null, KnownVersions.OF_BUILD, logOf(config), new HostNames());
    }

    /**
     * As {@link #launch(NodeConfig, StateMachine)}, for an application that can be made anew: when
     * it was halted, and operators have decided about the command that it could not take, a fresh
     * one is given a snapshot from below that command, or the log from slot 1 again.
     *
     * @param apps makes applications in their initial state, each time another; called by the
     *     caller's thread now and by a thread of the node later
     * @throws StartException as there
     */
    public static PaxosNode launch(NodeConfig config, Supplier<? extends StateMachine> apps) {
        requireConfig(config);
        Objects.requireNonNull(apps, "apps: a maker of state machines is needed, not null");
        StateMachine first =
                Objects.requireNonNull(apps.get(), "apps: made no state machine but null");
        return NodeBuilder.launch(
                config, first, apps, KnownVersions.OF_BUILD, logOf(config), new HostNames());
    }

    /** Version of this program, as it was packaged. */
    public static String build() {
        String packaged = PaxosLog.class.getPackage().getImplementationVersion();
        return packaged == null ? "(not packaged)" : packaged;
    }

    private static void requireConfig(NodeConfig config) {
        Objects.requireNonNull(config, "config: a configuration is needed, not null");
    }

    private static NodeLog logOf(NodeConfig config) {
        return new NodeLog(System.err, config.id());
    }
}
