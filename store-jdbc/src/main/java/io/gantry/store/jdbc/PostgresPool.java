package io.gantry.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.gantry.error.InvalidRequest;
import io.gantry.spi.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.ServiceLoader;

/** A pool of connections of the store's own. */
final class PostgresPool {
    private static final int SIZE = 10;
    private static final long WAIT_MILLIS = 10_000;
    private static final String CONNECT_SECONDS = "10";

    /** Longer than a statement may wait for a lock. A server that is cut off answers never. */
    private static final String ANSWER_SECONDS = "60";

    private PostgresPool() {}

    static PostgresBackend open(String url, String user, String password) {
        Driver driver = driver(url);
        tryOnce(driver, url, user, password);
        HikariConfig config = new HikariConfig();
        config.setPoolName("gantry-store");
        config.setDriverClassName(driver.getClass().getName());
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(SIZE);
        config.setConnectionTimeout(WAIT_MILLIS);
        timeouts(config.getDataSourceProperties());
        HikariDataSource pool = new HikariDataSource(config);
        try {
            return PostgresBackend.open(pool, pool::close);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static Driver driver(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            for (Driver driver : ServiceLoader.load(Driver.class, PostgresPool.class.getClassLoader())) {
                if (accepts(driver, url)) {
                    return driver;
                }
            }
        }
        throw new InvalidRequest(
                "url",
                PostgresBackend.withoutSecrets(url),
                "is not the URL of a PostgreSQL database, or the driver is not on the class path",
                "Write it as jdbc:postgresql://host:port/database, and see that org.postgresql:postgresql is there");
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Without the pool, which tries again until its deadline and hides why. */
    private static void tryOnce(Driver driver, String url, String user, String password) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        timeouts(properties);
        String where = PostgresBackend.withoutSecrets(url);
        try (Connection connection = driver.connect(url, properties)) {
            if (connection == null) {
                throw new InvalidRequest("url", where, "is refused by the driver", "Check it");
            }
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("28")) {
                throw new InvalidRequest(
                        "user", user, "is refused by " + where + ": " + e.getMessage(), "Check user and password");
            }
            if (state.equals("3D000")) {
                throw new InvalidRequest("url", where, "names no database that is there", "Create it first");
            }
            throw new StoreUnavailable(
                    where,
                    "the database does not answer: " + e.getMessage(),
                    "Check its address, that it runs, and that it accepts connections from here",
                    e);
        }
    }

    private static void timeouts(Properties properties) {
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "gantry-store");
    }
}
