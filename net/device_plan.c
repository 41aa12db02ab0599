#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "net/device.h"
#include "oci/ext.h"

#include <string.h>

static void hold_describe(const struct step *step, struct text *text)
{
	text_add(text, "the network namespace, until its interfaces are given back");
}

static void hold_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "file", "netns");
}

const struct step_kind hold_kind = {
	.name = "net.hold",
	.describe = hold_describe,
	.write = hold_write,
	.apply = hold_apply,
	.undo = hold_undo,
	.observe = hold_observe,
};

static void device_describe(const struct step *step, struct text *text)
{
	const struct device_step *device = container_of(step, struct device_step, step);

	text_addf(text, "%s of the host", device->host);
	if (strcmp(device->host, device->name) != 0)
		text_addf(text, " as %s", device->name);
}

static void device_write(const struct step *step, struct json_out *out)
{
	const struct device_step *device = container_of(step, struct device_step, step);

	json_out_string(out, "host", device->host);
	json_out_string(out, "name", device->name);
	json_out_bool(out, "giveBack", device->give_back);
}

const struct step_kind device_kind = {
	.name = "net.device",
	.describe = device_describe,
	.write = device_write,
	.apply = device_apply,
	.undo = device_undo,
	.observe = device_observe,
};

static int plan_one(struct plan *plan, const struct oci_net_device *device, bool give_back,
		    struct err *err)
{
	const char *origin = plan_origin(plan, "linux.netDevices.%s", device->host_name);
	const char *name = device->name && *device->name ? device->name : device->host_name;
	struct device_step *step =
		plan_step(plan, &device_kind, STEP_ATTACH, sizeof(*step), origin);
	int r;

	step->host = device->host_name;
	step->name = name;
	step->give_back = give_back;
	r = oci_ifname_check("linux.netDevices", device->host_name, err);
	return r < 0 ? r : oci_ifname_check("linux.netDevices.name", name, err);
}

int device_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct oci_namespace *network = oci_namespace_find(spec, "network");
	bool new = network && (!network->path || !*network->path);
	int r = 0;

	if (spec->linux.net_devices.count && new)
		plan_step(plan, &hold_kind, STEP_ATTACH, sizeof(struct step),
			  plan_origin(plan, "linux.netDevices"));
	for (size_t i = 0; r == 0 && i < spec->linux.net_devices.count; i++)
		r = plan_one(plan, &spec->linux.net_devices.items[i], new, err);
	return r;
}
