package io.paxoslog.server;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/**
 * Whatever stands in a settings file or the environment: settings, or one line that says why not.
 */
@Tag("fuzz")
class NodeConfigFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anySettingsAreTakenOrRefusedWithALine(FuzzedDataProvider data) {
        Map<String, String> environment = new HashMap<>();
        for (int i = data.consumeInt(0, 4); i > 0; i--) {
            Setting<?> setting = Settings.ALL.get(data.consumeInt(0, Settings.ALL.size() - 1));
            environment.put(setting.variable(), data.consumeString(40));
        }
        Path file = write(data.consumeRemainingAsBytes());
        try {
            NodeConfig.builder().file(file).environment(environment).build();
        } catch (ConfigException e) {
            requireOneLine(e.getMessage());
        } finally {
            delete(file);
        }
    }

    private static void requireOneLine(String message) {
        if (message.isBlank() || message.lines().count() != 1) {
            throw new AssertionError("not one line: " + message);
        }
    }

    private static Path write(byte[] bytes) {
        try {
            return Files.write(Files.createTempFile("settings", ".conf"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
