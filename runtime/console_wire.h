#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What goes through ROOT/ID/console between the monitor and its clients: datagrams
 * (SOCK_SEQPACKET), each a header and as much of @data as it needs. A client asks for one terminal
 * first; from then on both sides send CONSOLE_DATA.
 */

enum console_kind {
	CONSOLE_ATTACH = 1, /* client: @tty, its size                      */
	CONSOLE_ATTACHED,   /* monitor: @tty that it is                    */
	CONSOLE_REFUSED,    /* monitor: @data says why, in words           */
	CONSOLE_DATA,       /* both: @data                                 */
	CONSOLE_SIZE,       /* client: its terminal's new size             */
};

enum { CONSOLE_DATA_MAX = 4096 };

struct console_message {
	uint32_t kind;
	int32_t tty;            /* 0: the console; n: ttyN; CONSOLE_ANY_TTY (runtime/console.h) */
	uint16_t rows, columns; /* 0: not known */
	char data[CONSOLE_DATA_MAX];
};

#define CONSOLE_HEADER offsetof(struct console_message, data)
