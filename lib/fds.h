#pragma once

#include <stddef.h>

/** fds_close_others() - close every descriptor from @first on but @kept; sorts those
 * @kept: -EBADF and what is below @first may be among them
 */
void fds_close_others(int first, int *kept, size_t count);
