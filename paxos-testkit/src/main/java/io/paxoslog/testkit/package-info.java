/**
 * The test kit as users of PaxosLog see it: their own state machine on simulated clusters. What
 * plays them lies in {@code io.paxoslog.testkit.sim}.
 */
package io.paxoslog.testkit;
