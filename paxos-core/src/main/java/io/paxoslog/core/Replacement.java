package io.paxoslog.core;

/**
 * Puts a spare in the place of a voter that its leader has not heard for long, by a change like any
 * other: one voter at a time, only while quorums of the other voters answer, and only so often.
 */
final class Replacement {
    private final int afterTicks;
    private final ReplicaEvents events;
    private final Memberships memberships;
    private final Leadership leadership;
    private final Preparation preparation;
    private long nextTick;
    private int replaced = Memberships.NOBODY;

    Replacement(
            ReplicaConfig config,
            ReplicaEvents events,
            Memberships memberships,
            Leadership leadership,
            Preparation preparation) {
        this.afterTicks = config.replaceAfterTicks();
        this.events = events;
        this.memberships = memberships;
        this.leadership = leadership;
        this.preparation = preparation;
    }

    /** A leadership begins, and so has heard everybody just now. */
    void begin() {
        replaced = Memberships.NOBODY;
    }

    void onTick(long nowTick) {
        if (afterTicks == 0) {
            return;
        }
        if (replaced != Memberships.NOBODY) {
            endWhenNeedless(nowTick);
        } else if (nowTick >= nextTick && leadership.isSettled() && !leadership.isChanging()) {
            replaceOne(nowTick);
        }
    }

    /** Whoever is back keeps its place as long as the change is not proposed. */
    private void endWhenNeedless(long nowTick) {
        if (preparation.isUnderWay() && (silent(nowTick) & 1 << replaced) == 0) {
            preparation.giveUp();
        }
        replaced = preparation.isUnderWay() ? replaced : Memberships.NOBODY;
    }

    private void replaceOne(long nowTick) {
        int silent = silent(nowTick);
        if (silent == 0 || preparation.isUnderWay() || !isCarried(nowTick)) {
            return;
        }
        int number = Integer.numberOfTrailingZeros(silent);
        int spare = spareFor(number, nowTick);
        if (spare == Memberships.NOBODY || !preparation.begin(inPlaceOf(number, spare), nowTick)) {
            return;
        }
        replaced = number;
        nextTick = nowTick + afterTicks;
        events.warning(
                "node %d was not heard for %d ms: node %d, a spare, takes its place%s"
                        .formatted(
                                memberships.node(number),
                                afterTicks,
                                memberships.node(spare),
                                spares() == 1 ? "; no spare is left then" : ""));
    }

    private long spares() {
        return memberships.current().members().stream()
                .filter(member -> member.seat() == Seat.SPARE)
                .count();
    }

    private int silent(long nowTick) {
        int heard = leadership.heardWithin(afterTicks, nowTick) | 1 << memberships.own();
        return memberships.now().voters() & ~heard;
    }

    /** Whether those who answer can go on by themselves, before and after. */
    private boolean isCarried(long nowTick) {
        int answering = leadership.answering(nowTick);
        return memberships.now().isPrepareQuorum(answering)
                && memberships.now().isAcceptQuorum(answering);
    }

    /** One that is near, if possible in a zone where no other voter is. */
    private int spareFor(int number, long nowTick) {
        Membership now = memberships.current();
        int fit = leadership.answeringAndNear(nowTick);
        int chosen = Memberships.NOBODY;
        boolean isAlone = false;
        for (int i = 0; i < now.size() && !isAlone; i++) {
            int candidate = memberships.numberOf(now.member(i));
            if (now.seat(i) == Seat.SPARE && (fit & 1 << candidate) != 0) {
                isAlone = isAloneIn(now.zone(i), number);
                chosen = isAlone || chosen == Memberships.NOBODY ? candidate : chosen;
            }
        }
        return chosen;
    }

    private boolean isAloneIn(String zone, int exceptFor) {
        Membership now = memberships.current();
        for (int i = 0; i < now.size(); i++) {
            boolean stays = memberships.numberOf(now.member(i)) != exceptFor;
            if (now.seat(i).votes() && stays && now.zone(i).equals(zone)) {
                return false;
            }
        }
        return true;
    }

    private Change inPlaceOf(int number, int spare) {
        Membership now = memberships.current();
        return new Change(
                memberships.slot(),
                now.members().stream()
                        .filter(member -> memberships.numberOf(member.identity()) != number)
                        .map(
                                member ->
                                        memberships.numberOf(member.identity()) == spare
                                                ? member.as(Seat.VOTER)
                                                : member)
                        .toList(),
                now.prepareQuorum().size(),
                now.acceptQuorum().size(),
                now.openSlotLimit());
    }
}
