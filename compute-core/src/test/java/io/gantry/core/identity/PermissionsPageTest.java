package io.gantry.core.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The guide shows the policy as it is. Run with {@code -Dgantry.docs.write=true} to write the page. */
final class PermissionsPageTest {
    @Test
    void theGuideShowsThePolicyAsItIs() throws IOException {
        String page = PermissionsPage.render(RolePolicy.defaults());
        if (Boolean.getBoolean("gantry.docs.write")) {
            Files.createDirectories(PermissionsPage.PATH.getParent());
            Files.writeString(PermissionsPage.PATH, page);
        }

        assertEquals(page, Files.readString(PermissionsPage.PATH), "docs/guide/permissions.md says how to renew it");
    }
}
