/**
 * The client of a cluster: finds the leader, keeps commands in flight, resends with the same
 * sequence. Runs in the process of its user and may know nothing of the inside of a node.
 */
package io.paxoslog.client;
