#pragma once

struct err;
struct oci_process;

/** struct program - what execve(2) gets; allocated for good, as nothing but execve follows */
struct program {
	const char *path;
	const char **argv;
	const char **envp;
};

/**
 * program_find() - the file that process.args[0] names, and the environment
 *
 * A name without '/' is looked for in PATH of process.env. HOME is added from /etc/passwd when the
 * environment has none. Context: inside the container's root. Return: 0; -ENOENT or -EACCES with
 * the words that engines look for ("executable file not found in $PATH", "permission denied").
 */
int program_find(struct program *program, const struct oci_process *process, struct err *err);

/**
 * program_explain() - why execve(2) refused a file: its interpreter, its processor, its mount, its
 * mode
 *
 * Fills the fact and the hint of @err, which has execve's errno. Context: as program_find().
 */
void program_explain(const char *path, struct err *err);

/**
 * program_foresee() - would execve(2) refuse a file that may be executed for what is in it?
 *
 * Context: as program_find(). Handlers of binfmt_misc are not looked for. Return: 0: no, or it
 * can't be read; -ENOENT: its interpreter is not there; -ENOEXEC: the kernel has no idea what it
 * is; @err has the fact and the hint.
 */
int program_foresee(const char *path, struct err *err);
