#include "oci/ext_firewall.h"

#include "lib/err.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <criterion/criterion.h>

#define FIREWALL(more) "{\"name\":\"100\",\"policyIn\":\"drop\",\"policyOut\":\"accept\"" more "}"
#define SET(name)      FIREWALL(",\"sets\":[{\"name\":\"" name "\"}]")
#define RULE(members)                                                                              \
	FIREWALL(",\"rules\":[{\"direction\":\"in\",\"action\":\"drop\"," members "}]")

/* What nft would refuse in words of its own, about lines that nobody has written. */
Test(ext_firewall, what_is_refused)
{
	static const struct {
		const char *text, *why; /* NULL: it is not */
	} rows[] = {
		{FIREWALL(""), NULL},
		{SET("web_4-a"), NULL},
		{SET("1a"), "sets: '1a' is not a name that begins with a letter"},
		{SET("-a"), "sets: '-a' is not a name that begins with a letter"},
		{SET("a b"), "sets: 'a b' is not a name that begins with a letter"},
		{SET(""), "sets: '' is not a name that begins with a letter"},
		{RULE("\"sourceSet\":\"web\""), NULL},
		{RULE("\"sourceSet\":\"4\""),
		 "sourceSet: '4' is not a name that begins with a letter"},
		{RULE("\"destinationSet\":\"_a\""),
		 "destinationSet: '_a' is not a name that begins with a letter"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct oci_pair pair = {.name = ANNOTATION_FIREWALL, .value = (char *)rows[i].text};
		const struct oci_spec spec = {.annotations = {.count = 1, .items = &pair}};
		const struct oci_firewall *firewall;
		struct err err = {};
		const int r = oci_firewall_read(&arena, &spec, &firewall, &err);

		cr_expect_eq(r, rows[i].why ? -EINVAL : 0, "%s: %s", rows[i].text, err.what);
		if (rows[i].why)
			cr_expect(strstr(err.what, rows[i].why), "%s: %s", rows[i].text, err.what);
	}
}
