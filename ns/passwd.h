#pragma once

struct text;

/**
 * passwd_home() - add the home directory that /etc/passwd gives @uid, "/" where it gives none
 *
 * Reads the file as it is in the current root, which the container's image controls: a regular
 * file only, at most 1 MiB, never through the name service.
 */
void passwd_home(unsigned int uid, struct text *text);
