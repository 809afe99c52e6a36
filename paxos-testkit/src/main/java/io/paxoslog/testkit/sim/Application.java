package io.paxoslog.testkit.sim;

import io.paxoslog.service.Cluster;
import io.paxoslog.service.StateMachine;
import java.util.random.RandomGenerator;

/** What runs on a simulated cluster, what its clients ask of it, and what must be true of it. */
public interface Application {
    /** A machine in its initial state; each start of a node gets one. */
    StateMachine machine();

    /** A fingerprint of a machine's state, equal for equal states; 0 where states do not show. */
    long stateHash(StateMachine machine);

    /** The next command of some client. */
    byte[] command(RandomGenerator random);

    /** The next query of some client; null where machines answer none. */
    default byte[] query(RandomGenerator random) {
        return null;
    }

    /** Called after each command a machine has applied; throws when the state is wrong. */
    void inspect(StateMachine machine);

    /** Called with each reply a client has got; throws when it is wrong. */
    void replied(byte[] command, byte[] reply);

    /** What each reply and state must be; null where nothing but other nodes can tell. */
    Model model();

    /** The same machine once more, written another way: what nodes are compared with. */
    interface Model {
        /** Applies a command that takes effect. */
        void apply(long slot, long originBallot, long timeNs, Command command);

        /** Called first; what it may do beside replying. */
        default void begin(Cluster cluster) {}

        /** A timer that it set is due. */
        default void timer(long slot, long originBallot, long timeNs, long timer) {}

        /** A session is open from here on. */
        default void sessionOpened(long session) {}

        /** A session is over. */
        default void sessionClosed(long session) {}

        /** Fingerprint of the reply to the last command. */
        long replyHash();

        /** As {@link Application#stateHash}. */
        long stateHash();

        /** Fingerprint of the answer to a query at a slot, that of now or an earlier one. */
        default long answerHash(long slot, byte[] query) {
            return 0;
        }
    }
}
