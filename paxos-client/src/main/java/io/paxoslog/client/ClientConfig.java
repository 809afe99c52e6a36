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
 * @param bind HOST:PORT where answers of nodes are heard; null: at the address that leads to the
 *     members, by any port that is free. One client at a time can have a port, or one {@link
 *     ClientDriver}
 * @param advertisedPort where nodes answer, at the address that they see this client speak from,
 *     which a translation of addresses leads here; 0: where the client listens
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
        String bind,
        int advertisedPort,
        Consumer<Throwable> errorHandler) {

    /** System property: {@link #bind} where nothing else is said. */
    public static final String BIND_PROPERTY = "paxoslog.client.bind";

    /** System property: {@link #advertisedPort} where nothing else is said. */
    public static final String ADVERTISED_PORT_PROPERTY = "paxoslog.client.advertised.port";

    private static final int MOST_PORT = 65_535;

    /**
     * 4,096 commands, 2 MiB, 250 ms of silence, 2 s to resend, 10 s to connect, largest datagrams;
     * answers where system properties say, or anywhere.
     */
    public static ClientConfig of(List<String> members) {
        return new ClientConfig(
                members,
                4096,
                2 * 1024 * 1024,
                250,
                2_000,
                10_000,
                0,
                System.getProperty(BIND_PROPERTY),
                Integer.getInteger(ADVERTISED_PORT_PROPERTY, 0),
                null);
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
        require(
                bind == null || MemberAddress.isPlace(bind),
                "bind: HOST:PORT, the host as a number, not " + bind);
        require(
                advertisedPort >= 0 && advertisedPort <= MOST_PORT,
                "advertisedPort: 0 to 65535, not " + advertisedPort);
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
                bind,
                advertisedPort,
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
                bind,
                advertisedPort,
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
                bind,
                advertisedPort,
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
                bind,
                advertisedPort,
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
                bind,
                advertisedPort,
                handler);
    }

    /**
     * The same for a client in a container or behind a translation of addresses: nodes answer to
     * the address that they see it speak from, at a port that is led through to it. Unless {@link
     * #withBind} says otherwise, it listens at the same port.
     */
    public ClientConfig withAdvertisedPort(int port) {
        return listening(bind, port);
    }

    /** The same, listening for answers at a place of its own, HOST:PORT, the host as a number. */
    public ClientConfig withBind(String place) {
        return listening(place, advertisedPort);
    }

    private ClientConfig listening(String place, int advertised) {
        return new ClientConfig(
                members,
                windowCommands,
                windowBytes,
                silenceMs,
                resendMs,
                connectTimeoutMs,
                mtuBytes,
                place,
                advertised,
                errorHandler);
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
