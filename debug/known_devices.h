#pragma once

/* Devices that people know by name, in the kernel's order of numbers: what a device filter says of
 * each is worth a word. */

/** struct known_device - Documentation/admin-guide/devices.txt */
struct known_device {
	const char *name; /* below /dev; NULL ends the table */
	char type;
	unsigned int major, minor;
};

extern const struct known_device known_devices[];
