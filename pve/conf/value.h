#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The forms that values of a config have. Each value_is_*() says whether the whole string has the
 * form. ASCII only, whatever the locale.
 */

/** value_is_space() - a blank as the config's grammar has it: " \t\r\f\v" (and '\n'). */
bool value_is_space(char c);

/** value_bool() - 1, on, yes, true and 0, off, no, false in any case. Return: 1, 0 or -EINVAL. */
int value_bool(const char *text);

/** value_size() - "8G", "4608MiB", "1.5K" or bytes. Return: 0; -EINVAL; -ERANGE. */
int value_size(const char *text, uint64_t *bytes);

/** value_size_print() - with the largest of K, M, G, T that divides @bytes. Return: @buffer. */
char *value_size_print(uint64_t bytes, char buffer[24]);

/** value_number() - a number whose form was checked; never of the locale. */
double value_number(const char *text);

bool value_is_digits(const char *text);    /* "512"                                     */
bool value_is_decimal(const char *text);   /* "512", "1.5": no sign, no exponent        */
bool value_is_number(const char *text);    /* also "+1e3", ".5", "1."                   */
bool value_is_integer(const char *text);   /* also "+5", "-5"                           */
bool value_is_dns_name(const char *text);  /* labels and dots                           */
bool value_is_dns_names(const char *text); /* a list of them                            */
bool value_is_ipv4(const char *text);
bool value_is_ipv6(const char *text);          /* without a zone                            */
bool value_is_nameservers(const char *text);   /* a list of addresses, "fe80::1%eth0" too   */
bool value_is_net_ip(const char *text);        /* "dhcp", "manual" or CIDR, /8 to /32       */
bool value_is_net_ip6(const char *text);       /* "auto", "dhcp", "manual" or CIDR          */
bool value_is_mac(const char *text);           /* of one station, not of a group            */
bool value_is_interface(const char *text);     /* letters, digits, "-_."                    */
bool value_is_trunks(const char *text);        /* "10;20"                                   */
bool value_is_safe_path(const char *text);     /* no "." and ".." that lead elsewhere       */
bool value_is_device_path(const char *text);   /* the same below /dev/                      */
bool value_is_mode(const char *text);          /* "0660"                                    */
bool value_is_mount_options(const char *text); /* "noatime;nodev"                           */
bool value_is_mount_idmap(const char *text);   /* "passthrough", "u:0:1000:1;g:0:1000:1"    */
bool value_is_fs_types(const char *text);      /* "nfs;cifs"                                */
bool value_is_volume_id(const char *text);     /* "local:snippets/hook.sh"                  */
bool value_is_tags(const char *text);          /* a list of tags                            */
bool value_is_timezone(const char *text);      /* "host", "UTC", "Europe/Vienna"            */
bool value_is_command(const char *text);       /* no control characters but tabs            */
bool value_is_variables(const char *text);     /* NAME=VALUE, one                           */
bool value_is_snapshot_name(const char *text); /* "[a-z][a-z0-9_-]+" in any case, up to 40  */
bool value_is_id(const char *text);            /* of a container: 100 to 999999999          */

/**
 * value_next() - the next item of a list, split at commas, semicolons and blanks
 * Return: where it starts (its length in *@length), NULL when there is none; *@rest moves on.
 */
const char *value_next(const char **rest, size_t *length);

struct arena;
/** value_pair() - the value of @key in a list of "key=value", in @arena. Return: NULL: not there.
 */
const char *value_pair(struct arena *arena, const char *list, const char *key);
