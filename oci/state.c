#include "oci/state.h"

#include "lib/json.h"
#include "oci/members.h"

/* The order is that of other runtimes. A stopped container has pid 0. */
static const struct member state_members[] = {
	MEMBER("ociVersion", STRING, oci_state, oci_version, .required = true),
	MEMBER("id", STRING, oci_state, id, .required = true),
	MEMBER("pid", I64, oci_state, pid, .always = true),
	MEMBER("status", STRING, oci_state, status, .required = true),
	MEMBER("bundle", STRING, oci_state, bundle, .required = true),
	MEMBER("rootfs", STRING, oci_state, rootfs),
	MEMBER("created", STRING, oci_state, created),
	MEMBER("annotations", MAP, oci_state, annotations),
	MEMBER("owner", STRING, oci_state, owner),
	{},
};

void oci_state_put(const struct oci_state *state, struct json_out *out)
{
	json_out_object(out, NULL);
	members_write(state_members, state, out);
	json_out_end(out);
}

char *oci_state_write(const struct oci_state *state, bool indented)
{
	return members_write_text(state_members, state, indented);
}
