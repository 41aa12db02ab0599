#pragma once

#include "oci/members.h"

/* The tables of config.json's objects, a file for each subject. */
extern const struct member oci_spec_members[];    /* spec_members.c                             */
extern const struct member oci_mount_members[];   /* spec_members.c; of an annotation too     */
extern const struct member oci_process_members[]; /* process_members.c; exec --process FILE     */
extern const struct member oci_linux_members[];   /* linux_members.c                            */
extern const struct member oci_id_mapping_members[]; /* linux_members.c; of mounts too */
extern const struct member oci_resources_members[]; /* resources_members.c; update --resources    */
extern const struct member oci_seccomp_members[];   /* seccomp_members.c                          */
