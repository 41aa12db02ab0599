#pragma once

/*
 * Signals by name and number. Names are written as "SIGTERM", "SIGRTMIN+4"; read with or without
 * "SIG", in either case. SIGRTMIN is the C library's, as everybody who writes a name means it.
 */

#define SIGNAL_NAME_SIZE 16

/**
 * signal_read() - the number of a signal that somebody wrote
 * @text: a number from 1 to the last signal, "TERM", "SIGTERM", "sigrtmin+3", "RTMAX-1"
 * Return: the number, -EINVAL when there is no such signal.
 */
int signal_read(const char *text);

/**
 * signal_name() - how we write a signal
 * @buffer: room for SIGNAL_NAME_SIZE bytes
 * Return: @buffer; a number without a name (32, 33: the C library's own) is written as digits.
 */
const char *signal_name(int signal, char *buffer);
