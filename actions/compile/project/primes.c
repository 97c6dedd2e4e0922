#include "primes.h"
int is_prime(long n) {
    if (n < 2) return 0;
    for (long d = 2; d * d <= n; d++)
        if (n % d == 0) return 0;
    return 1;
}
long next_prime(long n) {
    do n++; while (!is_prime(n));
    return n;
}
