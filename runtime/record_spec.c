#include "runtime/record.h"

#include "lib/err.h"
#include "lib/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static int read_spec(struct arena *arena, int state_fd, const char *name, struct oci_spec *spec,
		     struct err *err)
{
	const char *text;
	size_t length;
	int r;

	r = file_read(arena, state_fd, name, 0, &text, &length, err);
	return r < 0 ? r : oci_spec_read(arena, name, text, length, spec, err);
}

static int write_spec(int state_fd, const char *name, const struct oci_spec *spec, struct err *err)
{
	cleanup_free char *text = oci_spec_write(spec);

	return file_replace(state_fd, name, text, strlen(text), 0600, false, err);
}

int record_spec(struct arena *arena, int state_fd, struct oci_spec *spec, struct err *err)
{
	return read_spec(arena, state_fd, "config.json", spec, err);
}

int record_save_spec(int state_fd, const struct oci_spec *spec, struct err *err)
{
	return write_spec(state_fd, "config.json", spec, err);
}

int record_announce_spec(int state_fd, const struct oci_spec *spec, struct err *err)
{
	return write_spec(state_fd, "next.json", spec, err);
}

bool record_announced(int state_fd)
{
	return faccessat(state_fd, "next.json", F_OK, 0) == 0;
}

int record_announced_spec(struct arena *arena, int state_fd, struct oci_spec *spec, struct err *err)
{
	return read_spec(arena, state_fd, "next.json", spec, err);
}

int record_adopt_spec(int state_fd, struct err *err)
{
	if (renameat(state_fd, "next.json", state_fd, "config.json") < 0)
		return err_set(err, -errno, "put the container's new config.json in place");
	return 0;
}

void record_drop_spec(int state_fd)
{
	(void)unlinkat(state_fd, "next.json", 0); /* it may not be there */
}
