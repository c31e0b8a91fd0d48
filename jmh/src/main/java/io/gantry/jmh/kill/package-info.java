/** The claim that a process killed at any point of any operation leaves nothing that its successor does not put right. */
@NullMarked
package io.gantry.jmh.kill;

import org.jspecify.annotations.NullMarked;
