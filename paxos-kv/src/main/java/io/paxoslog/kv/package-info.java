/**
 * A key-value store on the log: etcd's data model as a state machine, its bytes, and what a client
 * needs to speak to it. No socket, no thread and no clock lives here.
 */
package io.paxoslog.kv;
