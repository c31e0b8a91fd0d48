package io.gantry.topology;

/** What a PCI device is. */
public enum PciType {
    /** A device without virtual functions: {@code type-PCI}. */
    PCI,
    /** A function that can have virtual ones: {@code type-PF}. */
    PF,
    /** A virtual function: {@code type-VF}. */
    VF
}
