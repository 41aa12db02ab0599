#pragma once

struct arena;
struct err;

/**
 * accept_words() - what this call may go on without: struct runtime's accept
 * @option: of --accept-unenforced; NULL: not given
 * @words: words with commas, in @arena; NULL: nothing
 *
 * The option's, else those of $PCTRUN_ACCEPT_UNENFORCED, else those of the file accept-unenforced
 * in /etc/pctrun ($PCTRUN_ETC): for engines, which pass on neither. All three are the host's
 * admin's or the caller's: a bundle has no say in it. The file is words, lines of them, comments
 * behind '#'; root's or the caller's, and nobody else may write it. Return: 0; -EINVAL for a word
 * that nothing is called; -EPERM for a file that others may write.
 */
int accept_words(struct arena *arena, const char *option, const char **words, struct err *err);
