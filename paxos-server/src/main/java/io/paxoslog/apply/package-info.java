/**
 * The hand-over between the thread of a replica and the one that runs its state machine: what is
 * chosen goes one way, what came of it the other, by value. Starts no thread and looks at no clock;
 * nothing of the session table is read by the replica's side.
 */
package io.paxoslog.apply;
