#include "cgroup/limits.h"

/*
 * Logarithms without the mathematics library: the start path doesn't load it for one number. The
 * fraction's bits come from squaring: each squaring doubles the logarithm.
 */
static double log2_of(double x)
{
	double result = 0, bit = 0.5;

	while (x >= 2) {
		x /= 2;
		result += 1;
	}
	for (int i = 0; i < 52; i++, bit /= 2) {
		x *= x;
		if (x >= 2) {
			x /= 2;
			result += bit;
		}
	}
	return result;
}

/*
 * weight = ceil(10 ^ ((l² + 125 l) / 612 - 7/34)), l = log2(shares): 2 is 1, 1024 is 100, 262144 is
 * 10000. It is the least weight whose logarithm reaches the exponent.
 */
unsigned int cpu_weight(uint64_t shares)
{
	const double log2_of_10 = 3.321928094887362, rounding = 1e-9;
	unsigned int low = 1, high = 10000;
	double l, exponent;

	if (shares <= 2)
		return low;
	if (shares >= 262144)
		return high;
	l = log2_of((double)shares);
	exponent = ((l * l + 125 * l) / 612 - 7.0 / 34) * log2_of_10 - rounding;
	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (log2_of(middle) >= exponent)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

unsigned int io_weight(uint64_t weight)
{
	if (weight < 10)
		weight = 10;
	if (weight > 1000)
		weight = 1000;
	return (unsigned int)(1 + (weight - 10) * 9999 / 990);
}
