#pragma once

struct isolation;

/*
 * The parts of isolation_look(), a subject each. They fill their members and put what they can't
 * see on the list of the unseen.
 */
void look_namespaces(struct isolation *isolation);
void look_creds(struct isolation *isolation);
void look_mounts(struct isolation *isolation);
int look_mount_maps(struct isolation *isolation); /* of mounts: ids of those that are id-mapped */
void look_cgroups(struct isolation *isolation);
void look_device_filters(struct isolation *isolation); /* after look_cgroups() */
void look_network(struct isolation *isolation);
void look_files(struct isolation *isolation); /* after the others: it becomes the process */
