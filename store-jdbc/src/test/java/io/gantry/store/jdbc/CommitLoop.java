package io.gantry.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A process that commits until it is killed, and writes the key of each row that was acknowledged. */
final class CommitLoop {
    private static final String BODY = "{\"text\":\"" + "x".repeat(500) + "\"}";

    private CommitLoop() {}

    /** Arguments: directory, prefix of keys, and from how many bytes on the database is copied. */
    public static void main(String[] arguments) {
        JdbcStore store =
                new JdbcStore(H2Directory.open(Path.of(arguments[0]), Clock.systemUTC(), Long.parseLong(arguments[2])));
        for (int i = 0; ; i++) {
            String key = arguments[1] + "-" + i;
            store.transact(tx -> tx.insert("t", key, BODY, Map.of("key", key)));
            System.out.writeBytes((key + "\n").getBytes(StandardCharsets.UTF_8));
            System.out.flush();
        }
    }
}
