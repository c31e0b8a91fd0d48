package io.gantry.core.state;

import io.gantry.flavor.FlavorAccess;

/**
 * Who may use a flavor; there is none for a flavor that all may use.
 *
 * @param flavor the flavor's name
 * @param access who may use it
 */
public record FlavorAccessRow(String flavor, FlavorAccess access) {}
