package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What follows where a subscription stands. */
class SubscriptionPositionTest {
    private static final long CLUSTER = 7;

    private final SubscriptionPosition position =
            new SubscriptionPosition(Subscription.ANY_CLUSTER, 5);

    @Test
    void aMessageThatBeginsLaterShowsThatOneIsMissing() {
        assertThat(position.isFollowedBy(CLUSTER, 6)).isFalse();
        assertThat(position.isFollowedBy(CLUSTER, 5)).isTrue();
        assertThat(position.isFollowedBy(CLUSTER, 1)).isTrue();
    }

    @Test
    void noMessageOfAnotherClusterFollows() {
        position.begin(CLUSTER, 5);
        assertThat(position.isFollowedBy(CLUSTER + 1, 5)).isFalse();
        assertThat(position.clusterId()).isEqualTo(CLUSTER);
    }

    @Test
    void aSlotIsTakenOnce() {
        assertThat(position.take(4)).isFalse();
        assertThat(position.take(5)).isTrue();
        assertThat(position.take(5)).isFalse();
        assertThat(position.take(9)).isTrue();
        assertThat(position.nextSlot()).isEqualTo(10);
    }

    @Test
    void howFarItIsIsNewsOnce() {
        assertThat(position.reach(5)).isFalse();
        position.take(6);
        assertThat(position.reach(7)).isTrue();
        assertThat(position.reach(7)).isFalse();
        assertThat(position.reach(6)).isFalse();
        assertThat(position.nextSlot()).isEqualTo(7);
    }

    @Test
    void theFirstSlotKeptIsWhereTheFirstMessageBegins() {
        SubscriptionPosition anywhere =
                new SubscriptionPosition(Subscription.ANY_CLUSTER, Subscription.FIRST_KEPT);
        assertThat(anywhere.isFollowedBy(CLUSTER, 70)).isTrue();
        anywhere.begin(CLUSTER, 70);
        assertThat(anywhere.nextSlot()).isEqualTo(70);
        assertThat(anywhere.reach(70)).isFalse();
        assertThat(anywhere.isFollowedBy(CLUSTER, 71)).isFalse();
    }
}
