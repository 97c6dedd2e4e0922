#ifndef QUEUE_H
#define QUEUE_H
#include <stddef.h>
typedef struct queue queue;
queue *queue_new(size_t room);
int queue_push(queue *q, long value);
int queue_pop(queue *q, long *value);
void queue_free(queue *q);
#endif
