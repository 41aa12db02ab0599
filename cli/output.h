#pragma once

struct err;

/** output_end() - a command's last word on stdout: what was printed has arrived.
 * @r: how the command ended
 * Return: @r, or -EIO where it went well and a line of its output is lost (a full disk). */
int output_end(int r, struct err *err);
