#include "lib/fault.h"

int fault_at(const char *side, unsigned int number, struct err *err)
{
	return 0;
}

int fault_point(const char *side, struct err *err)
{
	return 0;
}
