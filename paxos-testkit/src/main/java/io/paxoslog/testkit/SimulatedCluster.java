package io.paxoslog.testkit;

import io.paxoslog.service.StateMachine;
import io.paxoslog.testkit.sim.Application;
import io.paxoslog.testkit.sim.FaultProfile;
import io.paxoslog.testkit.sim.Setup;
import io.paxoslog.testkit.sim.Simulation;
import io.paxoslog.testkit.sim.Totals;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Runs a state machine of yours on simulated clusters: the production classes of PaxosLog in one
 * thread, under virtual time, network and disks, with the faults you choose. One seed is one
 * history. Fails when two nodes differ, when a node that starts again comes to another state than
 * it had, when the machine throws, or when what you say of states and replies does not hold.
 *
 * <pre>{@code
 * SimulatedCluster.of(Accounts::new, Accounts::randomCommand)
 *         .stateHash(Accounts::hash)
 *         .faults(FaultProfile.EVERYTHING)
 *         .seeds(1, 200)
 *         .run();
 * }</pre>
 *
 * <p>Each seed ends with one more replay of its whole log on another thread, in another default
 * time zone and locale; these defaults belong to the whole JVM, so let no other test that depends
 * on them run at the same time. Not thread-safe.
 *
 * @param <M> the class of the machine
 */
public final class SimulatedCluster<M extends StateMachine> {
    /** Most bytes of a command, and of a reply. */
    public static final int LARGEST_COMMAND_BYTES = 32 * 1024;

    private final Supplier<M> machines;
    private final Function<RandomGenerator, byte[]> commands;
    private ToLongFunction<M> stateHash = machine -> 0;
    private Consumer<M> invariant = machine -> {};
    private ReplyCheck replyCheck = (command, reply) -> {};
    private FaultProfile faults = FaultProfile.EVERYTHING;
    private int nodes = 3;
    private long firstSeed = 1;
    private int seedCount = 100;

    /** Says whether a reply a client got can be right. */
    public interface ReplyCheck {
        /** Throws when this is no reply to that command. */
        void check(byte[] command, byte[] reply);
    }

    private SimulatedCluster(Supplier<M> machines, Function<RandomGenerator, byte[]> commands) {
        this.machines = machines;
        this.commands = commands;
    }

    /**
     * A cluster of three nodes, 100 seeds from 1 on, every fault.
     *
     * @param machines makes a machine in its initial state; each start of each node takes one
     * @param commands draws the next command of some client, of at most {@link
     *     #LARGEST_COMMAND_BYTES}; all chance must come from the generator
     */
    public static <M extends StateMachine> SimulatedCluster<M> of(
            Supplier<M> machines, Function<RandomGenerator, byte[]> commands) {
        return new SimulatedCluster<>(machines, commands);
    }

    /**
     * How many nodes there are.
     *
     * @throws IllegalArgumentException unless it is 1 to 7
     */
    public SimulatedCluster<M> nodes(int count) {
        if (count < 1 || count > 7) {
            throw new IllegalArgumentException("nodes: 1 to 7, not " + count);
        }
        nodes = count;
        return this;
    }

    /**
     * Which histories are played.
     *
     * @throws IllegalArgumentException when {@code count} is below 1
     */
    public SimulatedCluster<M> seeds(long first, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("seeds: at least 1, not " + count);
        }
        firstSeed = first;
        seedCount = count;
        return this;
    }

    /** How hard the cluster has it. */
    public SimulatedCluster<M> faults(FaultProfile profile) {
        faults = profile;
        return this;
    }

    /**
     * A fingerprint of the whole state, taken after each command; without one, differences show
     * only in replies. Equal states must have equal fingerprints on every machine: use the values
     * in the state, and no {@code hashCode} that an object inherits from {@code Object}.
     */
    public SimulatedCluster<M> stateHash(ToLongFunction<M> hash) {
        stateHash = hash;
        return this;
    }

    /** Looks at a machine after each command and throws when something is wrong with it. */
    public SimulatedCluster<M> invariant(Consumer<M> check) {
        invariant = check;
        return this;
    }

    /** Looks at each reply that a client gets. */
    public SimulatedCluster<M> replies(ReplyCheck check) {
        replyCheck = check;
        return this;
    }

    /**
     * Plays all seeds, until one fails.
     *
     * @return what happened in all of them
     * @throws AssertionError naming the seed, the slot, the nodes that differ and how to play that
     *     seed again
     */
    public Totals run() {
        Setup setup =
                new Setup(
                        UserApplication::new,
                        nodes,
                        faults,
                        LARGEST_COMMAND_BYTES,
                        "the same SimulatedCluster with seeds(%1$d, 1)",
                        true,
                        Setup.SNAPSHOTS_PER_MILLE);
        Totals totals = new Totals();
        for (long seed = firstSeed; seed < firstSeed + seedCount; seed++) {
            totals.add(Simulation.play(seed, setup));
        }
        return totals;
    }

    /** The user's machine and what he says of it. */
    private final class UserApplication implements Application {
        @Override
        public StateMachine machine() {
            return machines.get();
        }

        @Override
        @SuppressWarnings("unchecked") // Only machines of the user's supplier come back.
        public long stateHash(StateMachine machine) {
            return stateHash.applyAsLong((M) machine);
        }

        @Override
        public byte[] command(RandomGenerator random) {
            byte[] command = commands.apply(random);
            if (command.length > LARGEST_COMMAND_BYTES) {
                throw new IllegalArgumentException(
                        "commands: at most "
                                + LARGEST_COMMAND_BYTES
                                + " bytes each, not "
                                + command.length);
            }
            return command;
        }

        @Override
        @SuppressWarnings("unchecked") // Only machines of the user's supplier come back.
        public void inspect(StateMachine machine) {
            invariant.accept((M) machine);
        }

        @Override
        public void replied(byte[] command, byte[] reply) {
            replyCheck.check(command, reply);
        }

        @Override
        public Model model() {
            return null;
        }
    }
}
