package io.paxoslog.bench.contender;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;

/** Archive and media driver of a node as the work of one thread. */
record InvokedArchive(AgentInvoker archive) implements Agent {
    @Override
    public int doWork() {
        return archive.invoke();
    }

    @Override
    public String roleName() {
        return "archive-and-driver";
    }
}
