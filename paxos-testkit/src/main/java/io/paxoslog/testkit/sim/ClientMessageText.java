package io.paxoslog.testkit.sim;

import io.paxoslog.codecs.client.CloseSessionDecoder;
import io.paxoslog.codecs.client.CommandsDecoder;
import io.paxoslog.codecs.client.EventsDecoder;
import io.paxoslog.codecs.client.EventsTakenDecoder;
import io.paxoslog.codecs.client.FailureDecoder;
import io.paxoslog.codecs.client.GapDecoder;
import io.paxoslog.codecs.client.HelloDecoder;
import io.paxoslog.codecs.client.KeepAliveDecoder;
import io.paxoslog.codecs.client.KeepAliveWantedDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.OpenSessionDecoder;
import io.paxoslog.codecs.client.ReadAnswersDecoder;
import io.paxoslog.codecs.client.ReadsDecoder;
import io.paxoslog.codecs.client.RedirectDecoder;
import io.paxoslog.codecs.client.RepliesDecoder;
import io.paxoslog.codecs.client.ResumeDecoder;
import io.paxoslog.codecs.client.SessionEndedDecoder;
import io.paxoslog.codecs.client.SessionOpenedDecoder;
import io.paxoslog.codecs.client.WelcomeDecoder;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages between clients and nodes as traces show them. */
final class ClientMessageText {
    private ClientMessageText() {}

    static String of(byte[] message) {
        UnsafeBuffer buffer = new UnsafeBuffer(message);
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
        return switch (header.templateId()) {
            case HelloDecoder.TEMPLATE_ID -> "Hello";
            case WelcomeDecoder.TEMPLATE_ID ->
                    new WelcomeDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case RedirectDecoder.TEMPLATE_ID -> "Redirect";
            case OpenSessionDecoder.TEMPLATE_ID -> "OpenSession";
            case SessionOpenedDecoder.TEMPLATE_ID ->
                    new SessionOpenedDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case ResumeDecoder.TEMPLATE_ID ->
                    new ResumeDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case CommandsDecoder.TEMPLATE_ID -> commands(buffer, header);
            case RepliesDecoder.TEMPLATE_ID -> replies(buffer, header);
            case GapDecoder.TEMPLATE_ID ->
                    new GapDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case CloseSessionDecoder.TEMPLATE_ID -> "CloseSession";
            case KeepAliveDecoder.TEMPLATE_ID -> "KeepAlive";
            case KeepAliveWantedDecoder.TEMPLATE_ID -> "KeepAliveWanted";
            case SessionEndedDecoder.TEMPLATE_ID -> "SessionEnded";
            case FailureDecoder.TEMPLATE_ID ->
                    new FailureDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case ReadsDecoder.TEMPLATE_ID ->
                    new ReadsDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case EventsDecoder.TEMPLATE_ID ->
                    new EventsDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case EventsTakenDecoder.TEMPLATE_ID ->
                    new EventsTakenDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            case ReadAnswersDecoder.TEMPLATE_ID ->
                    new ReadAnswersDecoder().wrapAndApplyHeader(buffer, 0, header).toString();
            default -> "template " + header.templateId();
        };
    }

    private static String commands(UnsafeBuffer buffer, MessageHeaderDecoder header) {
        CommandsDecoder commands = new CommandsDecoder().wrapAndApplyHeader(buffer, 0, header);
        return "Commands session="
                + commands.session()
                + " awaited="
                + commands.awaited()
                + " from="
                + commands.firstSequence()
                + " count="
                + commands.items().count();
    }

    private static String replies(UnsafeBuffer buffer, MessageHeaderDecoder header) {
        RepliesDecoder replies = new RepliesDecoder().wrapAndApplyHeader(buffer, 0, header);
        StringBuilder text = new StringBuilder("Replies session=" + replies.session());
        for (RepliesDecoder.ItemsDecoder item : replies.items()) {
            text.append(' ').append(item.sequence()).append('@').append(item.slot());
            item.skipReply();
        }
        return text.toString();
    }
}
