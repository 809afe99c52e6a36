package io.paxoslog.kv;

import io.paxoslog.cli.Json;
import io.paxoslog.cli.ShellRequest;
import io.paxoslog.cli.ShellWords;
import java.util.List;
import java.util.stream.Collectors;

/** Lines of the shell about leases. */
abstract class KvLeaseRequest extends KvRequest {
    private KvLeaseRequest(String op) {
        super(op, null, null);
    }

    /** Grants one, or keeps one alive. */
    static ShellRequest change(String op, byte[] command) {
        return new KvRequest(op, null, command) {
            @Override
            public Outcome take(long slot, byte[] bytes) {
                reply = KvReply.ofLease(bytes);
                return outcome(reply.result());
            }

            @Override
            public void answer(Json json) {
                json.put("lease", reply.lease()).put("ttl", reply.ttlSeconds());
            }

            @Override
            public String text() {
                return "lease %d, %d s".formatted(reply.lease(), reply.ttlSeconds());
            }
        };
    }

    static ShellRequest timeToLive(long lease, boolean isWithKeys) {
        return new KvLeaseRequest("lease ttl") {
            private final KvLeaseInfo info = new KvLeaseInfo(lease, isWithKeys);

            @Override
            public byte[] bytes() {
                return info.next();
            }

            @Override
            public Outcome take(long slot, byte[] bytes) {
                info.take(bytes);
                if (!info.isDone()) {
                    return null;
                }
                boolean isGone = info.result() == KvResult.DONE && !info.isThere();
                return outcome(isGone ? KvResult.LEASE_NOT_FOUND : info.result());
            }

            @Override
            public void answer(Json json) {
                json.put("lease", lease)
                        .put("ttl", info.ttlSeconds())
                        .put("left", info.secondsLeft())
                        .put("count", info.keyCount());
                if (isWithKeys) {
                    json.putTexts("keys", keys());
                }
            }

            private List<String> keys() {
                return info.keys().stream().map(ShellWords::text).toList();
            }

            @Override
            public String text() {
                String first =
                        "lease %d, %d of %d s left, %d keys"
                                .formatted(
                                        lease,
                                        info.secondsLeft(),
                                        info.ttlSeconds(),
                                        info.keyCount());
                return keys().stream()
                        .map(key -> "\n" + key)
                        .collect(Collectors.joining("", first, ""));
            }
        };
    }

    static ShellRequest list() {
        return new KvLeaseRequest("lease list") {
            private final KvLeaseList list = new KvLeaseList();

            @Override
            public byte[] bytes() {
                return list.next();
            }

            @Override
            public Outcome take(long slot, byte[] bytes) {
                list.take(bytes);
                return list.isDone() ? outcome(list.result()) : null;
            }

            @Override
            public void answer(Json json) {
                json.putNumbers("leases", list.leases());
            }

            @Override
            public String text() {
                return list.leases().isEmpty()
                        ? "no leases"
                        : list.leases().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining("\n"));
            }
        };
    }

    @Override
    public boolean isRead() {
        return true;
    }
}
