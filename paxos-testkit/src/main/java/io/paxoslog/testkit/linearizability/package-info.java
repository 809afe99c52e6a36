/**
 * Decides whether what clients saw could have come from one object that takes one operation at a
 * time. Knows nothing of clusters, logs or simulations.
 */
package io.paxoslog.testkit.linearizability;
