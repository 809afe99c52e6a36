/**
 * What is built from the store by its clients, as etcd's concurrency package has it: leases that
 * are kept alive, locks, elections. Each waits on the thread that calls it; a session has a thread.
 */
package io.paxoslog.kv.recipe;
