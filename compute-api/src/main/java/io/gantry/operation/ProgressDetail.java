package io.gantry.operation;

/** What a kind of operation tells beyond step and percentage; each feature has its own implementation. */
public interface ProgressDetail {}
