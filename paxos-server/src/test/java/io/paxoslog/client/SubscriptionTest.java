package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** Subscribing to the log, over real gateways. */
class SubscriptionTest extends ReadLog {
    private static final long CLUSTER = 4711;

    private final Heard heard = new Heard();

    /** Notes commands, and how far they were said to be heard. */
    private static final class Heard implements SubscriptionListener {
        private final List<String> commands = new ArrayList<>();
        private long upTo;
        private long clusterId;
        private long sequence;
        private String throwing = "";

        @Override
        public void onCommand(DirectBuffer buffer, int offset, int length, CommandHeader header) {
            String command = buffer.getStringWithoutLengthUtf8(offset, length);
            commands.add(header.slot() + " " + command);
            clusterId = header.clusterId();
            sequence = header.sequence();
            if (command.equals(throwing)) {
                throw new IllegalStateException(command);
            }
        }

        @Override
        public void onProgress(long ofCluster, long upToSlot) {
            assertThat(upToSlot).isGreaterThan(upTo);
            upTo = upToSlot;
        }
    }

    private Subscription subscribe(List<String> members, long from) {
        return Subscription.open(ClientConfig.of(members), from, heard);
    }

    private void runUntil(Subscription subscription, BooleanSupplier condition) {
        cluster.runUntil(
                () -> {
                    subscription.poll();
                    return condition.getAsBoolean();
                },
                client);
    }

    private void runUntilUpTo(Subscription subscription, long slot) {
        runUntil(subscription, () -> heard.upTo >= slot);
    }

    private ClientError runUntilError(Subscription subscription) {
        try {
            runUntil(subscription, () -> false);
        } catch (ClientException e) {
            return e.error();
        }
        return null;
    }

    @Test
    void hearsAllFromASlotOnAndThenWhatIsAppended() {
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            runUntilUpTo(subscription, 102);
            append(101, 150);
            runUntilUpTo(subscription, 152);
            assertThat(subscription.clusterId()).isEqualTo(CLUSTER);
            assertThat(subscription.nextSlot()).isEqualTo(153);
            assertThat(subscription.servingNode()).isEqualTo(1);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 150));
        assertThat(heard.clusterId).isEqualTo(CLUSTER);
        assertThat(heard.sequence).isEqualTo(150);
    }

    @Test
    void hearsOfSlotsWithoutCommandsHowFarItIs() {
        try (Subscription subscription = subscribe(cluster.addresses(), 103)) {
            cluster.noOp(7);
            runUntilUpTo(subscription, 109);
            assertThat(subscription.nextSlot()).isEqualTo(110);
        }
        assertThat(heard.commands).isEmpty();
    }

    @Test
    void oneThatGoesOnBehindWhatAnotherOneHeardMissesNothingAndSeesNothingTwice() {
        long from = 1;
        for (int round = 1; round <= 5; round++) {
            try (Subscription subscription = subscribe(cluster.addresses(), from)) {
                append(100 + 10 * round - 9, 100 + 10 * round);
                runUntilUpTo(subscription, 102 + 10 * round);
            }
            from = heard.upTo + 1;
        }
        assertThat(heard.commands).isEqualTo(commands(1, 150));
    }

    @Test
    void anotherMemberGoesOnWhenTheServingOneIsGone() {
        cluster.lead(3);
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            runUntilUpTo(subscription, 102);
            assertThat(subscription.servingNode()).isEqualTo(1);
            cluster.node(1).close();
            append(101, 120);
            runUntilUpTo(subscription, 122);
            assertThat(subscription.servingNode()).isNotEqualTo(1);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 120));
    }

    @Test
    void anotherMemberGoesOnWhenTheServingOneHearsNothingMoreOfTheLog() {
        cluster.lead(3);
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            runUntilUpTo(subscription, 102);
            cluster.node(1).isBehind = true;
            append(101, 120);
            runUntilUpTo(subscription, 122);
            assertThat(subscription.servingNode()).isNotEqualTo(1);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 120));
    }

    @Test
    void aMemberThatHasNotAppliedThatFarIsWaitedForWhereNobodyIsFurther() {
        try (Subscription subscription = subscribe(cluster.addresses(), 111)) {
            runUntil(subscription, subscription::isServed);
            append(101, 112);
            runUntilUpTo(subscription, 114);
        }
        assertThat(heard.commands).isEqualTo(commands(109, 112));
    }

    @Test
    void membersAreLearntFromTheCluster() {
        cluster.lead(3);
        try (Subscription subscription = subscribe(cluster.addresses().subList(0, 1), 1)) {
            runUntilUpTo(subscription, 102);
            cluster.node(1).close();
            append(101, 120);
            runUntilUpTo(subscription, 122);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 120));
    }

    @Test
    void anotherMemberServesWhatOneKeepsNoMoreOrCannotRead() {
        cluster.node(1).firstKept = 70;
        cluster.node(2).unreadable = 40;
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            runUntilUpTo(subscription, 102);
            assertThat(subscription.servingNode()).isEqualTo(3);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 100));
    }

    @Test
    void saysWhereLogsBeginWhenNobodyKeepsASlot() {
        cluster.node(1).firstKept = 70;
        cluster.node(2).firstKept = 40;
        cluster.node(3).firstKept = 50;
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            assertThat(runUntilError(subscription)).isEqualTo(ClientError.COMPACTED);
            assertThat(subscription.firstKept()).isEqualTo(40);
            assertThat(subscription.nextSlot()).isEqualTo(1);
        }
        assertThat(heard.commands).isEmpty();
    }

    @Test
    void beginsWithTheFirstSlotKept() {
        cluster.node(1).firstKept = 53;
        try (Subscription subscription = subscribe(cluster.addresses(), Subscription.FIRST_KEPT)) {
            runUntilUpTo(subscription, 102);
        }
        assertThat(heard.commands).isEqualTo(commands(51, 100));
    }

    @Test
    void aPositionOfAnotherClusterIsRefused() {
        ClientConfig config = ClientConfig.of(cluster.addresses());
        try (Subscription subscription = Subscription.open(config, CLUSTER + 1, 1, heard)) {
            assertThat(runUntilError(subscription)).isEqualTo(ClientError.OTHER_CLUSTER);
        }
        assertThat(heard.commands).isEmpty();
    }

    @Test
    void nobodyServesAnotherClusterMeanwhile() {
        cluster.lead(3);
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            runUntilUpTo(subscription, 102);
            cluster.node(2).clusterId = CLUSTER + 1;
            cluster.node(1).close();
            append(101, 110);
            runUntilUpTo(subscription, 112);
            assertThat(subscription.servingNode()).isEqualTo(3);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 110));
    }

    @Test
    void whatAListenerThrowsLeavesPollAndTheNextCommandsCome() {
        heard.throwing = "c50";
        try (Subscription subscription = subscribe(cluster.addresses(), 1)) {
            assertThatThrownBy(() -> runUntilUpTo(subscription, 102)).hasMessage("c50");
            runUntilUpTo(subscription, 102);
        }
        assertThat(heard.commands).isEqualTo(commands(1, 100));
    }

    @Test
    void oneWithAThreadOfItsOwnHearsTheSame() {
        ClientConfig config = ClientConfig.of(cluster.addresses());
        List<Throwable> ends = new ArrayList<>();
        try (SharedSubscription subscription =
                SharedSubscription.start(config, CLUSTER, 1, heard, ends::add)) {
            cluster.runUntil(() -> subscription.upTo() >= 102, client);
            assertThat(subscription.isRunning()).isTrue();
        }
        assertThat(heard.commands).isEqualTo(commands(1, 100));
        assertThat(ends).isEmpty();
    }

    @Test
    void oneWithAThreadOfItsOwnSaysWhyItEnds() {
        ClientConfig config = ClientConfig.of(cluster.addresses());
        List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
        heard.throwing = "c50";
        try (SharedSubscription subscription =
                SharedSubscription.start(config, CLUSTER, 1, heard, ends::add)) {
            cluster.runUntil(() -> !subscription.isRunning(), client);
        }
        assertThat(ends).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(heard.commands).isEqualTo(commands(1, 50));
    }

    @Test
    void nobodyAnswering() {
        ClientConfig config =
                ClientConfig.of(List.of("127.0.0.1:" + FreePorts.two())).withTimeouts(50, 50, 100);
        try (Subscription subscription = Subscription.open(config, 1, heard)) {
            assertThat(runUntilError(subscription)).isEqualTo(ClientError.NO_ANSWER);
        }
    }
}
