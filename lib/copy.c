#include "lib/copy.h"

#include "lib/file.h"
#include "lib/own.h"

#include <sys/stat.h>
#include <unistd.h>

enum { AT_ONCE = 1 << 30, BUFFER = 1 << 16 };

static int by_hand(int in_fd, int out_fd)
{
	char buffer[BUFFER];
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = read(in_fd, buffer, sizeof(buffer))) != 0) {
		if (n > 0)
			r = write_all(out_fd, buffer, (size_t)n);
		else if (errno != EINTR)
			r = -errno;
	}
	return r;
}

/* The kernel copies, or shares, what both file systems let it; the rest goes through us. */
static int range(int in_fd, int out_fd, off_t from, off_t to)
{
	char buffer[BUFFER];

	while (from < to) {
		size_t left = (size_t)(to - from > AT_ONCE ? AT_ONCE : to - from);
		loff_t in = from, out = from;
		ssize_t n = copy_file_range(in_fd, &in, out_fd, &out, left, 0);

		if (n < 0 && errno != EINTR) {
			n = pread(in_fd, buffer, left < BUFFER ? left : BUFFER, from);
			if (n > 0)
				n = pwrite(out_fd, buffer, (size_t)n, from);
		}
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return 0; /* it became shorter meanwhile */
		from += n > 0 ? n : 0;
	}
	return 0;
}

int copy_data(int in_fd, int out_fd)
{
	off_t data = 0, hole, end;
	struct stat st;
	int r = 0;

	if (fstat(in_fd, &st) < 0)
		return -errno;
	end = S_ISREG(st.st_mode) ? st.st_size : 0;
	if (end == 0) /* as files of /proc say, too */
		return by_hand(in_fd, out_fd);
	while (r == 0 && data < end) {
		data = lseek(in_fd, data, SEEK_DATA);
		if (data < 0 && errno == ENXIO)
			break; /* nothing but a hole from there on */
		hole = data < 0 ? -1 : lseek(in_fd, data, SEEK_HOLE);
		if (data < 0 || hole < 0)
			return -errno;
		r = range(in_fd, out_fd, data, hole);
		data = hole;
	}
	if (r == 0 && ftruncate(out_fd, end) < 0)
		r = -errno;
	return r;
}
