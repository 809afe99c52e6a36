/**
 * What a node counts, and where an operator reads it. Counters only: nothing here may change what a
 * node does.
 */
package io.paxoslog.metrics;
