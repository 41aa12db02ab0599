#pragma once

#include "lib/run.h"

/**
 * undo_journal() - take back everything that the journal in @run->state_fd speaks of
 *
 * Newest first. Goes on after a failure, so that one thing that can't be undone holds nothing else
 * back. Works any number of times. Return: 0, or the first failure with its step's name.
 */
int undo_journal(struct run *run, struct err *err);
