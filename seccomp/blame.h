#pragma once

#include <stdbool.h>

struct err;
struct plan;
struct run;

/*
 * A filter that is too strict for the start itself keeps the process from saying so, or has the
 * kernel answer in its place.
 */

/** filter_blame() - the process has ended: who loads a filter before it is ready can be kept from
 * saying why by that filter. Nothing where a step has said why, or none loads one so early. */
void filter_blame(const struct plan *plan, struct run *run, struct err *err);

/**
 * filter_blame_execve() - execve(2) has failed: is that what the loaded filter answers?
 * @err: has execve's errno
 * Return: whether @err names the filter now.
 */
bool filter_blame_execve(const struct plan *plan, const struct run *run, struct err *err);
