package io.paxoslog.cli;

import io.paxoslog.client.ChangeReport;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the leader change the members, and waits until the new membership is in force. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:in force, now or before",
            "1:refused or given up; the line says why",
            "2:wrong use",
            "3:no leader, or not in time: the same command may be given again"
        })
abstract class ChangeCommand implements Callable<Integer> {
    private static final int ANSWER_MS = 2_000;
    private static final int BRIEF_MS = 500;
    private static final int GIVE_UP_MS = 2_000;

    @Mixin private MembersOption members;

    @Option(
            names = "--incarnation",
            paramLabel = "HEX",
            description =
                    "of a new member, as its own first line says it; ID=HEX,... for several"
                            + " (default: the node is asked)")
    private String incarnation = "";

    @Option(
            names = "--prepare",
            paramLabel = "N",
            description = "promises an election needs (default: majority, or as before)")
    private int prepare;

    @Option(
            names = "--accept",
            paramLabel = "N",
            description = "votes that choose a slot (default: majority, or as before)")
    private int accept;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "how long to wait until it is in force (default: ${DEFAULT-VALUE});"
                            + " afterwards it goes on, and the same command waits again")
    private double timeoutSeconds;

    @Option(
            names = {"--force", "--yes"},
            description =
                    "do not ask when there is something to warn of; what the members to come could"
                            + " not carry is not proposed all the same")
    private boolean isSure;

    private final Terminal terminal;

    ChangeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The members as they are to be, in any order. */
    abstract List<Change.Member> wanted(MembersRead now);

    /** What is wrong whatever the members are. */
    void requireSound() {}

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        requireSound();
        List<String> addresses = members.addresses(terminal.environment());
        try {
            MembersRead now = MembersRead.ask(addresses, ANSWER_MS);
            return change(now, changeOf(now), timeoutMs);
        } catch (ClientException e) {
            throw CommandFailure.notInTime(
                    e.getMessage() + "; it may be under way or not, and asking again does no harm");
        } finally {
            terminal.flush();
        }
    }

    private Change changeOf(MembersRead now) {
        MembersReport latest = now.latest();
        List<Change.Member> wanted =
                wanted(now).stream()
                        .sorted(Comparator.comparingInt(member -> MemberId.node(member.identity())))
                        .toList();
        int voters = (int) wanted.stream().filter(member -> member.seat().votes()).count();
        boolean isSize = voters == latest.voters();
        if (!isSize && !now.hasMajorities() && (prepare == 0 || accept == 0)) {
            throw CommandFailure.failed(
                    "quorums are %d and %d of %d voters, which are not both majorities: give --prepare and --accept"
                            .formatted(
                                    latest.prepareQuorum(),
                                    latest.acceptQuorum(),
                                    latest.voters()));
        }
        int majority = voters / 2 + 1;
        int oldPrepare = isSize ? latest.prepareQuorum() : majority;
        int oldAccept = isSize ? latest.acceptQuorum() : majority;
        try {
            return new Change(
                    latest.slot(),
                    wanted,
                    prepare == 0 ? oldPrepare : prepare,
                    accept == 0 ? oldAccept : accept,
                    latest.openSlotLimit());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.failed(e.getMessage());
        }
    }

    private int change(MembersRead now, Change change, int timeoutMs) {
        if (isAsWanted(now.latest(), change) && isInForce(now.latest())) {
            terminal.println("the members are so already: " + text(change));
            return 0;
        }
        warn(now, change);
        terminal.println("from " + MembersRead.text(now.latest().members()));
        terminal.println("to   " + text(change));
        terminal.println(
                "once it is proposed it cannot be given up; until then Ctrl-C, or paxos members"
                        + " give-up, does");
        terminal.flush();
        ChangeReport report = await(now, change, timeoutMs);
        return tell(change, report);
    }

    private ChangeReport await(MembersRead now, Change change, int timeoutMs) {
        StopSignal stop = terminal.stop();
        long[] deadlineNs = new long[1];
        return PaxosMembers.change(
                now.nodes(),
                change,
                timeoutMs,
                this::tellProgress,
                () -> stop.isRaised() && isPatient(deadlineNs));
    }

    /** Whoever was told to stop does not wait for long. */
    private static boolean isPatient(long[] deadlineNs) {
        long nowNs = System.nanoTime();
        if (deadlineNs[0] == 0) {
            deadlineNs[0] = nowNs + GIVE_UP_MS * 1_000_000L;
        }
        if (nowNs - deadlineNs[0] > 0) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private void tellProgress(ChangeReport report) {
        switch (report.state()) {
            case PREPARING -> terminal.println("not proposed yet: " + report.reason());
            case PROPOSED ->
                    terminal.println(
                            report.slot() == 0
                                    ? "proposed"
                                    : "chosen at slot %d, in force from slot %d"
                                            .formatted(report.slot(), report.firstSlot()));
            default -> {
                // Said at the end.
            }
        }
        terminal.flush();
    }

    private int tell(Change change, ChangeReport report) {
        switch (report.state()) {
            case IN_FORCE -> {
                terminal.println(
                        "in force from slot %d, by the entry at slot %d: %s"
                                .formatted(report.firstSlot(), report.slot(), text(change)));
                return 0;
            }
            case GIVEN_UP -> throw CommandFailure.failed("given up: the members are as before");
            case REFUSED -> throw CommandFailure.failed(report.reason());
            case PROPOSED ->
                    throw CommandFailure.notInTime(
                            "proposed, and not in force in time: it will be; the same command"
                                    + " waits again");
            default ->
                    throw CommandFailure.notInTime(
                            "not proposed in time ("
                                    + report.reason()
                                    + "); it goes on: the same command waits again, and paxos"
                                    + " members give-up ends it");
        }
    }

    private void warn(MembersRead now, Change change) {
        List<String> warnings = ChangeWarnings.of(now.latest().members(), change);
        warnings.forEach(line -> terminal.println("warning: " + line));
        terminal.flush();
        if (!warnings.isEmpty() && !isSure && !terminal.agrees("Change the members? Type yes: ")) {
            throw CommandFailure.failed(
                    "nothing was changed: yes, or the flag --force, agrees to what is warned of");
        }
    }

    private static boolean isAsWanted(MembersReport latest, Change change) {
        return latest.members().equals(change.members())
                && latest.prepareQuorum() == change.prepareQuorum()
                && latest.acceptQuorum() == change.acceptQuorum();
    }

    private static boolean isInForce(MembersReport latest) {
        return latest.commit() + 1 >= latest.firstSlot() && !latest.isChanging();
    }

    private static String text(Change change) {
        return "%s, prepare quorum %d, accept quorum %d"
                .formatted(
                        MembersRead.text(change.members()),
                        change.prepareQuorum(),
                        change.acceptQuorum());
    }

    /**
     * A member that is to come, or is there already and keeps its seat; says whom it found. Whoever
     * answers at its address must be the one that is meant: no id is used again, so that of a
     * mistyped incarnation would be lost.
     */
    final Change.Member identified(MembersRead now, NewMember given) {
        Change.Member known = now.member(given.node());
        if (known != null && incarnation.isEmpty()) {
            given.requireNobodyElse(known.identity(), BRIEF_MS);
            return known.at(given.address());
        }
        Map<Integer, Long> incarnations = incarnations(given.node());
        if (incarnations.containsKey(given.node())) {
            given.requireNobodyElse(
                    MemberId.of(given.node(), incarnations.get(given.node())), ANSWER_MS);
        }
        Change.Member found = given.identified(incarnations, ANSWER_MS, now.latest().clusterId());
        terminal.println(
                "node %d at %s has the incarnation %s"
                        .formatted(
                                given.node(),
                                given.address(),
                                Long.toHexString(MemberId.incarnation(found.identity()))));
        return found;
    }

    private Map<Integer, Long> incarnations(int node) {
        Map<Integer, Long> given = new HashMap<>();
        for (String one : incarnation.isEmpty() ? new String[0] : incarnation.split(",", -1)) {
            int equals = one.indexOf('=');
            int about = equals < 0 ? node : NewMember.nodeOf(one.substring(0, equals));
            given.put(about, incarnationOf(one.substring(equals + 1)));
        }
        return given;
    }

    private static long incarnationOf(String hex) {
        try {
            long value = Long.parseLong(hex, 16);
            if (value >= 1 && value <= MemberId.MAX_INCARNATION) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw CommandFailure.wrongUse(
                "--incarnation: '" + hex + "' is no incarnation, as 3f2a91c04d17");
    }
}
