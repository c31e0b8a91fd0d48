package io.gantry.jmh.race;

import java.util.List;

/**
 * What came of one kind of race.
 *
 * @param name what raced
 * @param races how often
 * @param won operations that succeeded
 * @param lost operations and requests that were refused
 * @param problems what was wrong
 */
record Trial(String name, int races, long won, long lost, List<String> problems) {}
