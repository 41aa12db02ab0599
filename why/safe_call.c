#include "why/safe_call.h"

#include "lib/own.h"
#include "lib/sys.h"
#include "lib/worker.h"
#include "why/action.h"

#include <errno.h>
#include <string.h>

static const struct safe_call {
	const char *name;
	uint64_t args[CALL_ARGS];
} safe_calls[] = {
	{"reboot", {}},
	{"sethostname", {0, UINT64_MAX}},
	{"setdomainname", {0, UINT64_MAX}},
	{"settimeofday", {}},
	{"swapon", {}},
	{"init_module", {}},
	{"delete_module", {}},
	{"kexec_load", {0, 0, 0, 0xdeadbeef}},
	{"iopl", {3}},
};

static const struct safe_call *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(safe_calls); i++)
		if (strcmp(safe_calls[i].name, name) == 0)
			return &safe_calls[i];
	return NULL;
}

bool safe_call_find(const char *name)
{
	return find(name) != NULL;
}

long safe_call_make(const struct action_call *call)
{
	return sys_any_call(call->number, find(call->name)->args);
}

static int ask(void *data, struct err *err)
{
	int r = sys_capset(0, 0, 0);

	return r < 0 ? r : (int)safe_call_make(data);
}

bool safe_call_absent(const struct action_call *call)
{
	return find(call->name) && worker_run(ask, (void *)call, NULL) == -ENOSYS;
}
