package io.paxoslog.apply;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.EventsDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.ReadAnswersDecoder;
import io.paxoslog.codecs.client.RepliesDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Replica;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.CommandFate;
import io.paxoslog.service.Entry;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Both sides of a hand-over on one thread, over a log in memory; notes what is applied and told.
 */
final class ApplyBench implements ApplyFacts, SnapshotSink, SnapshotSource {
    static final int RING_BYTES = 4096;

    final List<String> applied = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final List<String> halts = new ArrayList<>();
    final Set<String> poison = new HashSet<>();
    private static final SessionLimits LIMITS = new SessionLimits(10, 1000, 300, 200_000);
    final Applied known = new Applied(LIMITS);
    boolean canStartAgain = true;
    private final Replica replica = Nobody.replica();
    final List<Integer> budgets = new ArrayList<>();
    final ApplyOrders orders;
    final ApplySide side;
    final ApplyFeed feed;
    final FactReader facts;
    private final List<Batch> log = new ArrayList<>();
    private final RepliesDecoder replies = new RepliesDecoder();
    private final ReadAnswersDecoder readAnswers = new ReadAnswersDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    long lacking = Long.MAX_VALUE;
    int waits;
    int made;
    final List<SnapshotJob> jobs = new ArrayList<>();
    final TreeMap<Long, byte[]> kept = new TreeMap<>();
    final Map<Long, byte[]> effects = new HashMap<>();
    Supplier<StateView> views = this::frozenView;
    long firstKept = 1;
    Runnable whileApplying = () -> {};
    LongSupplier stateHashes = () -> 0;

    ApplyBench(long appliedUpTo) {
        this(appliedUpTo, true);
    }

    ApplyBench(long appliedUpTo, boolean canMakeOthers) {
        this(appliedUpTo, canMakeOthers, AgreedSlots.STEP);
    }

    ApplyBench(long appliedUpTo, boolean canMakeOthers, int agreedStep) {
        HandOver handOver = new HandOver(RING_BYTES, RING_BYTES);
        orders = new ApplyOrders(handOver);
        feed = new ApplyFeed(orders, this::read, this::newestBelow, appliedUpTo, 1000);
        facts = new FactReader(handOver, this);
        side =
                new ApplySide(
                        handOver,
                        newApp(),
                        canMakeOthers ? () -> canStartAgain ? newApp() : null : null,
                        LIMITS,
                        this::awaitRoom,
                        halt -> halts.add(halt.slot() + (halt.isClean() ? " clean" : "")),
                        agreedStep);
        side.keepSnapshots(this, this);
    }

    private long newestBelow(long slot) {
        Long below = kept.lowerKey(slot);
        return below == null ? 0 : below;
    }

    private StateMachine newApp() {
        applied.clear();
        made++;
        return new App();
    }

    /** Keeps what was applied, also through snapshots, and echoes it. */
    private final class App implements StateMachine {
        private Cluster cluster;

        @Override
        public void apply(Entry entry, Reply reply) {
            byte[] text = new byte[entry.length()];
            entry.buffer().getBytes(entry.offset(), text);
            String command = new String(text, StandardCharsets.UTF_8);
            applied.add(entry.slot() + "=" + command);
            if (poison.contains(command)) {
                throw new StackOverflowError();
            }
            reply.resize(text.length).putBytes(0, text);
            cluster.news(topicOf(applied.get(applied.size() - 1)), entry.slot());
            whileApplying.run();
        }

        /** What ends alike has one topic. */
        private long topicOf(String what) {
            return what.charAt(what.length() - 1);
        }

        /** Answers with how much was applied. */
        @Override
        public void query(Query query, Reply answer) {
            String text = query.buffer().getStringWithoutLengthUtf8(query.offset(), query.length());
            if (poison.contains(text)) {
                throw new StackOverflowError("deep");
            }
            String waited = query.hasWaited() ? "~" + query.news() : "";
            byte[] bytes = (text + "@" + applied.size() + waited).getBytes(StandardCharsets.UTF_8);
            answer.resize(bytes.length).putBytes(0, bytes);
            if (text.startsWith("wait ") && !applied.contains(text.substring(5))) {
                query.later(topicOf(text.substring(5)));
            }
            whileApplying.run();
        }

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public StateView view() {
            return views.get();
        }

        @Override
        public long stateHash() {
            return stateHashes.getAsLong();
        }

        @Override
        public void restore(InputStream in) throws IOException {
            String state = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            applied.clear();
            applied.addAll(List.of(state.split(";")));
            if (poison.contains("snapshot")) {
                throw new StackOverflowError();
            }
        }
    }

    /** A view that stays as it is. */
    StateView frozenView() {
        byte[] state = String.join(";", applied).getBytes(StandardCharsets.UTF_8);
        return out -> out.write(state);
    }

    /** A view of whatever there is when it is written. */
    StateView livingView() {
        return new StateView() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                frozenView().writeTo(out);
            }

            @Override
            public boolean isFrozen() {
                return false;
            }
        };
    }

    @Override
    public void begin(SnapshotJob job) {
        jobs.add(job);
    }

    @Override
    public void failed(long slot, Throwable cause) {
        told.add("failed " + slot + " " + cause.getMessage());
    }

    /** Has the snapshot under way written and kept. */
    ApplyBench write() throws IOException {
        SnapshotJob job = jobs.get(jobs.size() - 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (!job.writeSome(out)) {
            side.step(1);
        }
        job.close();
        kept.put(job.head().slot(), out.toByteArray());
        effects.put(job.head().slot(), job.effects());
        return this;
    }

    @Override
    public InputStream open(long slot) throws IOException {
        if (!kept.containsKey(slot)) {
            throw new IOException("no such file");
        }
        return new ByteArrayInputStream(kept.get(slot));
    }

    @Override
    public byte[] effects(long slot) {
        return effects.get(slot);
    }

    /** Takes over what another node has kept, and its log. */
    ApplyBench like(ApplyBench other) {
        kept.putAll(other.kept);
        effects.putAll(other.effects);
        log.addAll(other.log);
        return this;
    }

    /** Node 1 of nobody, so that the feed can tell it how the state machine stands. */
    Replica replica() {
        return replica;
    }

    /** The replica thread looks how the state machine stands. */
    ApplyBench look() {
        feed.hear(known, replica);
        return settle();
    }

    private void awaitRoom() {
        waits++;
        facts.poll();
    }

    private long read(long first, long last, int maxBytes, Consumer<Batch> handler) {
        budgets.add(maxBytes);
        if (first < firstKept) {
            return first;
        }
        long next = first;
        int left = maxBytes;
        for (Batch batch : log) {
            if (batch.lastSlot() < next || next > last || next >= lacking) {
                continue;
            }
            Batch part = new Batch().slice(batch, next, last);
            left -= part.length();
            if (left < 0 && next != first) {
                break;
            }
            handler.accept(part);
            next = part.lastSlot() + 1;
        }
        return next;
    }

    /** Opens the session that is named after the next slot. */
    long open() {
        long slot = lastSlot() + 1;
        commit(entry(EntryFormat.OPEN_SESSION, slot, 0, ""));
        return slot;
    }

    void commit(byte[]... entries) {
        feed.committed(keep(entries));
    }

    void commitNoOps(int count) {
        Batch gap = new Batch().slots(1, lastSlot() + 1, count).value(Batch.NO_OP, 1, 7);
        log.add(gap.bytes(new UnsafeBuffer(0, 0), 0, 0));
        feed.committed(gap);
    }

    /** Chosen, as before a start: nobody is told but the journal. */
    Batch keep(byte[]... entries) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = 0;
        for (byte[] entry : entries) {
            buffer.putBytes(length, entry);
            length += entry.length;
        }
        Batch batch =
                new Batch()
                        .slots(1, lastSlot() + 1, entries.length)
                        .value(Batch.COMMANDS, 1, 7)
                        .bytes(buffer, 0, length);
        log.add(batch);
        return batch;
    }

    static byte[] entry(short kind, long session, long sequence, String text) {
        byte[] command = text.getBytes(StandardCharsets.UTF_8);
        UnsafeBuffer buffer =
                new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES + command.length]);
        int at = EntryFormat.putHead(buffer, 0, kind, session, sequence, 1, command.length);
        buffer.putBytes(at, command);
        return buffer.byteArray();
    }

    static byte[] command(long session, long sequence, String text) {
        return entry(EntryFormat.COMMAND, session, sequence, text);
    }

    long lastSlot() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).lastSlot();
    }

    /** Works on both sides until there is nothing left to do. */
    ApplyBench settle() {
        while (feed.catchUp(lastSlot()) + side.step(1) + facts.poll() > 0) {
            // Once more.
        }
        return this;
    }

    List<String> takeTold() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    private String events(String to, UnsafeBuffer view) {
        EventsDecoder message = new EventsDecoder().wrapAndApplyHeader(view, 0, header);
        StringBuilder text =
                new StringBuilder(
                        "%s events behind %d.%d"
                                .formatted(to, message.behindSlot(), message.behindIndex()));
        if (message.lostSlot() != 0) {
            text.append(" lost up to %d.%d".formatted(message.lostSlot(), message.lostIndex()));
        }
        for (EventsDecoder.ItemsDecoder item : message.items()) {
            text.append(" %d.%d ".formatted(item.slot(), item.index()));
            item.wrapPayload(bytes);
            text.append(bytes.getStringWithoutLengthUtf8(0, bytes.capacity()));
        }
        return text.toString();
    }

    @Override
    public void replies(
            long connection,
            long attachment,
            long firstSequence,
            long eventSlot,
            int eventIndex,
            DirectBuffer message,
            int offset,
            int length) {
        UnsafeBuffer view = new UnsafeBuffer(message, offset, length);
        header.wrap(view, 0);
        if (header.templateId() == EventsDecoder.TEMPLATE_ID) {
            told.add(events(connection + "/" + attachment, view));
            return;
        }
        RepliesDecoder.ItemsDecoder items = replies.wrapAndApplyHeader(view, 0, header).items();
        StringBuilder text =
                new StringBuilder(connection + "/" + attachment + " from " + firstSequence);
        while (items.hasNext()) {
            items.next().wrapReply(bytes);
            text.append(' ').append(bytes.getStringWithoutLengthUtf8(0, bytes.capacity()));
        }
        told.add(text.toString());
    }

    @Override
    public void readAnswers(
            long ticket, int count, MutableDirectBuffer message, int offset, int length) {
        UnsafeBuffer view = new UnsafeBuffer(message, offset, length);
        ReadAnswersDecoder.ItemsDecoder items =
                readAnswers.wrapAndApplyHeader(view, 0, header).items();
        StringBuilder text = new StringBuilder("answers " + ticket + "+" + count);
        while (items.hasNext()) {
            items.next();
            text.append(" %d %s %d".formatted(items.read(), items.result(), items.slot()));
            items.wrapAnswer(bytes);
            text.append(' ').append(bytes.getStringWithoutLengthUtf8(0, bytes.capacity()));
        }
        told.add(text.toString().strip());
    }

    /** Hands queries of one client over, known to it as 1, 2 and so on. */
    boolean read(long ticket, long slot, int fragmentBytes, String... queries) {
        ExpandableArrayBuffer items = new ExpandableArrayBuffer();
        int at = 0;
        for (int i = 0; i < queries.length; i++) {
            UnsafeBuffer query = new UnsafeBuffer(queries[i].getBytes(StandardCharsets.UTF_8));
            at = ApplyOrders.putRead(items, at, i + 1, query, 0, query.capacity());
        }
        return orders.reads(ticket, slot, queries.length, fragmentBytes, true, items, at);
    }

    @Override
    public void waits(long ticket) {
        told.add("waits " + ticket);
    }

    @Override
    public void halted(long slot, long decision, Resumption how) {
        known.halted(slot, decision, how);
        told.add("halted " + slot + " against " + decision + " " + how);
    }

    @Override
    public void timers(long timeNs, long stopwatchMs, long readingMs) {}

    @Override
    public void overdue(long session, long lastWord) {
        told.add("overdue " + session + " since " + lastWord);
    }

    @Override
    public void limited(long decidedAt, SessionLimits limits) {
        known.limited(decidedAt, limits);
        told.add("limited at " + decidedAt + " to replies of " + limits.maxReplyBytes());
    }

    @Override
    public void applied(long upTo, long hash) {
        known.upTo(upTo, hash);
        told.add("applied " + upTo);
    }

    @Override
    public void opened(long nonce, SecretHash secret, long session) {
        told.add("opened " + nonce + " as " + session);
    }

    @Override
    public void outcome(
            long question,
            CommandFate fate,
            long slot,
            DirectBuffer reply,
            int offset,
            int length) {
        told.add("outcome " + question + " " + fate + " " + slot + " " + length);
    }

    @Override
    public void notOpened(long nonce, SecretHash secret) {
        told.add("not opened " + nonce);
    }

    @Override
    public void closed(long session) {
        told.add("closed " + session);
    }

    @Override
    public void refused(long session, long slot, long expected, Refusal why) {
        told.add("refused " + session + " slot " + slot + " expected " + expected + " " + why);
    }

    @Override
    public void restored(long slot, long effectsFrom) {
        known.restored(effectsFrom);
        told.add("restored " + slot);
    }

    @Override
    public void ended(long session, SecretHash secret) {
        told.add("ended " + session);
    }

    @Override
    public void withoutEffect(long first, long last) {
        known.withoutEffect(first, last);
        told.add("without effect " + first + " to " + last);
    }

    @Override
    public void hashed(long slot, long hash) {
        known.hashed(slot, hash);
        told.add("hashed " + slot + " " + Long.toHexString(hash));
    }

    @Override
    public void snapshot(long slot, SnapshotAnswer what) {
        known.snapshot(slot, what);
        told.add("snapshot " + slot + " " + what);
    }

    @Override
    public void withoutEffect(long slot) {
        known.withoutEffect(slot);
        told.add("without effect " + slot);
    }
}
