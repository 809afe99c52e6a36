package io.paxoslog.gateway;

import io.paxoslog.codecs.client.TransferState;

/** How far leadership was on its way to a node when it was asked for. */
record TransferAnswer(long correlation, TransferState state, String reason) {}
