#pragma once

/** struct capability - what a capability allows, in words */
struct capability {
	const char *own;  /* held in a user namespace of its own; NULL: nothing, it is asked for
			     over the host alone                                           */
	const char *host; /* held over the whole host */
	enum capability_danger {
		CAPABILITY_USUAL,     /* what a container's root is given by most engines */
		CAPABILITY_STRONG,    /* reaches beyond the container                     */
		CAPABILITY_TAKES_OVER /* by itself a way to become root of the host       */
	} danger;                     /* over the host */
};

enum { CAPABILITIES = 41 };

/** capabilities[] - by number: capabilities(7) */
extern const struct capability capabilities[CAPABILITIES];

/** capability_name() - "CAP_KILL". Return: NULL for a number that is none. */
const char *capability_name(unsigned int number);
