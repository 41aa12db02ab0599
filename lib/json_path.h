#pragma once

struct arena;
struct json;

/*
 * Members of a document by their path, as messages and origins name them: "mounts[3].options",
 * "linux.sysctl[\"net.ipv4.ip_forward\"]". A rest of the path that is a member's whole name, dots
 * and all, is that member: "linux.sysctl.net.ipv4.ip_forward".
 */

/** json_at() - the member at @path. Return: NULL: there is none, or the path is none. */
const struct json *json_at(struct arena *arena, const struct json *root, const char *path);

/**
 * json_with() - a document that has @value at @path, and all else of @root
 * @root: stays as it is; NULL: an empty object
 * @value: of type JSON_NULL: the member is left out
 *
 * Members on the way that aren't there are made; the item behind an array's last is added.
 * Return: the document, in @arena, parts of it @root's; NULL where @path goes through a string or
 * number, or leaves a gap in an array.
 */
const struct json *json_with(struct arena *arena, const struct json *root, const char *path,
			     const struct json *value);
