#include "oci/spec.h"

#include "lib/json.h"
#include "oci/spec_members.h"

char *oci_spec_write(const struct oci_spec *spec)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	members_write(oci_spec_members, spec, out);
	json_out_end(out);
	return json_out_take(out);
}
