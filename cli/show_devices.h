#pragma once

struct isolation;
struct json_out;

/* The parts of the report on a process' isolation that are about devices: show_isolation.h. */

void show_devices(struct isolation *isolation);        /* nodes that it may use             */
void show_device_filters(struct isolation *isolation); /* of its cgroups, where they are seen */
void write_devices(struct isolation *isolation, struct json_out *out);
void write_device_filters(struct isolation *isolation, struct json_out *out);
