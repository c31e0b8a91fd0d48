package io.gantry.jmh.remote;

import io.gantry.error.HypervisorError;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.driver.MigrationJob;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** One call by the name of its method: both sides of it. */
final class Invocation {
    private Invocation() {}

    /** Does what is asked and answers. */
    static void serve(Wire wire, Face face, Object target, ToIntFunction<MigrationJob> keep) throws IOException {
        Method method = face.method(wire.readText());
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = Values.readArgument(wire, types[i]);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            wire.number(Wire.FAILURE);
            wire.failure(e.getCause() == null ? e : e.getCause());
            return;
        } catch (IllegalAccessException e) {
            throw new IOException(e);
        }
        wire.number(Wire.RESULT);
        if (result instanceof MigrationJob job) {
            wire.number(keep.applyAsInt(job));
        } else if (optionalFace(method)) {
            wire.number(((Optional<?>) result).isPresent() ? 1 : 0);
        } else {
            Values.result(wire, result);
        }
    }

    /**
     * Asks and reads the answer.
     *
     * @param stub makes the near side of what the answer names: a face, and a job's number
     */
    static @Nullable Object call(
            Wire wire, Method method, Object[] arguments, String host, Function<Answer, Object> stub) throws Throwable {
        wire.text(method.getName());
        for (Object argument : arguments) {
            Values.argument(wire, argument);
        }
        wire.flush();
        while (true) {
            switch (wire.readNumber()) {
                case Wire.CONTENT -> Values.content(wire, source(arguments));
                case Wire.FAILURE -> throw wire.readFailure();
                case Wire.RESULT -> {
                    return result(wire, method, stub);
                }
                default -> throw new HypervisorError(host, 0, 0, "answered what nobody understands", null);
            }
        }
    }

    /**
     * What an answer names.
     *
     * @param face of what kind it is
     * @param job its number, if it is a job
     */
    record Answer(Face face, int job) {}

    private static @Nullable Object result(Wire wire, Method method, Function<Answer, Object> stub) throws IOException {
        if (method.getReturnType() == MigrationJob.class) {
            return stub.apply(new Answer(Face.JOB, wire.readNumber()));
        }
        if (optionalFace(method)) {
            Class<?> type = Values.elementType(method.getGenericReturnType());
            return wire.readNumber() == 0 ? Optional.empty() : Optional.of(stub.apply(new Answer(Face.of(type), 0)));
        }
        return Values.readResult(wire, method.getReturnType(), method.getGenericReturnType());
    }

    private static boolean optionalFace(Method method) {
        return method.getReturnType() == Optional.class
                && Face.isFace(Values.elementType(method.getGenericReturnType()));
    }

    private static Object source(Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof ImageSource || argument instanceof DiskSource) {
                return argument;
            }
        }
        throw new IllegalArgumentException("The call has no source");
    }
}
