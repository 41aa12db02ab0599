#pragma once

#include <stdint.h>
#include <time.h>

/** clock_nsec() - what one of the kernel's clocks says, in nanoseconds since its beginning. */
int64_t clock_nsec(clockid_t clock);

/** pause_ms() - sleep, before asking again what nobody announces; a signal makes it shorter. */
void pause_ms(unsigned int ms);

/* A time-out that counts through several waits: they share one point of CLOCK_MONOTONIC. */

#define DEADLINE_NONE INT64_MAX

/** deadline_in() - the point @seconds from now. */
int64_t deadline_in(unsigned int seconds);

/** deadline_in_ms() - the same in milliseconds; DEADLINE_NONE where that is beyond the clock. */
int64_t deadline_in_ms(int64_t ms);

/** deadline_left() - what poll(2) takes: milliseconds until @deadline, 0 after it, -1: no end. */
int deadline_left(int64_t deadline);
