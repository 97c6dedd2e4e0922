#ifndef PRIMES_H
#define PRIMES_H
int is_prime(long n);
long next_prime(long n);
#endif
