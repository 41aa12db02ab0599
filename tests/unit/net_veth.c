#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "net/net.h"
#include "net/rtnl.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <netlink/route/link/bridge.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* In a network namespace of its own: a bridge there, and a process with yet another namespace
 * that gets the container's end. */

#define CONFIG(net)                                                                                \
	"{\"ociVersion\": \"1.2.0\", \"root\": {\"path\": \"rootfs\"}, \"linux\": "                \
	"{\"namespaces\": [{\"type\": \"network\"}]}, \"annotations\": {\"org.pctrun.net\": "      \
	"\"[{\\\"name\\\": \\\"eth0\\\", \\\"host\\\": \\\"veth9i0\\\", \\\"bridge\\\": "          \
	"\\\"brtest0\\\", " net "}]\"}}"
#define HWADDR "\\\"hwaddr\\\": \\\"BC:24:11:00:00:01\\\", "

static const char config[] = CONFIG(
	HWADDR "\\\"mtu\\\": 1400, \\\"host_mtu\\\": 1450, \\\"up\\\": true, \\\"addresses\\\": "
	       "[\\\"10.99.0.2/24\\\", \\\"fd99::2/64\\\"], \\\"gateways\\\": [\\\"10.88.0.1\\\"]");

static int make_plan(struct plan *plan, const char *text, struct err *err)
{
	struct oci_spec spec = {};
	int r = oci_spec_read(&plan->arena, "config.json", text, strlen(text), &spec, err);

	return r < 0 ? r : net_plan(plan, &spec, err);
}

static int undo(struct plan *plan, const struct step *step, struct run *run, struct err *err)
{
	struct json_out *out = json_out_new(false);
	cleanup_free char *text = NULL;
	const struct json *record;
	int r;

	json_out_object(out, NULL);
	step->kind->write(step, out);
	json_out_end(out);
	text = json_out_take(out);
	r = json_read(&plan->arena, "record", text, strlen(text), &record, err);
	return r < 0 ? r : step->kind->undo(record, run, err);
}

/* The process that stands for the container's; it ends with us. */
static pid_t make_other(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

/* What the container's side does: each INSIDE step, there. */
static int apply_inside(struct plan *plan, struct run *run, struct err *err)
{
	cleanup_close int ours = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int r = setns(run->netns_fd, CLONE_NEWNET);

	for (const struct step *step = plan->first[STEP_INSIDE]; r == 0 && step; step = step->next)
		r = step->kind->apply(step, run, err);
	return setns(ours, CLONE_NEWNET) < 0 ? -errno : r;
}

static bool holds(const struct step *step, struct run *run, struct observation *seen)
{
	return step->kind->observe(step, run, seen, NULL) == 0 && seen->observed == OBSERVED_HOLDS;
}

/* Return: what is wrong, NULL: nothing. In a child that is gone after it. */
static const char *live(struct plan *plan, struct run *run, struct err *err)
{
	const struct step *veth = plan->first[STEP_ATTACH];
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	struct observation seen;

	if (veth->kind->apply(veth, run, err) != -ENODEV || !strstr(err->hint, "type bridge"))
		return "a missing bridge goes unnoticed";
	if (rtnl_open(&sock, err) < 0 || rtnl_link_bridge_add(sock, "brtest0") < 0)
		return "no bridge can be made";
	err_clear(err);
	if (veth->kind->apply(veth, run, err) < 0)
		return "no veth can be made";
	if (!holds(veth, run, &seen))
		return "the veth is not as planned";
	if (apply_inside(plan, run, err) < 0)
		return "nothing can be set up inside";
	step_each (step, plan, STEP_INSIDE)
		if (!holds(step, run, &seen))
			return "the inside is not as planned";
	if (veth->kind->apply(veth, run, err) < 0 || !holds(veth, run, &seen))
		return "a pair that is there is in its own way";
	if (undo(plan, veth, run, err) < 0 || if_nametoindex("veth9i0"))
		return "undo leaves the link";
	if (undo(plan, veth, run, err) < 0)
		return "undo works only once";
	if (rtnl_link_bridge_add(sock, "veth9i0") < 0 || undo(plan, veth, run, err) < 0 ||
	    !if_nametoindex("veth9i0"))
		return "undo removes somebody else's link";
	if (veth->kind->apply(veth, run, err) != -EEXIST)
		return "somebody else's link is taken for ours";
	err_clear(err);
	return NULL;
}

static int in_child(int report_fd)
{
	cleanup_(plan_free) struct plan plan = {};
	cleanup_(run_close) struct run run;
	struct err err = {};
	const char *wrong;
	char text[1280];
	pid_t pid;

	run_init(&run);
	if (unshare(CLONE_NEWNET) < 0 || (pid = make_other()) < 0 ||
	    run_look(&run, NULL, pid, &err) < 0)
		wrong = "no namespaces";
	else if (make_plan(&plan, config, &err) < 0)
		wrong = "no plan";
	else
		wrong = live(&plan, &run, &err);
	if (wrong)
		(void)dprintf(report_fd, "%s: %s", wrong, err_text(&err, text, sizeof(text)));
	return 0;
}

Test(net_veth, live)
{
	char said[2048] = "";
	int report[2];
	pid_t pid;

	if (geteuid() != 0)
		cr_skip("needs root");
	cr_assert_eq(pipe(report), 0);
	pid = fork();
	if (pid == 0)
		_exit(in_child(report[1]));
	close(report[1]);
	cr_assert(read(report[0], said, sizeof(said) - 1) >= 0);
	close(report[0]);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_expect_str_empty(said, "%s", said);
}

Test(net_plan, refuses)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{"no hwaddr", CONFIG("\\\"mtu\\\": 1500"), "eth0 has no hwaddr"},
		{"bad address", CONFIG(HWADDR "\\\"addresses\\\": [\\\"10.0.0.2/33\\\"]"),
		 "10.0.0.2/33"},
		{"host's namespace",
		 "{\"ociVersion\": \"1.2.0\", \"root\": {\"path\": \"rootfs\"}, \"annotations\": "
		 "{\"org.pctrun.net\": \"[{\\\"name\\\": \\\"a\\\", \\\"host\\\": \\\"b\\\"}]\"}}",
		 "needs a new network namespace"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(plan_free) struct plan plan = {};
		struct err err = {};

		cr_expect_eq(make_plan(&plan, rows[i].text, &err), -EINVAL, "%s", rows[i].name);
		cr_expect(strstr(err.what, rows[i].want), "%s: %s", rows[i].name, err.what);
	}
}
