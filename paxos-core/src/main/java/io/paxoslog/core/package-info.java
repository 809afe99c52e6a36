/**
 * The protocol: stable-leader Multi-Paxos as a pure object that hears method calls and speaks
 * method calls. No clock, thread, file, socket, random or logger may live here, nor anything that
 * knows how bytes look on a wire or a disk.
 */
package io.paxoslog.core;
