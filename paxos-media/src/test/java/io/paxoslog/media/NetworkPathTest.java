package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPathTest {
    private final HostNames names = new HostNames(new ScriptedLookup(), System::nanoTime);

    @ParameterizedTest
    @CsvSource({"65536,65440", "1500,1408", "9000,8896", "1280,1184", "576,1024", "100000,65504"})
    void aDatagramFillsWhatTheInterfaceCarries(int carried, int datagram) {
        assertThat(NetworkPath.datagramBytes(carried)).isEqualTo(datagram).isGreaterThan(0);
        assertThat(datagram % 32).isZero();
    }

    @Test
    void theLoopbackInterfaceIsFoundByItsAddress() throws SocketException {
        int carried = NetworkInterface.getByName("lo").getMTU();
        assertThat(NetworkPath.datagramBytesTowards(names, List.of("127.0.0.1")))
                .isEqualTo(NetworkPath.datagramBytes(carried));
    }

    @Test
    void aHostThatIsUnknownCountsAsOneBehindCommonEthernet() {
        assertThat(NetworkPath.datagramBytesTowards(names, List.of("127.0.0.1", "late")))
                .isEqualTo(1408);
    }

    @Test
    void theLocalAddressTowardsAnUnknownHostIsTheLoopbackAddress() {
        assertThat(NetworkPath.localAddressTowards(null, 1).isLoopbackAddress()).isTrue();
    }
}
