package io.paxoslog.service.forbidden;

import java.util.Random;

/** Breaks R2 on purpose. */
public final class DrawsWithoutSeed {
    final Random random = new Random();
}
