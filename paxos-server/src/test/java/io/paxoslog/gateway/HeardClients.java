package io.paxoslog.gateway;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.core.Change;
import io.paxoslog.core.Decision;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Notes what clients said as text. */
final class HeardClients implements ClientMessages {
    final List<String> heard = new ArrayList<>();
    final List<SecretHash> secrets = new ArrayList<>();
    private final CommandBatch batch = new CommandBatch(64 * 1024);

    @Override
    public void hello(int image, long link, int protocolVersion, String responseEndpoint) {
        heard.add("hello " + link + " v" + protocolVersion + " " + responseEndpoint);
    }

    @Override
    public void keepAlive(int image, long session) {
        heard.add("alive " + session);
    }

    @Override
    public boolean openSession(int image, long nonce, SecretHash secret, boolean isKeptAlive) {
        heard.add("open " + nonce + (isKeptAlive ? " kept alive" : ""));
        secrets.add(secret);
        return true;
    }

    @Override
    public void eventsTaken(int image, long session, long slot, int index) {
        heard.add("events taken " + session + " up to " + slot + "." + index);
    }

    @Override
    public void resume(int image, Claim claim) {
        secrets.add(claim.secret());
        heard.add(
                "resume "
                        + claim.session()
                        + " from "
                        + claim.awaited()
                        + " attempt "
                        + claim.attempt());
    }

    @Override
    public boolean commands(
            int image, long session, long awaited, long firstSequence, CommandItems items) {
        batch.clear();
        items.addTo(batch, (short) 1, session, awaited, firstSequence);
        heard.add(
                "commands "
                        + session
                        + " awaited "
                        + awaited
                        + " from "
                        + firstSequence
                        + " count "
                        + items.count()
                        + " bytes "
                        + items.commandBytes()
                        + " largest "
                        + items.largest());
        return true;
    }

    @Override
    public boolean closeSession(int image, long session, SecretHash secret) {
        heard.add("close " + session);
        secrets.add(secret);
        return true;
    }

    @Override
    public boolean outcome(
            int image,
            long correlation,
            long clusterId,
            long session,
            SecretHash secret,
            long sequence) {
        heard.add(
                "outcome " + correlation + " of " + sequence + " in " + session + "/" + clusterId);
        secrets.add(secret);
        return true;
    }

    @Override
    public boolean reads(
            int image,
            ReadKind kind,
            long clusterId,
            long slot,
            int timeoutMs,
            CommandItems items) {
        ExpandableArrayBuffer laidOut = new ExpandableArrayBuffer();
        items.layOutReads(laidOut);
        heard.add(
                "reads %s of %d at %d within %d count %d first %d bytes %d"
                        .formatted(
                                kind,
                                clusterId,
                                slot,
                                timeoutMs,
                                items.count(),
                                ApplyOrders.readAt(laidOut, 0),
                                items.commandBytes()));
        return true;
    }

    @Override
    public void status(int image, long correlation) {
        heard.add("status " + correlation);
    }

    @Override
    public void decide(int image, long correlation, Decision decision) {
        heard.add("decide " + image + " " + correlation + " " + decision);
    }

    @Override
    public void snapshot(int image, long correlation) {
        heard.add("snapshot " + correlation);
    }

    @Override
    public void tail(int image, long correlation, long fromSlot, long toSlot) {
        heard.add("tail " + correlation + " " + fromSlot + ".." + toSlot);
    }

    @Override
    public void subscribe(int image, long correlation, long clusterId, long fromSlot) {
        heard.add("subscribe " + correlation + " of " + clusterId + " from " + fromSlot);
    }

    @Override
    public void unsubscribe(int image, long correlation) {
        heard.add("unsubscribe " + correlation);
    }

    @Override
    public void version(int image, long correlation) {
        heard.add("version " + correlation);
    }

    @Override
    public void members(int image, long correlation) {
        heard.add("members " + correlation);
    }

    @Override
    public void change(int image, long correlation, Change change, boolean saysSeats) {
        heard.add("change " + correlation + (saysSeats ? " " : " of old ") + change);
    }

    @Override
    public void transfer(int image, long correlation, int node) {
        heard.add("transfer " + correlation + " to " + node);
    }

    @Override
    public void giveUpChange(int image, long correlation) {
        heard.add("give up " + correlation);
    }
}
