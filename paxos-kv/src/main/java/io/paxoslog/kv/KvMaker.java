package io.paxoslog.kv;

import io.paxoslog.server.App;
import io.paxoslog.service.StateMachine;

/** Lets nodes run with {@code --app kv}. */
public final class KvMaker implements App.Maker {
    /** Found by name. */
    public KvMaker() {}

    @Override
    public App app() {
        return App.KV;
    }

    @Override
    public StateMachine create() {
        return new KvStateMachine();
    }
}
