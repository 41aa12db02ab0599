#pragma once

#include <stdbool.h>

struct arena;
struct profile;
struct program;

/**
 * stub_add() - put before @program what answers ENOSYS to calls that its profile can't know
 *
 * A profile that fails what it doesn't list with EPERM breaks programs on calls that are younger
 * than the profile: they fall back to older calls on ENOSYS only. A call is too young when its
 * number is above every number that the profile names on the same architecture. Nothing is added
 * where the default lets calls through or is ENOSYS already.
 */
void stub_add(struct arena *arena, const struct profile *profile, struct program *program);

/** stub_answers() - is @number of the native architecture one that stub_add() answers? */
bool stub_answers(const struct profile *profile, int number);
