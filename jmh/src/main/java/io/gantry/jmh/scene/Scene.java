package io.gantry.jmh.scene;

import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;

/**
 * A verb, and the state in which it is asked for.
 *
 * @param verb the verb
 * @param name of the scene
 * @param prompt whether the control node's deletes and shelves are final at once
 * @param failing after which step a failure is injected; empty for the last one, {@link #NONE} for none
 * @param setting makes the instance
 * @param request asks for the verb
 */
public record Scene(String verb, String name, boolean prompt, String failing, Setting setting, Request request) {
    /** No failure is injected. */
    public static final String NONE = "-";

    /** Makes an instance. */
    @FunctionalInterface
    public interface Setting {
        /** {@return the instance; any id if the verb is on none} */
        InstanceId set(Stage stage);
    }

    /** Asks for a verb. */
    @FunctionalInterface
    public interface Request {
        /** {@return the operation} */
        Operation<?> ask(Stage stage, InstanceId id, RequestOptions options);
    }
}
