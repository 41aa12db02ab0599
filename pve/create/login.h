#pragma once

struct arena;
struct err;

/* What commands are given for root's logins in a new container. */

/** login_check_password() - long enough, or a crypt(3) hash? 0; -EINVAL with what is wrong. */
int login_check_password(const char *password, struct err *err);

/**
 * login_read_keys() - the lines of a file of SSH public keys, in @arena
 * Return: 0; -EINVAL naming the first line that is no key, comment or blank.
 */
int login_read_keys(struct arena *arena, const char *path, const char **keys, struct err *err);
