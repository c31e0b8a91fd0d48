package io.gantry.core.operation;

import java.util.function.Function;

/**
 * A kind of operation: how its saga is made anew, in whatever process, from the request that the journal keeps.
 *
 * @param verb what it does; unique, and never given to another kind, since journals hold it
 * @param request the class of its requests, which {@code Json} can write and read
 * @param result the class of what it yields, which {@code Json} can write and read
 * @param saga makes the saga of a request
 * @param <Q> what is asked
 * @param <T> what it yields
 */
public record OperationKind<Q, T>(String verb, Class<Q> request, Class<T> result, Function<Q, Saga<T>> saga) {}
