package io.paxoslog.service;

import java.util.SortedMap;

/**
 * What a snapshot is of, as plain values.
 *
 * @param slot everything up to it is applied
 * @param clusterId the cluster whose log it is; 0 when no membership was met
 * @param timeNs agreed time after the slot, nanoseconds since 1970
 * @param hash over everything applied
 * @param memberships slot and encoded entry of the last two valid memberships
 * @param decisions slot and encoded entry of the decisions in force, the latest one about each slot
 */
public record AppliedHead(
        long slot,
        long clusterId,
        long timeNs,
        long hash,
        SortedMap<Long, byte[]> memberships,
        SortedMap<Long, byte[]> decisions) {}
