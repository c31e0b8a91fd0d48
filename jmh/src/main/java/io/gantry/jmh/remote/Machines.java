package io.gantry.jmh.remote;

/** What a scene does to hosts, past their daemons. Methods block until it is done. */
public interface Machines {
    /** Cuts a host's power. */
    void powerFail(String host);

    /** Gives a host power again; its guests stay off. */
    void powerOn(String host);
}
