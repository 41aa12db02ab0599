/*
 * leaderless: the first thread ends, another one goes on. For the kernel the process lives, and its
 * pid is a zombie's.
 */
#include <pthread.h>
#include <unistd.h>

static void *go_on(void *nothing)
{
	for (;;)
		(void)pause();
	return nothing;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, go_on, NULL) != 0)
		return 1;
	pthread_exit(NULL);
}
