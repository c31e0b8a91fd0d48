package io.gantry.jmh.remote;

import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import java.lang.reflect.Method;
import java.util.Arrays;

/** What of a connection is called. */
enum Face {
    HOST(HostConnection.class),
    DISKS(GuestDisks.class),
    SOURCE(MigrationSource.class),
    TARGET(MigrationTarget.class),
    JOB(MigrationJob.class),
    MACHINES(Machines.class);

    private final Class<?> type;

    Face(Class<?> type) {
        this.type = type;
    }

    Class<?> type() {
        return type;
    }

    /** {@return a method of it; no two have the same name} */
    Method method(String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getName() + " has no method " + name));
    }

    static Face of(Class<?> type) {
        return Arrays.stream(values())
                .filter(face -> face.type == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getName() + " is not forwarded"));
    }

    static boolean isFace(Class<?> type) {
        return Arrays.stream(values()).anyMatch(face -> face.type == type);
    }
}
