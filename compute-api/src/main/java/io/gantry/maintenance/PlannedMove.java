package io.gantry.maintenance;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;

/**
 * One move of a plan.
 *
 * @param number its place in the plan, from 1; of moves that could begin the one with the lowest number does
 * @param wave from 1; moves of a wave need no other's end, and begin when all moves of the wave before have ended
 * @param instance which instance
 * @param name the instance's name
 * @param source where it is
 * @param target where it goes
 * @param kind how
 * @param prediction what that is expected to take
 */
public record PlannedMove(
        int number,
        int wave,
        InstanceId instance,
        String name,
        HostId source,
        HostId target,
        MoveKind kind,
        MovePrediction prediction) {}
