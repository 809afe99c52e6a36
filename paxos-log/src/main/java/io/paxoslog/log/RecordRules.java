package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Decision;
import java.nio.file.Path;

/**
 * What records must say one after the other: promises and commit indexes never fall, an own ballot
 * is used once, nothing is accepted below a promise or over what is chosen, commit records cover
 * only what is held under their ballot, and no slot below the commit index is missing.
 */
final class RecordRules implements ChainHearer {
    private final Findings findings;
    private final RecordReplay replay = new RecordReplay();
    private final Standing standing = new Standing();
    private final SlotRuns chosen = new SlotRuns();
    private final SlotRuns held = new SlotRuns();
    private final SlotIndex index = new SlotIndex();
    private final SlotIndex.Place place = new SlotIndex.Place();
    private final Losses losses = new Losses(index, standing, new Standing(), null);
    private long committed;
    private boolean isAnyHeard;

    // The record that is heard.
    private Path file;
    private RecordCursor cursor;

    RecordRules(Findings findings) {
        this.findings = findings;
    }

    /** A record that is as it was written, in its place. */
    @Override
    public void hear(Path inFile, RecordCursor record) {
        file = inFile;
        cursor = record;
        RecordDecoder fields = record.fields();
        boolean isBegin = !isAnyHeard && fields.position() > 0;
        isAnyHeard = true;
        if (isBegin && fields.recordType() == RecordType.OPENING) {
            // What stood before it is in files that are gone.
            standing.take(Survey.opening(record));
            committed = standing.commitIndex();
        }
        if (losses.isInGap() && fields.recordType() == RecordType.OPENING) {
            losses.end(Survey.opening(record));
        }
        switch (fields.recordType()) {
            case OPENING -> opening(Survey.opening(record));
            case PROMISED -> requirePromise(fields.ballot(), "this promise");
            case CAMPAIGNED -> campaigned(fields.ballot());
            case ACCEPTED -> accepted(fields.ballot(), fields.firstSlot());
            case COMMITTED -> committed(fields.ballot(), fields.firstSlot());
            default -> {
                // Says nothing that could fall.
            }
        }
        take(fields);
    }

    /** A record whose payload is lost; its head says which slots it held. */
    @Override
    public void lost(RecordCursor record) {
        if (record.hasBatch()) {
            held.add(record.fields().firstSlot(), record.header().lastSlot());
        }
        if (record.fields().recordType() != RecordType.OPENING) {
            losses.take(record);
        }
    }

    /** Records are lost, and what they said is not known. */
    @Override
    public void lost() {
        losses.gap();
    }

    /** Whether nothing says what stood behind what was lost last. */
    boolean isInGap() {
        return losses.isInGap();
    }

    /** Slots that are lost and that no later record holds, at or above one. */
    SlotRuns unknownFrom(long slot) {
        SlotRuns unknown = new SlotRuns();
        index.forEachUnknown(
                (first, last) -> {
                    if (last >= slot) {
                        unknown.add(Math.max(first, slot), last);
                    }
                });
        return unknown;
    }

    private void hold(RecordCursor record) {
        long first = record.fields().firstSlot();
        held.add(first, record.header().lastSlot());
        record.addTo(index);
        index.refill();
        if (record.fields().recordType() == RecordType.CHOSEN) {
            chosen.add(first, record.header().lastSlot());
        }
    }

    private void take(RecordDecoder fields) {
        if (cursor.hasBatch()) {
            hold(cursor);
        }
        if (fields.recordType() == RecordType.DECISION && !isKnownDecision(fields)) {
            breach("the decision here is none that this version knows");
            return;
        }
        boolean isCommit = fields.recordType() == RecordType.COMMITTED;
        if (isCommit && losses.isAnyGap() && fields.ballot() != Ballot.NONE) {
            losses.committed(fields.ballot(), fields.firstSlot());
            return;
        }
        replay.replay(cursor, standing);
    }

    private boolean isKnownDecision(RecordDecoder fields) {
        return Decision.isOne(
                cursor.segment().bytes(), cursor.payloadOffset(), fields.payloadBytes());
    }

    private void opening(OpeningDecoder opening) {
        requirePromise(opening.promised(), "the promise that this file begins with");
        if (opening.campaigned() < standing.campaigned()) {
            breach("the own ballot that this file begins with is below an earlier one");
        }
        if (opening.commitIndex() < committed) {
            breach("the commit index that this file begins with is below an earlier one");
        }
        committed = Math.max(committed, opening.commitIndex());
        standing.promised(opening.promised());
        standing.campaigned(opening.campaigned());
    }

    private void requirePromise(long ballot, String what) {
        if (ballot < standing.promised()) {
            breach(what + isBelow(ballot));
        }
    }

    private String isBelow(long ballot) {
        return " ("
                + Ballot.text(ballot)
                + ") is below an earlier one ("
                + Ballot.text(standing.promised())
                + ")";
    }

    private void campaigned(long ballot) {
        if (ballot <= standing.campaigned()) {
            breach("the own ballot " + Ballot.text(ballot) + " is not above the one before");
        }
    }

    private void accepted(long ballot, long firstSlot) {
        requirePromise(ballot, "the ballot of these accepted slots");
        if (firstSlot <= commitIndex()) {
            breach("slots are accepted over ones that were known chosen");
        }
    }

    private void committed(long ballot, long upTo) {
        if (upTo < committed) {
            breach("the commit index %d is below an earlier one".formatted(upTo));
        }
        if (ballot != Ballot.NONE && !losses.isAnyGap()) {
            requireHeldUnder(ballot, upTo);
        }
        committed = Math.max(committed, upTo);
    }

    private void requireHeldUnder(long ballot, long upTo) {
        long slot = commitIndex() + 1;
        while (slot <= upTo && index.find(slot, place)) {
            if (place.rank != ballot && place.rank != SlotIndex.CHOSEN) {
                breach(
                        slot,
                        "is committed under " + Ballot.text(ballot) + ", and not held under it");
                return;
            }
            slot = place.lastSlot + 1;
        }
    }

    private void breach(String what) {
        boolean hasBatch = cursor.hasBatch();
        findings.breach(
                file,
                cursor.offset(),
                hasBatch ? cursor.fields().firstSlot() : 0,
                hasBatch ? cursor.header().lastSlot() : 0,
                what);
    }

    private void breach(long slot, String what) {
        findings.breach(file, cursor.offset(), slot, slot, what);
    }

    /** Every slot below the commit index must be there, from one on at least. */
    void requireNoGap(Path journal, long from) {
        for (SlotRuns.Run gap : held.gaps(Math.max(from, firstKept()), commitIndex())) {
            findings.damage(
                    journal,
                    -1,
                    gap.first(),
                    gap.last(),
                    "no record holds them, though the commit index is " + commitIndex());
        }
    }

    /** First slot that is to be there. */
    @Override
    public long firstKept() {
        return standing.firstKept();
    }

    /** What was learnt as chosen counts, whether a commit record followed or not. */
    @Override
    public long commitIndex() {
        return chosen.unbrokenAbove(standing.commitIndex());
    }

    /** Highest slot that a record holds. */
    @Override
    public long highestSlot() {
        return standing.highestSlot();
    }
}
