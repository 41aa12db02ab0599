#pragma once

struct arena;

/**
 * proc_status() - what a line of /proc/PID/status says
 * @status: the file's text; @name: "CapEff"
 * Return: without blanks around it, in @arena; NULL when there is no such line.
 */
const char *proc_status(struct arena *arena, const char *status, const char *name);
