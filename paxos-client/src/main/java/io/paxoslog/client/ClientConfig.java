package io.paxoslog.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Settings of a client. Start from {@link #of} and change what should differ.
 *
 * @param members HOST:PORT of one or more members, PORT being the one their peers use
 * @param windowCommands most commands in flight
 * @param windowBytes most bytes of commands in flight, 4 bytes for each included; a power of two
 * @param silenceMs with commands in flight and nothing heard for so long, other members are asked
 *     for the leader
 * @param resendMs with commands in flight and no reply for so long, all are sent again
 * @param connectTimeoutMs how long {@link PaxosClient#connect} waits for a session
 * @param mtuBytes largest datagram sent; the nodes must be reachable with it; 0: as large as the
 *     network interface that leads to them carries
 * @param errorHandler hears what listeners throw, on the thread that polls; null: it leaves the
 *     method that polled. Of a {@link SharedClient} it hears what broke the client's thread, if
 *     anything does
 */
public record ClientConfig(
        List<String> members,
        int windowCommands,
        int windowBytes,
        int silenceMs,
        int resendMs,
        int connectTimeoutMs,
        int mtuBytes,
        Consumer<Throwable> errorHandler) {

    /**
     * 4,096 commands, 2 MiB, 250 ms of silence, 2 s to resend, 10 s to connect, largest datagrams.
     */
    public static ClientConfig of(List<String> members) {
        return new ClientConfig(members, 4096, 2 * 1024 * 1024, 250, 2_000, 10_000, 0, null);
    }

    /**
     * Checks each setting.
     *
     * @throws IllegalArgumentException naming the setting, what it is and what would be right
     */
    public ClientConfig {
        members = members.stream().distinct().toList();
        require(!members.isEmpty(), "members: at least one HOST:PORT is needed");
        members.forEach(MemberAddress::check);
        require(windowCommands >= 1 && windowCommands <= 1 << 20, "windowCommands: 1 to 1048576");
        require(
                Integer.bitCount(windowBytes) == 1 && windowBytes >= 1024,
                "windowBytes: a power of two from 1024, not " + windowBytes);
        require(silenceMs >= 10, "silenceMs: at least 10, not " + silenceMs);
        require(resendMs >= silenceMs, "resendMs: at least silenceMs, not " + resendMs);
        require(connectTimeoutMs >= 1, "connectTimeoutMs: at least 1, not " + connectTimeoutMs);
        require(
                mtuBytes == 0 || (mtuBytes >= 1024 && mtuBytes <= 65_504 && mtuBytes % 32 == 0),
                "mtuBytes: 0, or a multiple of 32 from 1024 to 65504, not " + mtuBytes);
    }

    /** The same for other members. */
    public ClientConfig withMembers(List<String> others) {
        return new ClientConfig(
                others,
                windowCommands,
                windowBytes,
                silenceMs,
                resendMs,
                connectTimeoutMs,
                mtuBytes,
                errorHandler);
    }

    /** The same with another window. */
    public ClientConfig withWindow(int commands) {
        return new ClientConfig(
                members,
                commands,
                windowBytes,
                silenceMs,
                resendMs,
                connectTimeoutMs,
                mtuBytes,
                errorHandler);
    }

    /** The same with another bound on bytes in flight, a power of two. */
    public ClientConfig withWindowBytes(int bytes) {
        return new ClientConfig(
                members,
                windowCommands,
                bytes,
                silenceMs,
                resendMs,
                connectTimeoutMs,
                mtuBytes,
                errorHandler);
    }

    /** The same with other time-outs, in milliseconds. */
    public ClientConfig withTimeouts(int silence, int resend, int connect) {
        return new ClientConfig(
                members,
                windowCommands,
                windowBytes,
                silence,
                resend,
                connect,
                mtuBytes,
                errorHandler);
    }

    /** The same with another silence after which other members are asked for the leader. */
    public ClientConfig withSilence(Duration silence) {
        return withTimeouts(Milliseconds.of("silence", silence), resendMs, connectTimeoutMs);
    }

    /** The same with another time without a reply after which all is sent again. */
    public ClientConfig withResend(Duration resend) {
        return withTimeouts(silenceMs, Milliseconds.of("resend", resend), connectTimeoutMs);
    }

    /** The same with another time to wait for a session. */
    public ClientConfig withConnectTimeout(Duration timeout) {
        return withTimeouts(silenceMs, resendMs, Milliseconds.of("connectTimeout", timeout));
    }

    /**
     * The same with somebody who hears what listeners throw; what he throws himself leaves the
     * method that polled.
     */
    public ClientConfig withErrorHandler(Consumer<Throwable> handler) {
        return new ClientConfig(
                members,
                windowCommands,
                windowBytes,
                silenceMs,
                resendMs,
                connectTimeoutMs,
                mtuBytes,
                handler);
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
