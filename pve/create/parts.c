#include "pve/create/parts.h"

#include <string.h>

const char *creation_option(const struct creation *creation, const char *key)
{
	const struct create_request *request = creation->request;

	for (size_t i = request->count; i-- > 0;)
		if (strcmp(request->options[i][0], key) == 0)
			return request->options[i][1];
	return NULL;
}
