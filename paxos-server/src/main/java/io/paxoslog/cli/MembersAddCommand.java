package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Seat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a member. */
@Command(
        name = "add",
        header = "Adds a member.",
        description = {
            "The node must run, started with --join. It learns the log first; votes count it in once"
                    + " it has caught up. An observer, or a spare, learns and applies everything,"
                    + " and never votes; see promote."
        },
        footer = {
            "",
            "Example:",
            "  ./paxos members add 4=127.0.0.1:9040 --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos members add 6=127.0.0.1:9060 --spare --zone east --members 127.0.0.1:9010"
        })
final class MembersAddCommand extends ChangeCommand {
    @Parameters(paramLabel = "ID=HOST:PORT", description = "the new member")
    private String added;

    @Option(names = "--observer", description = "it only learns, and costs no quorum anything")
    private boolean isObserver;

    @Option(
            names = "--spare",
            description =
                    "an observer that may take the place of a voter that is not heard, see the"
                            + " setting replace-after-ms of nodes")
    private boolean isSpare;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "where it stands: nodes of one zone may fall together")
    private String zone = "";

    MembersAddCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void requireSound() {
        NewMember.of(added);
        if (!Membership.isZone(zone)) {
            throw CommandFailure.wrongUse(MembersZoneCommand.LIMITS.formatted(zone));
        }
        if (isObserver && isSpare) {
            throw CommandFailure.wrongUse(
                    "--observer and --spare: a spare observes, too; give one");
        }
    }

    private Seat seat() {
        if (isSpare) {
            return Seat.SPARE;
        }
        return isObserver ? Seat.OBSERVER : Seat.VOTER;
    }

    @Override
    List<Change.Member> wanted(MembersRead now) {
        NewMember given = NewMember.of(added);
        Change.Member known = now.member(given.node());
        if (known != null && known.seat() != seat()) {
            throw CommandFailure.failed(
                    "node %d is a member already, as %s: see paxos members promote and demote"
                            .formatted(given.node(), MembersRead.seat(known)));
        }
        Change.Member identified = identified(now, given).as(seat());
        return now.with(zone.isEmpty() ? identified : identified.in(zone));
    }
}
