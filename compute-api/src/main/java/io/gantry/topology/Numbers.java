package io.gantry.topology;

import io.gantry.error.InvalidRequest;

/** Whole numbers in extra specs. */
final class Numbers {
    private Numbers() {}

    static int within(String field, String text, int least, int most, String remedy) {
        int number;
        try {
            number = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new InvalidRequest(field, text, "is no whole number", remedy);
        }
        if (number < least || number > most) {
            throw new InvalidRequest(field, text, "must be " + least + " to " + most, remedy);
        }
        return number;
    }
}
