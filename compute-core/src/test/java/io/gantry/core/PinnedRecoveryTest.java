package io.gantry.core;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link RecoveryTest}, of the verbs that place guests, for guests with CPUs of their own. */
final class PinnedRecoveryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Scenes.class,
            names = {
                "CREATE",
                "REBUILD",
                "UNSHELVE",
                "RESIZE",
                "MIGRATE",
                "CONFIRM_RESIZE",
                "REVERT_RESIZE",
                "LIVE_MIGRATE",
                "EVACUATE"
            })
    void aVerbIsCarriedOnFromEachPointOfItsJournal(Scenes scene) {
        new CrashDrill(directory, true).carriedOnFromEachPoint(scene);
    }

    @ParameterizedTest
    @EnumSource(
            value = Scenes.class,
            names = {"CREATE", "UNSHELVE", "RESIZE", "MIGRATE", "LIVE_MIGRATE", "EVACUATE"})
    void aVerbIsUndoneFromEachPointOfItsJournal(Scenes scene) {
        new CrashDrill(directory, true).undoneFromEachPoint(scene);
    }
}
