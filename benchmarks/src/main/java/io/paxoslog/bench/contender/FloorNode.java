package io.paxoslog.bench.contender;

import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;

/** One node of the floor on one thread. */
final class FloorNode implements Agent {
    /** Where commands come in, and replies leave. */
    static final int LEADER = 0;

    /** What a node does in a turn, besides the network. */
    interface Role {
        int poll();
    }

    private final FloorMedia media;
    private final Role role;

    private FloorNode(FloorMedia media, Role role) {
        this.media = media;
        this.role = role;
    }

    static AutoCloseable start(ClusterSettings settings, int node) {
        FloorMedia media = new FloorMedia(settings, settings.nodeMemoryDir(node));
        try {
            Role role =
                    node == LEADER
                            ? new FloorLeader(media.aeron(), settings)
                            : new FloorFollower(media.aeron(), settings, node);
            Idle idle = settings.idle() == null ? Idle.BACKOFF : settings.idle();
            AgentRunner runner =
                    new AgentRunner(
                            idle.newStrategy(),
                            System.err::println,
                            null,
                            new FloorNode(media, role));
            AgentRunner.startOnThread(runner);
            return runner;
        } catch (RuntimeException e) {
            CloseHelper.quietClose(media);
            throw e;
        }
    }

    @Override
    public int doWork() {
        return media.invoke() + role.poll();
    }

    @Override
    public void onClose() {
        media.close();
    }

    @Override
    public String roleName() {
        return "floor";
    }
}
