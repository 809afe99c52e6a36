/**
 * Wires a node together and runs its one replica thread. The only package that creates objects
 * across modules; no protocol rule lives here.
 */
package io.paxoslog.server;
