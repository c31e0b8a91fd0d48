package io.gantry.lab;

/**
 * One hypervisor host of the lab.
 *
 * @param name h1, h2, …
 * @param uri libvirt URI for clients on this machine, over a unix socket
 * @param peerUri libvirt URI by which the lab's other hosts reach this one
 * @param migrationAddress address at which this host receives migrations
 */
public record LabHost(String name, String uri, String peerUri, String migrationAddress) {}
