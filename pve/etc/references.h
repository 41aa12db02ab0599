#pragma once

struct etc;

/**
 * references_each() - where else in Proxmox's configs a container is named
 * @found: called with "jobs.cfg, line 12" for backup jobs, replication and high availability
 *
 * Files that are not there name nobody.
 */
void references_each(const struct etc *etc, const char *id,
		     void (*found)(void *data, const char *where), void *data);
