#pragma once

#include <net/if.h>
#include <stdbool.h>

struct sockaddr_storage;

/** address_find() - which interface of the caller's network namespace has an address
 * Return: false: none has */
bool address_find(const struct sockaddr_storage *address, char name[IFNAMSIZ]);
