#pragma once

/*
 * The words of config.md and config-linux.md that have a closed list, each ending with NULL: for
 * checking and for the features document.
 */
extern const char *const oci_words_namespace[];
extern const char *const oci_words_propagation[];
extern const char *const oci_words_personality[];
extern const char *const oci_words_device[];
extern const char *const oci_words_device_rule[];
extern const char *const oci_words_rlimit[];
extern const char *const oci_words_sched_policy[];
extern const char *const oci_words_sched_flag[];
extern const char *const oci_words_io_class[];
extern const char *const oci_words_memory_mode[];
extern const char *const oci_words_memory_flag[];
extern const char *const oci_words_seccomp_action[];
extern const char *const oci_words_seccomp_operator[];
extern const char *const oci_words_seccomp_flag[];
extern const char *const oci_words_seccomp_arch[];
