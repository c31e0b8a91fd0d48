package io.gantry.lab;

/** The lab, or a guest in it, did not do what it was asked for. The message holds the output of the failed command. */
public final class LabException extends RuntimeException {
    LabException(String message) {
        super(message);
    }

    LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
