#pragma once

struct err;

/**
 * volume_root_with() - do something with the files of a stopped container's volume
 * @volume: path of a directory, an image or a block device
 * @work: gets a descriptor of the volume's root; runs in a child process
 *
 * It is mounted nowhere but in that descriptor, and unmounted however the child ends.
 * Memory is a copy there: use a shared mapping for results. Return: what @work returned.
 */
int volume_root_with(const char *volume, int (*work)(void *data, int root_fd, struct err *err),
		     void *data, struct err *err);
