/** The claim that of several who want the same, as many as can have it do, and the others are told. */
@NullMarked
package io.gantry.jmh.race;

import org.jspecify.annotations.NullMarked;
