package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wrong settings are named. */
class ClientConfigTest {

    @Test
    void namesAMemberThatIsNoAddress() {
        for (String wrong : List.of("", "host", "host:", ":9000", "host:x", "host:0", "h:65535")) {
            assertThatThrownBy(() -> ClientConfig.of(List.of("10.0.0.1:9000", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "member '" + wrong + "': HOST:PORT is needed, PORT from 1 to 65534");
        }
    }

    @Test
    void wantsAMember() {
        assertThatThrownBy(() -> ClientConfig.of(List.of())).hasMessageStartingWith("members:");
    }

    @Test
    void namesTheSettingThatIsWrong() {
        ClientConfig config = ClientConfig.of(List.of("a:1", "a:1"));
        assertThat(config.members()).containsExactly("a:1");
        assertThatThrownBy(() -> config.withWindow(0)).hasMessageStartingWith("windowCommands:");
        assertThatThrownBy(() -> config.withWindowBytes(1000))
                .hasMessageStartingWith("windowBytes:");
        assertThatThrownBy(() -> config.withTimeouts(1, 1, 1)).hasMessageStartingWith("silenceMs:");
        assertThatThrownBy(() -> config.withTimeouts(50, 20, 1))
                .hasMessageStartingWith("resendMs:");
    }

    @Test
    void namesAPlaceToListenThatIsNone() {
        ClientConfig config = ClientConfig.of(List.of("a:1"));
        for (String right : List.of("0.0.0.0:4000", "[::]:4000", "10.0.0.1:0")) {
            assertThat(config.withBind(right).bind()).isEqualTo(right);
        }
        for (String wrong : List.of("", "4000", "host:4000", "10.0.0.1:x", "10.0.0.1:-1")) {
            assertThatThrownBy(() -> config.withBind(wrong)).hasMessageStartingWith("bind:");
        }
        assertThat(config.withAdvertisedPort(4000).withBind("0.0.0.0:1").advertisedPort())
                .isEqualTo(4000);
        assertThatThrownBy(() -> config.withAdvertisedPort(65_536))
                .hasMessage("advertisedPort: 0 to 65535, not 65536");
    }

    @Test
    void timesAreTakenInTypesOfTheirOwn() {
        ClientConfig config =
                ClientConfig.of(List.of("a:1"))
                        .withSilence(Duration.ofMillis(100))
                        .withResend(Duration.ofSeconds(3))
                        .withConnectTimeout(Duration.ofNanos(1));
        assertThat(config.silenceMs()).isEqualTo(100);
        assertThat(config.resendMs()).isEqualTo(3_000);
        assertThat(config.connectTimeoutMs()).isEqualTo(1);
        assertThat(config.withResend(Duration.ofSeconds(Long.MAX_VALUE)).resendMs())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(Milliseconds.of("x", Duration.ofMillis(Integer.MAX_VALUE)))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(Milliseconds.of("x", Duration.ofSeconds(2_147_482, 999_999_999)))
                .isEqualTo(2_147_483_000);
        assertThatThrownBy(() -> config.withSilence(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("silence: 0 or more, not PT-0.001S");
        assertThatThrownBy(() -> config.withResend(null)).hasMessage("resend: 0 or more, not null");
    }

    @Test
    void errorsComeBackFromTheirNumbers() {
        for (ClientError error : ClientError.values()) {
            assertThat(error.asResult()).isNegative();
            assertThat(ClientError.of(error.asResult())).isEqualTo(error);
        }
        assertThatThrownBy(() -> ClientError.of(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
