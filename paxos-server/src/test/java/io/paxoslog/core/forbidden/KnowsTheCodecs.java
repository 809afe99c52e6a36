package io.paxoslog.core.forbidden;

import io.paxoslog.codecs.peer.MessageHeaderDecoder;

/** Breaks R1 and R4 on purpose. */
public final class KnowsTheCodecs {
    final MessageHeaderDecoder header = new MessageHeaderDecoder();
}
