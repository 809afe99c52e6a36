/**
 * Wires a node together and runs its threads: the one replica thread, and the one that applies. The
 * only package that creates objects across modules; no protocol rule lives here.
 */
package io.paxoslog.server;
