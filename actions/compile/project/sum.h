#ifndef SUM_H
#define SUM_H
#include "queue.h"
long sum_of(queue *q);
#endif
