package io.gantry.core.configdrive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** How one of the two trees of an {@link IsoImage} writes names. */
enum IsoNames {
    /** As ECMA-119 has it: in upper case. */
    PRIMARY(1, "") {
        @Override
        byte[] text(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        byte[] directory(String name) {
            return text(name.toUpperCase(Locale.ROOT));
        }

        @Override
        byte[] file(String name) {
            return directory(name.contains(".") ? name + ";1" : name + ".;1");
        }
    },
    /** As Joliet has it: as they are. */
    JOLIET(2, "%/E") {
        @Override
        byte[] text(String text) {
            return text.getBytes(StandardCharsets.UTF_16BE);
        }

        @Override
        byte[] directory(String name) {
            return text(name);
        }

        @Override
        byte[] file(String name) {
            return text(name + ";1");
        }
    };

    private final int descriptorType;
    private final String escapeSequence;

    IsoNames(int descriptorType, String escapeSequence) {
        this.descriptorType = descriptorType;
        this.escapeSequence = escapeSequence;
    }

    byte descriptorType() {
        return (byte) descriptorType;
    }

    byte[] escapeSequence() {
        return escapeSequence.getBytes(StandardCharsets.US_ASCII);
    }

    abstract byte[] text(String text);

    abstract byte[] directory(String name);

    abstract byte[] file(String name);

    /** {@return a text field} */
    byte[] field(String text, int length) {
        return Arrays.copyOf(text(text + " ".repeat(length)), length);
    }
}
