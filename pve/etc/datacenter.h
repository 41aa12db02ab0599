#pragma once

struct arena;
struct err;

/* What datacenter.cfg says to us; the rest of it is for other programs. */

/** struct datacenter - NULL: the file has no such line */
struct datacenter {
	const char *mac_prefix;  /* "BC:24:11", "" for none                                    */
	const char *tag_style;   /* "case-sensitive=1,ordering=config"                         */
	const char *bwlimit;     /* "default=0,clone=10240": KiB/s                             */
	const char *max_workers; /* how many containers start or stop at once                  */
};

/** datacenter_parse() - from the file's text; lines that are none are passed over. */
void datacenter_parse(struct arena *arena, const char *text, struct datacenter *datacenter);

/** datacenter_read() - from the etc folder. Return: 0, also without such a file. */
int datacenter_read(struct arena *arena, const char *etc_folder, struct datacenter *datacenter,
		    struct err *err);
