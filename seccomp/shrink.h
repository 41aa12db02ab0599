#pragma once

struct arena;
struct program;

/**
 * shrink() - the same filter in fewer instructions
 * @program: in: as compiled; out: in @arena, or untouched where it isn't understood or wouldn't
 *	get shorter
 *
 * For each architecture the numbers that end the same way become one range, and the ranges a search
 * tree; what looks at arguments is taken over as it is. The kernel checks, translates and compiles
 * each instruction at every start: an allow-list of 400 calls for three architectures goes from
 * 1,400 instructions to some 200, and from 360 us to 70. Pure.
 */
void shrink(struct arena *arena, struct program *program);
