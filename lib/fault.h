#pragma once

struct err;

/*
 * Where tests of crashes end a process. A build with FAULT=1 (fault_on.c) fails or ends it at the
 * point that $PCTRUN_FAULT names; every other build (fault_off.c) does not look at it.
 */

/** fault_at() - point @number of @side: "host", "container". Return: 0; -ECANCELED. */
int fault_at(const char *side, unsigned int number, struct err *err);

/**
 * fault_point() - the next point of @side in this process: "start", "monitor", "change",
 * "neighbours"
 * Return: as fault_at()
 */
int fault_point(const char *side, struct err *err);
