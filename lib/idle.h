#pragma once

/**
 * idle_begin() - give back what a process doesn't need that from here on mostly waits
 *
 * Free pieces of the heap, and the pages of the program itself: they stay in the kernel's cache of
 * files, and those that are needed come back when they are (madvise(2)).
 */
void idle_begin(void);
