#include "oci/state.h"

#include "lib/err.h"
#include "lib/json.h"
#include "oci/members.h"

/* The members of a state document; pid is left out where there is none. */
static const struct member state_members[] = {
	{.name = "ociVersion",
	 .kind = MEMBER_STRING,
	 .offset = offsetof(struct oci_state, oci_version),
	 .required = 1},
	{.name = "id",
	 .kind = MEMBER_STRING,
	 .offset = offsetof(struct oci_state, id),
	 .required = 1},
	{.name = "status",
	 .kind = MEMBER_STRING,
	 .offset = offsetof(struct oci_state, status),
	 .required = 1},
	{.name = "bundle",
	 .kind = MEMBER_STRING,
	 .offset = offsetof(struct oci_state, bundle),
	 .required = 1},
	{.name = "rootfs", .kind = MEMBER_STRING, .offset = offsetof(struct oci_state, rootfs)},
	{.name = "created", .kind = MEMBER_STRING, .offset = offsetof(struct oci_state, created)},
	{.name = "owner", .kind = MEMBER_STRING, .offset = offsetof(struct oci_state, owner)},
	{.name = "annotations",
	 .kind = MEMBER_MAP,
	 .offset = offsetof(struct oci_state, annotations)},
	{},
};

char *oci_state_write(const struct oci_state *state, bool indented)
{
	struct json_out *out = json_out_new(indented);

	json_out_object(out, NULL);
	members_write(state_members, state, out);
	json_out_i64(out, "pid", state->pid);
	json_out_end(out);
	return json_out_take(out);
}

int oci_state_read(struct arena *arena, const char *name, const char *text, size_t length,
		   struct oci_state *state, struct err *err)
{
	const struct json *root;
	int64_t pid = 0;
	int r;

	*state = (struct oci_state){};
	r = json_read(arena, name, text, length, &root, err);
	if (r == 0)
		r = members_read(arena, state_members, root, state, err);
	if (r < 0)
		return r;
	(void)json_i64(json_find(root, "pid"), &pid); /* a stopped container has none */
	state->pid = (pid_t)pid;
	return 0;
}
