package io.paxoslog.testkit.sim;

import io.paxoslog.service.StateMachine;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;

/** Runs {@link KitMachine}; clients read and change a few keys at random. */
final class KitApplication implements Application {
    private final int paddingBytes;
    private final boolean isFrozen;
    private final boolean hasTimers;
    private final boolean hasEvents;
    private long lastValue;

    /**
     * @param paddingBytes commands and replies are up to so much longer than they need be
     * @param isFrozen whether machines go on while their state is written
     * @param hasTimers whether machines set timers
     * @param hasEvents whether machines send events
     */
    KitApplication(int paddingBytes, boolean isFrozen, boolean hasTimers, boolean hasEvents) {
        this.paddingBytes = paddingBytes;
        this.isFrozen = isFrozen;
        this.hasTimers = hasTimers;
        this.hasEvents = hasEvents;
    }

    @Override
    public StateMachine machine() {
        return new KitMachine(isFrozen, hasTimers, hasEvents);
    }

    @Override
    public long stateHash(StateMachine machine) {
        return ((KitMachine) machine).stateHash();
    }

    @Override
    public byte[] command(RandomGenerator random) {
        int key = random.nextInt(KitMachine.KEYS);
        byte[] bytes = new byte[KitMachine.COMMAND_BYTES + random.nextInt(paddingBytes + 1)];
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putByte(0, operation(key, random));
        buffer.putByte(1, (byte) key);
        buffer.putLong(2, argument(key, random), ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(10, random.nextInt(KitMachine.REGISTER_VALUES), ByteOrder.LITTLE_ENDIAN);
        for (int i = KitMachine.COMMAND_BYTES; i < bytes.length; i++) {
            bytes[i] = (byte) (lastValue + i);
        }
        return bytes;
    }

    /** As a command that reads. */
    @Override
    public byte[] query(RandomGenerator random) {
        byte[] bytes = new byte[KitMachine.COMMAND_BYTES];
        bytes[0] = KitMachine.READ;
        bytes[1] = (byte) random.nextInt(KitMachine.KEYS);
        return bytes;
    }

    private static byte operation(int key, RandomGenerator random) {
        if (random.nextInt(10) < 3) {
            return KitMachine.READ;
        }
        if (key >= KitMachine.FIRST_LIST) {
            return KitMachine.APPEND;
        }
        if (key >= KitMachine.FIRST_COUNTER) {
            return KitMachine.ADD;
        }
        return random.nextBoolean() ? KitMachine.WRITE : KitMachine.COMPARE_AND_SET;
    }

    private long argument(int key, RandomGenerator random) {
        if (key >= KitMachine.FIRST_LIST) {
            return ++lastValue;
        }
        return key >= KitMachine.FIRST_COUNTER
                ? 1 + random.nextInt(3)
                : random.nextInt(KitMachine.REGISTER_VALUES);
    }

    @Override
    public void inspect(StateMachine machine) {
        // The model compares everything there is.
    }

    @Override
    public void replied(byte[] command, byte[] reply) {
        // The reference compares replies, the history what clients may conclude from them.
    }

    @Override
    public Model model() {
        return new KitModel(hasTimers, hasEvents);
    }
}
