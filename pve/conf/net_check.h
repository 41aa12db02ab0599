#pragma once

struct err;
struct pve_net;

/**
 * net_check() - what the options of an interface can't mean on any host: names that there can't be,
 * addresses that nobody has, options that exclude each other
 * Return: 0; -EINVAL with the reason, and what to write instead.
 */
int net_check(const struct pve_net *net, struct err *err);
