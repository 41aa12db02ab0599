#pragma once

/** features_text() - what this program knows, as `pctrun features` prints it; the caller frees it.
 */
char *features_text(void);
