#pragma once

struct pve_volume;

/**
 * facts_fs_look() - fill in what kind of volume is at @path, and which file system it holds
 * Return: 0; the errno of stat(2); -EINVAL for what is neither directory, file nor block device.
 */
int facts_fs_look(const char *path, struct pve_volume *volume);
