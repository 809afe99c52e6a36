/**
 * Plays contenders against each other in processes of their own, and notes what each run gave. What
 * the notes say together is the business of the reports.
 */
package io.paxoslog.bench.cluster;
