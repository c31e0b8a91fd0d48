package io.gantry.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A process that commits until it is killed, and writes the key of each row that was acknowledged. */
final class CommitLoop {
    private CommitLoop() {}

    public static void main(String[] arguments) {
        JdbcStore store = JdbcStore.h2(Path.of(arguments[0]));
        for (int i = 0; ; i++) {
            String key = arguments[1] + "-" + i;
            store.transact(tx -> tx.insert("t", key, "{\"text\":\"" + "x".repeat(500) + "\"}", Map.of("key", key)));
            System.out.writeBytes((key + "\n").getBytes(StandardCharsets.UTF_8));
            System.out.flush();
        }
    }
}
