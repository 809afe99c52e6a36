package io.paxoslog.core;

/**
 * Whether the answers that this node asked for as a candidate come too late. An answer may be to a
 * candidacy that was given up since it campaigns; it came too late if its member has answered none
 * in time, as each question is asked again and again.
 */
final class Candidacies implements Roster.Keeper {
    private final Memberships memberships;
    private final ElectionTimer timer;
    private final int node;
    private long first;
    private long givenUp;
    private long answeredLate;
    private int canvassedInTime;
    private int promisedInTime;

    Candidacies(ReplicaConfig config, Memberships memberships, ElectionTimer timer) {
        this.memberships = memberships;
        this.timer = timer;
        this.node = MemberId.node(config.self());
    }

    @Override
    public void left(int number, long member) {
        canvassedInTime &= ~(1 << number);
        promisedInTime &= ~(1 << number);
    }

    /** It begins to campaign, with this ballot. */
    void begin(long ballot) {
        first = ballot;
        canvassedInTime = 0;
        promisedInTime = 0;
    }

    /** It campaigns on, and nothing came of this ballot. */
    void giveUp(long ballot) {
        givenUp = ballot;
    }

    void canvassedInTime(int member) {
        canvassedInTime |= 1 << member;
    }

    void promisedInTime(int member) {
        promisedInTime |= 1 << member;
    }

    /** A member said whether it would promise a ballot that is not the present one. */
    void canvassed(int member, long ballot, long nowTick) {
        answered(member, canvassedInTime, ballot, nowTick);
    }

    /** A member promised a ballot that is not the present one. */
    void promised(int member, long ballot, long nowTick) {
        answered(member, promisedInTime, ballot, nowTick);
    }

    private void answered(int member, int inTime, long ballot, long nowTick) {
        boolean isOwn = ballot >= first && Ballot.owner(ballot) == node;
        boolean isNews = ballot <= givenUp && ballot > answeredLate;
        boolean isLate = memberships.isVoter(member) && (inTime & 1 << member) == 0;
        if (isOwn && isNews && isLate) {
            answeredLate = ballot;
            timer.answeredLate(nowTick);
        }
    }
}
