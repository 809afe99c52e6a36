package io.paxoslog.server;

import io.paxoslog.media.HostNames;
import java.net.InetAddress;
import java.util.List;

/**
 * Where the hosts of the members are. Only its own host must be known when a node starts; the
 * others may come when they like.
 */
final class MemberHosts {
    /**
     * Long enough for a server of names that is there, short enough to wait for one that is not.
     */
    private static final long PEERS_MS = 500;

    private static final long OWN_MS = 10_000;

    private MemberHosts() {}

    /**
     * The address of this node, once it is clear that no other member has it.
     *
     * @throws StartException when it is unknown, or another member's
     */
    static InetAddress requireOwn(NodeConfig config, HostNames names) {
        Member self = config.listens();
        names.await(config.members().stream().map(Member::host).toList(), PEERS_MS);
        boolean isAnswered = names.await(List.of(self.host()), OWN_MS);
        InetAddress own = names.addressOf(self.host());
        if (own == null) {
            String why =
                    isAnswered
                            ? "the host name is unknown here"
                            : "no server of names answered in %d s".formatted(OWN_MS / 1000);
            throw new StartException(
                    StartException.Reason.PORT,
                    "%s: %s: give a name or address of this machine, as address or as bind"
                            .formatted(self, why),
                    null);
        }
        requireDistinct(config.members(), names);
        return own;
    }

    /** One address may be spelled in many ways; what is not known by now is not looked at. */
    private static void requireDistinct(List<Member> members, HostNames names) {
        for (int i = 0; i < members.size(); i++) {
            for (int k = 0; k < i; k++) {
                requireDistinct(members.get(k), members.get(i), names);
            }
        }
    }

    private static void requireDistinct(Member one, Member other, HostNames names) {
        InetAddress address = names.addressOf(one.host());
        if (one.isPortNear(other)
                && address != null
                && address.equals(names.addressOf(other.host()))) {
            throw new StartException(
                    StartException.Reason.MEMBERSHIP,
                    "members: %s and %s are both at %s and their ports overlap; each node uses PORT and PORT+1"
                            .formatted(one, other, HostNames.text(address)),
                    null);
        }
    }
}
