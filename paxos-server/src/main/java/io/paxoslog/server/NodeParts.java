package io.paxoslog.server;

import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.core.Replica;
import io.paxoslog.gateway.ClientGateway;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.metrics.ReplicaCounters;
import io.paxoslog.transport.PeerTransport;

/** What one node is made of. */
record NodeParts(
        Ticks ticks,
        Media media,
        PeerTransport peers,
        ClientGateway clients,
        ChronicleJournal journal,
        Replica replica,
        ApplyFeed feed,
        Applying applying,
        ApplyWatch applyWatch,
        LogKeeper keeper,
        LocalTails localTails,
        ReplicaCounters counters,
        SyncWatch syncWatch,
        RoomWatch roomWatch,
        DamageWatch damage,
        Scrubber scrubber,
        MembersWatch members,
        Farewell farewell,
        VersionWatch version) {}
