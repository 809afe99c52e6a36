package io.paxoslog.log;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Needs;
import io.paxoslog.core.Runs;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What stands after all records so far; repeated at the head of each segment, so that older ones
 * may go one day.
 */
final class Standing implements JournalRecords {
    /** The latest decision about the same. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Settled(long at, byte[] entry) {}

    private record Remembered(long member, long run, long records) {}

    private static final int MEMBERSHIPS = 2;

    private final SortedMap<Long, byte[]> memberships = new TreeMap<>();
    private final Map<Long, Settled> decisions = new TreeMap<>();
    private final SortedMap<Long, Long> holds = new TreeMap<>();
    private final SortedMap<Integer, Remembered> remembered = new TreeMap<>();
    private final Runs runs = new Runs();
    private long promised = Ballot.NONE;
    private long campaigned = Ballot.NONE;
    private long commitBallot = Ballot.NONE;
    private long commitIndex;
    private long highestSlot;
    private long firstKept = 1;
    private boolean isReturning;
    private long returningPromise;

    /** Begins where the files before are gone: what stood then is in the first one that is left. */
    void take(OpeningDecoder opening) {
        promised = opening.promised();
        campaigned = opening.campaigned();
        commitBallot = opening.commitBallot();
        commitIndex = opening.commitIndex();
        highestSlot = opening.highestBefore();
        keptFrom(highestSlot + 1);
        if (opening.returning() != OpeningDecoder.returningNullValue()) {
            returning(opening.returning());
        }
        for (OpeningDecoder.MembershipsDecoder entry : opening.memberships()) {
            long slot = entry.slot();
            stands(slot, bytes(entry.entryLength(), entry::wrapEntry));
        }
        for (OpeningDecoder.DecisionsDecoder entry : opening.decisions()) {
            long slot = entry.slot();
            byte[] bytes = bytes(entry.entryLength(), entry::wrapEntry);
            decision(slot, new UnsafeBuffer(bytes), 0, bytes.length);
        }
        for (OpeningDecoder.HoldsDecoder entry : opening.holds()) {
            held(entry.slot(), entry.decision());
        }
        takeRuns(opening);
        for (OpeningDecoder.RememberedDecoder entry : opening.remembered()) {
            remembered(entry.member(), entry.run(), entry.records());
        }
    }

    /** Takes from an opening, read up to its holds, which runs there were. */
    private void takeRuns(OpeningDecoder opening) {
        Runs said = new Runs();
        for (OpeningDecoder.RunsDecoder entry : opening.runs()) {
            said.add(entry.run(), entry.firstRecord());
        }
        runs.take(said);
    }

    /** An opening says in which run it was written. */
    void opened(OpeningDecoder opening) {
        Survey.skipToRuns(opening);
        takeRuns(opening);
    }

    /**
     * A new run begins.
     *
     * @param tag what no other start has
     * @param records how many records there are, see {@link RecordReplay#isCounted}
     */
    void beginRun(long tag, long records) {
        runs.begin(tag, records);
    }

    /** The runs of this node. */
    Runs runs() {
        return runs;
    }

    /**
     * Goes on behind a gap with what a later file says of what stood there; tells it, too. The
     * commit index stays: which values it covers is another question.
     */
    void goOn(OpeningDecoder opening, JournalRecords into) {
        Standing then = new Standing();
        then.take(opening);
        then.commitIndex = 0;
        highestSlot = Math.max(highestSlot, then.highestSlot);
        then.repeat(this);
        then.repeat(into);
        runs.take(then.runs);
        if (isReturning && !then.isReturning) {
            returned(then.promised);
            into.returned(then.promised);
        }
    }

    /** Takes in what the head of a file repeats, where records before it may be lost. */
    void takeToo(OpeningDecoder opening) {
        Standing said = new Standing();
        said.take(opening);
        said.repeat(this);
    }

    private static byte[] bytes(int length, Consumer<DirectBuffer> wrapping) {
        UnsafeBuffer view = new UnsafeBuffer(0, 0);
        byte[] bytes = new byte[length];
        wrapping.accept(view);
        view.getBytes(0, bytes);
        return bytes;
    }

    /** Says all of it. */
    void repeat(JournalRecords into) {
        if (promised != Ballot.NONE) {
            into.promised(promised);
        }
        if (campaigned != Ballot.NONE) {
            into.campaigned(campaigned);
        }
        memberships.forEach(
                (slot, entry) -> into.membership(slot, new UnsafeBuffer(entry), 0, entry.length));
        decisions.values().stream()
                .sorted(Comparator.comparingLong(Settled::at))
                .forEach(
                        latest ->
                                into.decision(
                                        latest.at(),
                                        new UnsafeBuffer(latest.entry()),
                                        0,
                                        latest.entry().length));
        holds.forEach(into::held);
        if (commitIndex > 0) {
            into.committed(Ballot.NONE, commitIndex);
        }
        if (isReturning) {
            into.returning(returningPromise);
        }
        remembered.values().forEach(it -> into.remembered(it.member(), it.run(), it.records()));
    }

    @Override
    public void promised(long ballot) {
        promised = Math.max(promised, ballot);
    }

    @Override
    public void campaigned(long ballot) {
        campaigned = Math.max(campaigned, ballot);
    }

    @Override
    public void accepted(Batch batch) {
        promised = Math.max(promised, batch.ballot());
        highestSlot = Math.max(highestSlot, batch.lastSlot());
    }

    @Override
    public void chosen(Batch batch) {
        highestSlot = Math.max(highestSlot, batch.lastSlot());
        if (batch.firstSlot() <= commitIndex + 1) {
            commitIndex = Math.max(commitIndex, batch.lastSlot());
        }
    }

    @Override
    public void committed(long ballot, long upTo) {
        if (upTo > commitIndex) {
            commitBallot = ballot;
            commitIndex = upTo;
            takeJump(ballot);
        }
    }

    /**
     * Without a ballot the values are not here: a snapshot holds them. What was accepted in their
     * slots need not be what was chosen.
     */
    private void takeJump(long ballot) {
        if (ballot == Ballot.NONE) {
            highestSlot = Math.max(highestSlot, commitIndex);
            keptFrom(commitIndex + 1);
        }
    }

    /** What lies below a slot is not to be read from here any more. */
    void keptFrom(long slot) {
        firstKept = Math.max(firstKept, slot);
    }

    /** Lowest slot from which on the journal holds every chosen slot that it knows of. */
    long firstKept() {
        return firstKept;
    }

    /** Highest slot of any batch, or up to which a snapshot took the place of batches. */
    long highestSlot() {
        return highestSlot;
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        stands(slot, bytes);
    }

    /** Only valid ones are written, and those before the last two govern nothing any more. */
    private void stands(long slot, byte[] membership) {
        memberships.put(slot, membership);
        if (memberships.size() > MEMBERSHIPS) {
            memberships.remove(memberships.firstKey());
        }
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        long about = Decision.decode(buffer, offset, length).about();
        byte[] entry = new byte[length];
        buffer.getBytes(offset, entry);
        decisions.put(about, new Settled(slot, entry));
        if (holds.getOrDefault(about, Long.MAX_VALUE) < slot) {
            holds.remove(about);
        }
    }

    @Override
    public void held(long slot, long decision) {
        Settled since = decisions.get(slot);
        if (since == null || since.at() <= decision) {
            holds.merge(slot, decision, Math::max);
        }
    }

    @Override
    public void returning(long highestPromised) {
        isReturning = true;
        returningPromise = highestPromised;
    }

    @Override
    public void returned(long ballot) {
        isReturning = false;
    }

    /** What was heard before may be said again behind it, where records are lost. */
    @Override
    public void remembered(long member, long run, long records) {
        Remembered before = remembered.get(MemberId.node(member));
        boolean isEarlier =
                before != null
                        && before.member() == member
                        && Runs.isLater(before.run(), before.records(), run, records);
        if (!isEarlier) {
            remembered.put(MemberId.node(member), new Remembered(member, run, records));
        }
    }

    /** Whether a member was not yet remembered in this run. */
    boolean isNewRun(long member, long run) {
        Remembered before = remembered.get(MemberId.node(member));
        return before == null || before.member() != member || before.run() != run;
    }

    @Override
    public void unknown(Batch batch) {
        if (batch.ballot() == Ballot.NONE) {
            chosen(batch);
        } else {
            accepted(batch);
        }
    }

    /** Whether votes may be lost, and that is known. */
    boolean isReturning() {
        return isReturning;
    }

    /** Whether it waits for a ballot above all that it ever promised. */
    boolean isReturningAbovePromise() {
        return isReturning && returningPromise >= promised;
    }

    /** Whether it is known here that the cluster was founded; before that nobody votes on more. */
    boolean isFounded() {
        return !memberships.isEmpty();
    }

    /** The last valid memberships that are known, encoded, by the slot of their entry. */
    SortedMap<Long, byte[]> memberships() {
        return memberships;
    }

    /** The membership that governs, encoded; null when none is known. */
    byte[] membership() {
        return memberships.isEmpty() ? null : memberships.get(memberships.lastKey());
    }

    /** Slots below which the state machine holds, each with the decision that it rests on. */
    Map<Long, Long> holds() {
        return holds;
    }

    /** Whether accepting under {@code ballot} also says that it is promised. */
    boolean isRaisedBy(long ballot) {
        return ballot > promised;
    }

    long promised() {
        return promised;
    }

    long campaigned() {
        return campaigned;
    }

    long commitIndex() {
        return commitIndex;
    }

    /** In which version of the schema all of it can be said. */
    int format() {
        return JournalFormat.of(
                Needs.of(
                        memberships.values(),
                        decisions.values().stream().map(Settled::entry).toList()));
    }

    /**
     * Writes the body of an opening after the schema header and returns all bytes.
     *
     * @param records how many records there are, see {@link RecordReplay#isCounted}
     */
    int encode(OpeningEncoder opening, long records, String bootId) {
        opening.promised(promised)
                .campaigned(campaigned)
                .commitBallot(commitBallot)
                .commitIndex(commitIndex)
                .highestBefore(highestSlot)
                .records(records)
                .returning(isReturning ? returningPromise : OpeningEncoder.returningNullValue());
        OpeningEncoder.MembershipsEncoder group = opening.membershipsCount(memberships.size());
        memberships.forEach(
                (slot, entry) -> group.next().slot(slot).putEntry(entry, 0, entry.length));
        OpeningEncoder.DecisionsEncoder settled = opening.decisionsCount(decisions.size());
        decisions.forEach(
                (about, latest) ->
                        settled.next()
                                .slot(latest.at())
                                .putEntry(latest.entry(), 0, latest.entry().length));
        OpeningEncoder.HoldsEncoder held = opening.holdsCount(holds.size());
        holds.forEach((slot, decision) -> held.next().slot(slot).decision(decision));
        OpeningEncoder.RunsEncoder run = opening.runsCount(runs.size());
        for (int i = 0; i < runs.size(); i++) {
            run.next().run(runs.run(i)).firstRecord(runs.firstRecord(i));
        }
        OpeningEncoder.RememberedEncoder known = opening.rememberedCount(remembered.size());
        remembered
                .values()
                .forEach(
                        it -> known.next().member(it.member()).run(it.run()).records(it.records()));
        opening.bootId(bootId);
        return opening.limit();
    }
}
