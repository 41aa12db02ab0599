#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

struct err;
struct winsize;

/*
 * The caller's side of a program's terminal: what is read for it, what shows it, and the terminal
 * that these are, if they are one.
 */
struct terminal {
	int in_fd; /* -EBADF: nothing is read                                          */
	int out_fd;
	int tty_fd; /* borrowed: one of 0, 1, 2; -EBADF: none is a terminal             */
	bool out_is_ours, raw;
	struct termios saved;
};

/** terminal_of_stdio() - 0 is read, 1 shows: terminals or not, as engines have it */
void terminal_of_stdio(struct terminal *terminal);

/**
 * terminal_of_ttys() - only what of 0, 1, 2 is a terminal; the rest is for the program itself
 * Return: a bit for each that is; 0: there is none.
 */
uint8_t terminal_of_ttys(struct terminal *terminal);

/** terminal_size() - Return: false when there is no terminal, or it doesn't know its size. */
bool terminal_size(const struct terminal *terminal, struct winsize *size);

/** terminal_begin() - show without blocking where that can be had, and hand every key on */
void terminal_begin(struct terminal *terminal);

/** terminal_raw() - the second half of it, again, after somebody else has changed the modes */
void terminal_raw(struct terminal *terminal);

/** terminal_end() - the terminal's modes as they were; descriptors that are ours closed. */
void terminal_end(struct terminal *terminal);
