package io.paxoslog.apply;

import io.paxoslog.core.Batch;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.NonceKey;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.ReplicaEvents;
import io.paxoslog.core.Snapshots;
import io.paxoslog.core.StoredValues;
import java.lang.reflect.Proxy;
import java.util.List;

/** A replica that nobody hears, and that takes no part. */
final class Nobody {
    private Nobody() {}

    static Replica replica() {
        PeerMessages unheard = silent(PeerMessages.class);
        Peers peers =
                new Peers() {
                    @Override
                    public PeerMessages to(int node) {
                        return unheard;
                    }

                    @Override
                    public PeerMessages toAll() {
                        return unheard;
                    }
                };
        ReplicaConfig config =
                new ReplicaConfig(
                        (1L << 48) + 1,
                        List.of(new ReplicaConfig.Voter(1, "host:1")),
                        1,
                        1,
                        10,
                        1000,
                        300,
                        100,
                        1,
                        new NonceKey(1, 2),
                        1);
        CommittedLog nothing = (Batch batch) -> {};
        return new Replica(
                config,
                silent(JournalRecords.class),
                peers,
                nothing,
                silent(StoredValues.class),
                Snapshots.NONE,
                silent(ReplicaEvents.class));
    }

    private static <T> T silent(Class<T> port) {
        Object proxy =
                Proxy.newProxyInstance(
                        port.getClassLoader(), new Class<?>[] {port}, (self, call, args) -> null);
        return port.cast(proxy);
    }
}
