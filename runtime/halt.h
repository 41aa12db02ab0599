#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;
struct runtime;

/* The end of a container, as somebody else than its monitor asks for it and waits for it.
 * @deadline: lib/clock.h */

/** struct listener - what the kernel tells of a first process and signals */
struct listener {
	const char *status; /* text of /proc/PID/status                              */
	bool waiting;       /* it is in sigtimedwait(2): those signals don't show in @status */
};

/**
 * halt_signal() - the signal that asks a first process to end; pure
 * @configured: by ANNOTATION_SIGNAL_HALT; 0: SIGRTMIN+3 where it takes that (systemd), else SIGPWR
 *
 * A first process never gets a signal that it neither blocks, catches nor waits for:
 * pid_namespaces(7).
 * Return: the signal; 0: it would be lost, as the process is not that far yet.
 */
int halt_signal(const struct listener *listener, int configured);

/**
 * container_halt() - ask a container to end
 *
 * Waits until its first process hears the signal. Return: 0, also when it has ended already;
 * -ETIMEDOUT: it does not listen.
 */
int container_halt(const struct runtime *runtime, const char *id, int64_t deadline,
		   struct err *err);

/** container_stop() - end it at once: ANNOTATION_SIGNAL_STOP, or SIGKILL. As container_kill(). */
int container_stop(const struct runtime *runtime, const char *id, struct err *err);

/**
 * container_await_end() - until a container has ended and nothing is left of it
 *
 * Its monitor undoes what create did; where that is gone, or there never was one, this does it.
 * Return: 0, also when there is no such container; -ETIMEDOUT: it runs on.
 */
int container_await_end(const struct runtime *runtime, const char *id, int64_t deadline,
			struct err *err);
