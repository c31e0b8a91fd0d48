package io.gantry.placement;

/**
 * The verdict of one filter on one host.
 *
 * @param filter the filter's name
 * @param verdict what it said
 */
public record FilterResult(String filter, Verdict verdict) {}
