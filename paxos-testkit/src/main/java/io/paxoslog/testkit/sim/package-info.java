/**
 * The simulator: the production classes of the core on a virtual network, disk and clock, in one
 * thread, under one seed. Nothing here may read a real clock, sleep, open a socket or a file of its
 * own.
 */
package io.paxoslog.testkit.sim;
