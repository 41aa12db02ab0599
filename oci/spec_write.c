#include "oci/spec.h"

#include "oci/spec_members.h"

char *oci_spec_write(const struct oci_spec *spec)
{
	return members_write_text(oci_spec_members, spec, true);
}
