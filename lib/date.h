#pragma once

struct arena;
struct timespec;

/** time_text() - RFC 3339 with nanoseconds, UTC; time_now() - that of now. In @arena. */
const char *time_text(struct arena *arena, const struct timespec *time);
const char *time_now(struct arena *arena);
