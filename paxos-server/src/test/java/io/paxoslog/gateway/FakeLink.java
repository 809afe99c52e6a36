package io.paxoslog.gateway;

import io.paxoslog.codecs.client.DecidedDecoder;
import io.paxoslog.codecs.client.EventsDecoder;
import io.paxoslog.codecs.client.FailureDecoder;
import io.paxoslog.codecs.client.GapDecoder;
import io.paxoslog.codecs.client.KeepAliveWantedDecoder;
import io.paxoslog.codecs.client.LogEntriesDecoder;
import io.paxoslog.codecs.client.MembersResponseDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.OutcomeResponseDecoder;
import io.paxoslog.codecs.client.ReadAnswersDecoder;
import io.paxoslog.codecs.client.RedirectDecoder;
import io.paxoslog.codecs.client.RepliesDecoder;
import io.paxoslog.codecs.client.SessionEndedDecoder;
import io.paxoslog.codecs.client.SessionOpenedDecoder;
import io.paxoslog.codecs.client.SnapshotResponseDecoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.TailEndDecoder;
import io.paxoslog.codecs.client.TailEntriesDecoder;
import io.paxoslog.codecs.client.WelcomeDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A way back to a client that takes as much as the test lets it, and notes it as text. */
final class FakeLink implements ResponseLink {
    final List<String> said = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    int fragmentBytes = 1024;
    int messages;

    /** What the last status said of the disk. */
    String storage = "";

    int maxInFlight;
    int maxInFlightBytes;
    boolean isConnected = true;
    boolean isRefused;
    boolean isBroken;
    boolean isClosed;

    /** What answers to reads were for. */
    final List<Long> links = new ArrayList<>();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    @Override
    public boolean isConnected() {
        return isConnected;
    }

    @Override
    public boolean isRefused() {
        return isRefused;
    }

    @Override
    public boolean isBroken() {
        return isBroken;
    }

    @Override
    public int fragmentBytes() {
        return fragmentBytes;
    }

    @Override
    public boolean hasRoom() {
        return room > 0;
    }

    @Override
    public boolean send(DirectBuffer message, int length) {
        if (room == 0) {
            return false;
        }
        room--;
        messages++;
        note(message);
        return true;
    }

    private void note(DirectBuffer message) {
        header.wrap(message, 0);
        switch (header.templateId()) {
            case WelcomeDecoder.TEMPLATE_ID -> {
                WelcomeDecoder welcome = new WelcomeDecoder();
                welcome.wrapAndApplyHeader(message, 0, header);
                String takes = welcome.takesCommands().name();
                said.add("welcome leader " + welcome.leader() + " takes " + takes);
            }
            case RedirectDecoder.TEMPLATE_ID -> {
                RedirectDecoder redirect = new RedirectDecoder();
                redirect.wrapAndApplyHeader(message, 0, header);
                said.add("redirect " + redirect.leader() + " " + redirect.leaderAddress());
            }
            case OutcomeResponseDecoder.TEMPLATE_ID -> {
                OutcomeResponseDecoder outcome = new OutcomeResponseDecoder();
                outcome.wrapAndApplyHeader(message, 0, header);
                said.add(
                        "outcome "
                                + outcome.correlation()
                                + " "
                                + outcome.fate()
                                + " "
                                + outcome.slot()
                                + " "
                                + outcome.replyLength());
            }
            case SessionOpenedDecoder.TEMPLATE_ID -> {
                SessionOpenedDecoder opened = new SessionOpenedDecoder();
                opened.wrapAndApplyHeader(message, 0, header);
                said.add("opened " + opened.nonce() + " as " + opened.session());
                maxInFlight = opened.maxInFlight();
                maxInFlightBytes = opened.maxInFlightBytes();
            }
            case KeepAliveWantedDecoder.TEMPLATE_ID -> {
                KeepAliveWantedDecoder wanted = new KeepAliveWantedDecoder();
                wanted.wrapAndApplyHeader(message, 0, header);
                said.add("alive " + wanted.session() + " every " + wanted.everyMs());
            }
            case RepliesDecoder.TEMPLATE_ID -> noteReplies(message);
            case ReadAnswersDecoder.TEMPLATE_ID -> noteAnswers(message);
            case EventsDecoder.TEMPLATE_ID -> noteEvents(message);
            case GapDecoder.TEMPLATE_ID -> {
                GapDecoder gap = new GapDecoder();
                gap.wrapAndApplyHeader(message, 0, header);
                said.add("gap " + gap.expected() + " attempt " + gap.attempt());
            }
            case SessionEndedDecoder.TEMPLATE_ID -> {
                SessionEndedDecoder ended = new SessionEndedDecoder();
                ended.wrapAndApplyHeader(message, 0, header);
                said.add("ended " + ended.session() + " " + ended.reason());
            }
            case FailureDecoder.TEMPLATE_ID -> {
                FailureDecoder failure = new FailureDecoder();
                failure.wrapAndApplyHeader(message, 0, header);
                said.add("failure " + failure.code() + " bound " + failure.bound());
            }
            case StatusResponseDecoder.TEMPLATE_ID -> {
                StatusResponseDecoder status = new StatusResponseDecoder();
                status.wrapAndApplyHeader(message, 0, header);
                said.add("status " + status.correlation() + " " + status.role());
                storage =
                        "from %d snapshot %d bytes %d %d free %d"
                                .formatted(
                                        status.firstKept(),
                                        status.snapshotSlot(),
                                        status.journalBytes(),
                                        status.snapshotBytes(),
                                        status.freeBytes());
            }
            case SnapshotResponseDecoder.TEMPLATE_ID -> {
                SnapshotResponseDecoder snapshot = new SnapshotResponseDecoder();
                snapshot.wrapAndApplyHeader(message, 0, header);
                said.add(
                        "snapshot %d %s slot %d bytes %d ms %d %s"
                                .formatted(
                                        snapshot.correlation(),
                                        snapshot.state(),
                                        snapshot.slot(),
                                        snapshot.bytes(),
                                        snapshot.ms(),
                                        snapshot.reason())
                                .strip());
            }
            case DecidedDecoder.TEMPLATE_ID -> {
                DecidedDecoder decided = new DecidedDecoder();
                decided.wrapAndApplyHeader(message, 0, header);
                said.add(
                        "decided %d %s %d %s"
                                .formatted(
                                        decided.correlation(),
                                        decided.result(),
                                        decided.slot(),
                                        decided.reason())
                                .strip());
            }
            case MembersResponseDecoder.TEMPLATE_ID -> {
                MembersResponseDecoder members = new MembersResponseDecoder();
                members.wrapAndApplyHeader(message, 0, header);
                said.add("members " + members.correlation() + " of slot " + members.slot());
            }
            case TailEntriesDecoder.TEMPLATE_ID -> noteTail(message);
            case LogEntriesDecoder.TEMPLATE_ID -> noteLog(message);
            case TailEndDecoder.TEMPLATE_ID -> {
                TailEndDecoder end = new TailEndDecoder();
                end.wrapAndApplyHeader(message, 0, header);
                said.add("tail end " + end.nextSlot());
            }
            default -> throw new AssertionError("template " + header.templateId());
        }
    }

    private void noteReplies(DirectBuffer message) {
        RepliesDecoder replies = new RepliesDecoder();
        replies.wrapAndApplyHeader(message, 0, header);
        RepliesDecoder.ItemsDecoder items = replies.items();
        while (items.hasNext()) {
            items.next();
            long sequence = items.sequence();
            long slot = items.slot();
            items.wrapReply(bytes);
            said.add("reply " + sequence + " at " + slot + " " + bytes.capacity());
        }
    }

    private void noteEvents(DirectBuffer message) {
        EventsDecoder events = new EventsDecoder();
        events.wrapAndApplyHeader(message, 0, header);
        said.add("events behind " + events.behindSlot() + "." + events.behindIndex());
        if (events.lostSlot() != 0) {
            said.add("lost up to " + events.lostSlot() + "." + events.lostIndex());
        }
        EventsDecoder.ItemsDecoder items = events.items();
        while (items.hasNext()) {
            items.next();
            String position = items.slot() + "." + items.index();
            items.wrapPayload(bytes);
            said.add(position + " " + bytes.getStringWithoutLengthUtf8(0, bytes.capacity()));
        }
    }

    private void noteAnswers(DirectBuffer message) {
        ReadAnswersDecoder answers = new ReadAnswersDecoder();
        answers.wrapAndApplyHeader(message, 0, header);
        links.add(answers.link());
        ReadAnswersDecoder.ItemsDecoder items = answers.items();
        while (items.hasNext()) {
            items.next();
            String what = "read " + items.read() + " " + items.result();
            what += items.slot() == 0 ? "" : " at " + items.slot();
            items.wrapAnswer(bytes);
            String text = bytes.getStringWithoutLengthUtf8(0, bytes.capacity());
            said.add((what + " " + text).strip());
        }
    }

    private void noteTail(DirectBuffer message) {
        TailEntriesDecoder entries = new TailEntriesDecoder();
        entries.wrapAndApplyHeader(message, 0, header);
        TailEntriesDecoder.ItemsDecoder items = entries.items();
        while (items.hasNext()) {
            long slot = items.next().slot();
            items.wrapCommand(bytes);
            said.add("tail " + slot + " " + bytes.getStringWithoutLengthUtf8(0, bytes.capacity()));
        }
    }

    private void noteLog(DirectBuffer message) {
        LogEntriesDecoder entries = new LogEntriesDecoder();
        entries.wrapAndApplyHeader(message, 0, header);
        LogEntriesDecoder.ItemsDecoder items = entries.items();
        StringBuilder commands = new StringBuilder();
        while (items.hasNext()) {
            items.next();
            commands.append(" ").append(items.slot()).append("=").append(items.session());
            commands.append("/").append(items.sequence()).append("@").append(items.timestamp());
            items.wrapCommand(bytes);
            commands.append("=").append(bytes.getStringWithoutLengthUtf8(0, bytes.capacity()));
        }
        said.add(
                "log of %d from %d to %d applied %d%s"
                        .formatted(
                                entries.clusterId(),
                                entries.firstSlot(),
                                entries.nextSlot() - 1,
                                entries.applied(),
                                commands));
    }

    /** What was said since this was last asked. */
    List<String> takeSaid() {
        List<String> taken = List.copyOf(said);
        said.clear();
        return taken;
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
