#pragma once

struct isolation;
struct plan;

/**
 * mount_maps_by_plan() - id maps of mounts, where the kernel shows none (before Linux 6.15)
 * @plan: of the container that it is
 *
 * A mount that the plan has made has the map that stands there, or the container's. Of one that
 * somebody else has made nothing is known. Pure.
 */
void mount_maps_by_plan(const struct plan *plan, struct isolation *isolation);
