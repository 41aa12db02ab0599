#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/msg.h"
#include "lib/run.h"
#include "seccomp/filter.h"
#include "seccomp/listener.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

int listener_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct listener_step *listener = container_of(step, struct listener_step, step);
	cleanup_close int socket_fd = unix_connect(listener->path, SOCK_STREAM);
	cleanup_close int memory_fd = memfd_create("seccomp-listener", MFD_CLOEXEC);

	if (socket_fd < 0) {
		err_set(err, socket_fd, "connect");
		err_hint(err, "the agent at linux.seccomp.listenerPath has to listen already");
		return socket_fd;
	}
	if (memory_fd < 0)
		return err_set(err, -errno, "make room for the message");
	run->slots[listener->listener_slot] = take_fd(&socket_fd);
	run->slots[listener->message_slot] = take_fd(&memory_fd);
	return 0;
}

/* The container process state: config-linux.md, "The Container Process State". */
static char *make_message(const struct listener_step *listener, const struct run *run,
			  const struct json *annotations)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, "ociVersion", listener->version);
	json_out_array(out, "fds");
	json_out_string(out, NULL, "seccompFd");
	json_out_end(out);
	json_out_i64(out, "pid", run->pid);
	if (listener->metadata)
		json_out_string(out, "metadata", listener->metadata);
	json_out_object(out, "state");
	json_out_string(out, "ociVersion", listener->version);
	json_out_string(out, "id", listener->id);
	json_out_string(out, "status", listener->status);
	json_out_i64(out, "pid", run->pid);
	json_out_string(out, "bundle", listener->bundle);
	json_out_value(out, "annotations", annotations);
	json_out_end(out);
	json_out_end(out);
	return json_out_take(out);
}

int listener_message_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct listener_step *listener = container_of(step, struct listener_step, step);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *message = NULL;
	const struct json *annotations;
	size_t length;
	int r;

	r = json_read(&arena, "annotations", listener->annotations, strlen(listener->annotations),
		      &annotations, err);
	if (r < 0)
		return r;
	message = make_message(listener, run, annotations);
	length = strlen(message);
	if (length > LISTENER_MESSAGE_SIZE)
		return err_plain(err, -EMSGSIZE, "the listener's message is longer than %d bytes",
				 LISTENER_MESSAGE_SIZE);
	r = write_all(run->slots[listener->message_slot], message, length);
	return r < 0 ? err_set(err, r, "write the message") : 0;
}

int listener_message_read(int memory_fd, struct listener_message *message, struct err *err)
{
	ssize_t n = pread(memory_fd, message->text, sizeof(message->text), 0);

	if (n <= 0)
		return err_set(err, n < 0 ? -errno : -ENODATA, "read the listener's message");
	message->length = (size_t)n;
	return 0;
}

int listener_send(int socket_fd, const struct listener_message *message, int notify_fd,
		  struct err *err)
{
	int r = msg_send(socket_fd, message->text, message->length, &notify_fd, 1);

	close_fd(notify_fd);
	return r < 0 ? err_set(err, r, "send the notify descriptor to the listener") : 0;
}
