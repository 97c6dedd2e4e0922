#include "sum.h"
long sum_of(queue *q) {
    long value, total = 0;
    while (queue_pop(q, &value)) total += value;
    return total;
}
