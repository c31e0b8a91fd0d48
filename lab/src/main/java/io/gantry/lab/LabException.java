package io.gantry.lab;

/** The lab, or a guest in it, did not do what it was asked for. The message holds the output of the failed command. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LabException(String message) {
        super(message);
    }

    LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
