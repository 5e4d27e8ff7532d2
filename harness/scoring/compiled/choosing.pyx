# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Take the pairs that are in every best matching: what `assignment.outstanding` does in Python."""

from libc.math cimport rint
from libc.stdint cimport int64_t
from libc.stdlib cimport calloc, free

from harness.scoring import assignment

cdef int64_t ROUNDING = assignment.ROUNDING
cdef double SIMILARITY_STEPS = assignment.SIMILARITY_STEPS
cdef int64_t RANK_STEPS = assignment.RANK_STEPS

cdef enum State:
    LEFT
    TAKEN
    EXCLUDED

cdef struct Edge:
    Py_ssize_t row
    Py_ssize_t column
    int64_t worth
    State state

# What ends at one item: the worths of its best two edges, how many it has, and whether one was taken.
cdef struct Ends:
    int64_t first
    int64_t second
    Py_ssize_t edges
    bint used


def outstanding(dict edges):
    """Take the pairs that are in every best matching."""
    cdef Py_ssize_t count = len(edges), rows = 0, at = 0
    cdef Edge *each = <Edge *>calloc(max(count, 1), sizeof(Edge))
    cdef Ends *ends = NULL
    cdef Py_ssize_t columns = 0
    cdef list pairs = []
    try:
        if each is NULL:
            raise MemoryError
        for (row, column), (similarity, rank) in edges.items():
            each[at].row, each[at].column = row, column
            each[at].worth = <int64_t>rint(<double>similarity * SIMILARITY_STEPS) * RANK_STEPS + <int64_t>rank
            rows, columns = max(rows, each[at].row + 1), max(columns, each[at].column + 1)
            at += 1
        ends = <Ends *>calloc(max(rows + columns, 1), sizeof(Ends))
        if ends is NULL:
            raise MemoryError
        take_outstanding(each, count, ends, ends + rows)
        keys = list(edges)
        pairs = [keys[at] for at in range(count) if each[at].state == TAKEN]
        return pairs, {keys[at]: edges[keys[at]] for at in range(count) if each[at].state == LEFT}
    finally:
        free(each)
        free(ends)


cdef void take_outstanding(Edge *edges, Py_ssize_t count, Ends *rows, Ends *columns) noexcept:
    """Say of each edge whether it is taken, excluded by one that is, or left."""
    cdef Py_ssize_t at
    cdef bint taken = True
    for at in range(count):
        rows[edges[at].row].edges += 1
        columns[edges[at].column].edges += 1
    for at in range(count):
        if rows[edges[at].row].edges == 1 and columns[edges[at].column].edges == 1:
            edges[at].state = TAKEN
    while taken:
        taken = False
        for at in range(count):
            rows[edges[at].row].first = rows[edges[at].row].second = 0
            columns[edges[at].column].first = columns[edges[at].column].second = 0
        for at in range(count):
            if edges[at].state == LEFT:
                add_end(&rows[edges[at].row], edges[at].worth)
                add_end(&columns[edges[at].column], edges[at].worth)
        for at in range(count):
            if edges[at].state == LEFT and edges[at].worth > ROUNDING + other(
                &rows[edges[at].row], edges[at].worth
            ) + other(&columns[edges[at].column], edges[at].worth):
                edges[at].state = TAKEN
                rows[edges[at].row].used = columns[edges[at].column].used = taken = True
        for at in range(count):
            if edges[at].state == LEFT and (rows[edges[at].row].used or columns[edges[at].column].used):
                edges[at].state = EXCLUDED


cdef inline void add_end(Ends *ends, int64_t worth) noexcept:
    """Keep the best two."""
    if worth > ends.first:
        ends.first, ends.second = worth, ends.first
    elif worth > ends.second:
        ends.second = worth


cdef inline int64_t other(Ends *ends, int64_t worth) noexcept:
    """The best worth at one end but that of the edge itself."""
    return ends.second if worth == ends.first else ends.first
