#pragma once

#include <stdbool.h>

/** module_may_have() - may the kernel find a file system that it hasn't yet in a module? Also where
 * the host's modules can't be seen. */
bool module_may_have(const char *fstype);
