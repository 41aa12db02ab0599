#pragma once

struct text;

/** binfmt_handlers() - names of what binfmt_misc has registered, emulators and the like, with
 * commas between; nothing where there are none */
void binfmt_handlers(struct text *text);
