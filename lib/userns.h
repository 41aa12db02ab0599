#pragma once

struct err;

/**
 * userns_new() - a user namespace with these maps and no process in it
 * @uid_map, @gid_map: as /proc/PID/uid_map takes them, a line "INSIDE OUTSIDE COUNT" for each range
 *
 * Context: with CAP_SETUID and CAP_SETGID over the present one.
 * Return: a descriptor, or a negative errno. user_namespaces(7)
 */
int userns_new(const char *uid_map, const char *gid_map, struct err *err);
