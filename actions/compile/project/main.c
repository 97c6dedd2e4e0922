#include "primes.h"
#include "queue.h"
#include "sum.h"
#include <stdio.h>
/* The sum of the first hundred primes is 24133. */
int main(void) {
    queue *q = queue_new(100);
    long prime = 1;
    while (queue_push(q, prime = next_prime(prime))) { }
    printf("the first 100 primes add up to %ld\n", sum_of(q));
    queue_free(q);
    return 0;
}
