#pragma once

struct json_out;

/**
 * net_counters_write() - what the interfaces of a process' network namespace sent and received
 * @pid_dir_fd: /proc/PID
 * @out: inside an object, which gets the member network_interfaces; lo is left out
 *
 * Source: /proc/PID/net/dev, proc(5).
 */
void net_counters_write(int pid_dir_fd, struct json_out *out);
