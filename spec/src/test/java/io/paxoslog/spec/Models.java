package io.paxoslog.spec;

import java.nio.file.Path;
import java.util.List;

/** Which models of a catalogue this build runs. */
final class Models {
    private static final boolean LARGE_TOO = Boolean.getBoolean("models.large");
    private static final String PREFIX = System.getProperty("model", "");

    private Models() {}

    static List<Model> chosenFrom(Path catalogue) {
        return Catalogue.read(catalogue).stream().filter(Models::isChosen).toList();
    }

    private static boolean isChosen(Model model) {
        return PREFIX.isEmpty() ? LARGE_TOO || !model.isLarge() : model.name().startsWith(PREFIX);
    }
}
