#include "queue.h"
#include <stdlib.h>
struct queue { size_t room, first, count; long values[]; };
queue *queue_new(size_t room) {
    queue *q = malloc(sizeof *q + room * sizeof(long));
    if (q) { q->room = room; q->first = q->count = 0; }
    return q;
}
int queue_push(queue *q, long value) {
    if (q->count == q->room) return 0;
    q->values[(q->first + q->count++) % q->room] = value;
    return 1;
}
int queue_pop(queue *q, long *value) {
    if (!q->count) return 0;
    *value = q->values[q->first];
    q->first = (q->first + 1) % q->room;
    q->count--;
    return 1;
}
void queue_free(queue *q) { free(q); }
