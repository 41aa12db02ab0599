#include "pve/lxc/command.h"

#include "lib/text.h"

#include <string.h>

static void add_word(struct arena *arena, struct oci_strings *words, const char *at, size_t length)
{
	words->items[words->count++] = arena_strndup(arena, at, length);
}

/* No text has more words than characters; one more for "". */
static void start_words(struct arena *arena, const char *text, struct oci_strings *words)
{
	*words = (struct oci_strings){
		.items = arena_array(arena, strlen(text) + 1, sizeof(*words->items))};
}

bool lxc_command_split(struct arena *arena, const char *text, struct oci_strings *words)
{
	start_words(arena, text, words);
	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		size_t length = strcspn(text, " \t");

		if (*text == '"' || *text == '\'') {
			const char *end = strchr(text + 1, *text);

			if (!end)
				return false;
			add_word(arena, words, text + 1, (size_t)(end - text - 1));
			text = end + 1;
		} else {
			add_word(arena, words, text, length);
			text += length;
		}
	}
	return true;
}

/* One word from *@at on into @word. Return: false when a quote is not closed. */
static bool shell_word(const char **at, struct text *word)
{
	char quote = '\0';

	for (; **at && (quote || !strchr(" \t", **at)); (*at)++) {
		char c = **at;

		if (c == '\\' && quote != '\'' && (*at)[1] &&
		    (!quote || strchr("\"\\$`", (*at)[1])))
			text_addc(word, *++*at);
		else if (quote ? c == quote : c == '\'' || c == '"')
			quote = quote ? '\0' : c;
		else
			text_addc(word, c);
	}
	return !quote;
}

bool shell_split(struct arena *arena, const char *text, struct oci_strings *words)
{
	cleanup_(text_free) struct text word = {};

	start_words(arena, text, words);
	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		text_clear(&word);
		if (!shell_word(&text, &word))
			return false;
		add_word(arena, words, text_str(&word), word.length);
	}
	return true;
}
