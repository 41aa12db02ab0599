#pragma once

#include "oci/members.h"

/* The tables of config.json's objects that are read alone too. */
extern const struct member oci_spec_members[];
extern const struct member oci_process_members[];   /* exec --process FILE     */
extern const struct member oci_resources_members[]; /* update --resources FILE */
