# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The inner loops of scoring, compiled. `loops` says what each is, and who does the same in Python."""

from cpython.dict cimport PyDict_GetItemWithError
from cpython.exc cimport PyErr_CheckSignals
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from cpython.unicode cimport PyUnicode_1BYTE_KIND, PyUnicode_1BYTE_DATA, PyUnicode_KIND
from libc.math cimport fabs, isfinite, rint
from libc.stdint cimport int64_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memset

from harness.scoring import assignment
from harness.scoring.annotations import annotation
from harness.scoring.comparators import base
from harness.scoring.comparators.base import NotPlain
from harness.scoring.comparators.date import DateComparator
from harness.scoring.comparators.number import NumberComparator
from harness.scoring.comparators.text import TextComparator
from harness.scoring.comparators.values import number, real, truth, whole
from harness.scoring.plain import NOT_PLAIN, completer, is_ambiguous, quote, remembered
from harness.scoring.readings import WHOLE, Reading


# Reading


cdef enum Holds:
    OBJECT
    BRANCH
    QUOTES
    REAL
    TRUTH
    OTHER


cdef class Field:
    """What one key of a JSON object holds."""

    cdef str key
    cdef Holds holds
    cdef Py_ssize_t position
    cdef object known
    cdef Fields nested


cdef class Fields:
    """The keys of one JSON object."""

    cdef list each
    cdef object complete

    def __init__(self, level):
        self.each = []
        self.complete = completer(level.fields)
        cdef Field field
        for key, *_ in level.fields:
            field = Field()
            field.key = key
            if key in level.columns:
                field.position, prepare = level.columns[key]
                field.known = remembered(prepare)
                field.holds = REAL if prepare is real else TRUTH if prepare is truth else OTHER
            elif key in level.branches:
                field.holds, field.position = BRANCH, level.branches[key]
            elif key in level.nested:
                field.holds, field.nested = OBJECT, Fields(level.nested[key])
            else:
                field.holds = QUOTES
            self.each.append(field)


cdef class PlainReader:
    """Reads the plain records of a model."""

    cdef object bound
    cdef Fields fields
    cdef Py_ssize_t columns, branches
    cdef bint named, quoting, ambiguous

    def __init__(self, bound):
        self.bound = bound
        self.fields = Fields(bound.level)
        self.columns, self.branches = len(bound.columns), len(bound.branches)
        self.named, self.quoting = bool(bound.name), bound.quoting
        self.ambiguous = is_ambiguous(bound.level)

    def __call__(self, raws, tuple here, quotes):
        cdef list found = []
        cdef Py_ssize_t at
        cdef tuple cells
        cdef list inside
        for at, raw in enumerate(raws):
            if raw is None or self.ambiguous:
                found.append(None)
                continue
            record = raw if self.named else {WHOLE: raw}
            own = [] if self.quoting else quotes
            cells, inside = PyTuple_New(self.columns), [None] * self.branches if self.branches else None
            try:
                self.read(self.fields, record, cells, inside, own)
            except NOT_PLAIN:
                found.append(None)
                continue
            reading = Reading(self.bound, record, here, at, own, cells)
            if inside is not None:
                reading.inside = inside
            found.append(reading)
        return found

    cdef int read(self, Fields fields, object raw, tuple cells, list inside, object quotes) except -1:
        """Read one JSON object into cells, and the raw values of branches."""
        if type(raw) is not dict:
            raise NotPlain
        if len(<dict>raw) != len(fields.each):
            raw = fields.complete(raw)
        cdef Field field
        cdef PyObject *found
        cdef object value
        for field in fields.each:
            found = PyDict_GetItemWithError(<dict>raw, field.key)
            if found is NULL:
                raise NotPlain
            value = <object>found
            if field.holds == OBJECT:
                if value is None:
                    leave_out(field.nested, cells)
                else:
                    self.read(field.nested, value, cells, inside, quotes)
            elif field.holds == BRANCH:
                if type(value) is dict and annotation(value) is not None:
                    raise NotPlain
                inside[field.position] = value
            elif field.holds == QUOTES:
                quote(quotes, value)
            elif (field.holds == REAL and type(value) is float and isfinite(<double>value)) or (
                field.holds == TRUTH and type(value) is bool
            ):
                put(cells, field.position, value)
            else:
                found = PyDict_GetItemWithError(<dict>field.known, value)
                put(cells, field.position, field.known.__missing__(value) if found is NULL else <object>found)
        return 0


cdef int leave_out(Fields fields, tuple cells) except -1:
    """Everything in a JSON object that is not there is absent."""
    cdef Field field
    for field in fields.each:
        if field.holds == OBJECT:
            leave_out(field.nested, cells)
        elif field.holds != BRANCH and field.holds != QUOTES:
            put(cells, field.position, None)
    return 0


cdef inline void put(tuple cells, Py_ssize_t position, object value) noexcept:
    """Fill a place of a new tuple."""
    Py_INCREF(value)
    PyTuple_SET_ITEM(cells, position, value)


# Comparing


cdef double SLACK = base.SLACK

cdef enum:
    ABSENT = -1
    WORD = 64

cdef enum How:
    EQUAL
    WITHIN
    STATED
    TEXT
    ASKED

cdef struct Step:
    How how
    Py_ssize_t position
    double weight
    double rest
    double right_from
    double absolute
    double relative
    double cutoff

cdef struct Day:
    int year
    int month
    int day
    bint timed

cdef struct Pair:
    Py_ssize_t gold
    Py_ssize_t predicted
    double shared
    double mass
    int right


cdef class Edging:
    """Finds the possible pairs of two lists of plain records of a model."""

    cdef list similarities
    cdef Step *steps
    cdef Py_ssize_t count, cheap
    cdef double whole

    def __cinit__(self, bound):
        self.count, self.whole, self.similarities = len(bound.steps), bound.whole, []
        self.steps = <Step *>calloc(max(self.count, 1), sizeof(Step))
        if self.steps is NULL:
            raise MemoryError
        cdef Step *step = self.steps
        for given in bound.steps:
            comparator = bound.columns[given.position].comparator
            step.position, step.weight, step.rest = given.position, given.weight, given.rest
            step.right_from = given.right_from
            if given.similarity is None:
                step.how = EQUAL
            elif isinstance(comparator, NumberComparator):
                step.how = WITHIN
                step.relative, step.absolute = comparator.widest
            elif isinstance(comparator, DateComparator):
                step.how = STATED
            elif isinstance(comparator, TextComparator):
                step.how, step.cutoff = TEXT, comparator.cutoff
            else:
                step.how = ASKED
            self.similarities.append(given.similarity)
            self.cheap += step.how != TEXT
            step += 1

    def __dealloc__(self):
        free(self.steps)

    def __call__(self, list golds, list predicteds, double match_at):
        cdef dict found = {}
        if not golds or not predicteds or not self.count:
            return found
        cdef Lists lists = Lists(self, golds, predicteds, match_at)
        lists.compare_all()
        cdef Py_ssize_t at
        for at in range(self.cheap, self.count):
            lists.compare_texts(at)
        cdef Pair *pair = lists.pairs
        for at in range(lists.alive):
            if pair.shared and pair.shared / pair.mass >= match_at:
                found[pair.gold, pair.predicted] = (pair.shared / pair.mass, 2 * pair.right + 1)
            pair += 1
        return found


cdef class Lists:
    """Two lists, column by column, and the pairs that are still possible.

    Every value of a column has a code, the same for equal values. Beside it stands what tells in a few
    instructions that two unequal values are not alike; only where they may be, the comparator is asked.
    A row of gold is held against all predicted items at once, column after column.
    """

    cdef Edging edging
    cdef list golds, predicteds
    cdef double match_at
    cdef Py_ssize_t rows, width, alive, room
    cdef Pair *pairs
    cdef void *memory
    cdef double *shared
    cdef double *mass
    cdef double *numbers
    cdef Day *days
    cdef int *codes
    cdef int *right

    def __cinit__(self, Edging edging, list golds, list predicteds, double match_at):
        self.edging, self.golds, self.predicteds, self.match_at = edging, golds, predicteds, match_at
        self.rows, self.width = len(golds), len(predicteds)
        cdef Py_ssize_t at, cells = edging.count * (self.rows + self.width)
        self.memory = malloc(
            cells * (sizeof(double) + sizeof(Day) + sizeof(int)) + self.width * (2 * sizeof(double) + sizeof(int))
        )
        if self.memory is NULL:
            raise MemoryError
        self.shared = <double *>self.memory
        self.mass = self.shared + self.width
        self.numbers = self.mass + self.width
        self.days = <Day *>(self.numbers + cells)
        self.codes = <int *>(self.days + cells)
        self.right = self.codes + cells
        for at in range(edging.count):
            self.read_column(at)

    def __dealloc__(self):
        free(self.memory)
        free(self.pairs)

    cdef int read_column(self, Py_ssize_t at) except -1:
        cdef Step *step = &self.edging.steps[at]
        cdef Py_ssize_t k, here, first = at * (self.rows + self.width)
        cdef int code
        cdef dict known = {}
        cdef PyObject *found
        cdef object cell
        for k in range(self.rows + self.width):
            here = first + k
            cell = self.cell(k, step)
            if cell is None:
                self.codes[here] = ABSENT
                continue
            found = PyDict_GetItemWithError(known, cell)
            if found is NULL:
                code = len(known)
                known[cell] = code
            else:
                code = <object>found
            self.codes[here] = code
            if step.how == WITHIN:
                self.numbers[here] = cell
            elif step.how == STATED:
                year, month, day, second, offset = <tuple>cell
                self.days[here].year = ABSENT if year is None else year
                self.days[here].month = ABSENT if month is None else month
                self.days[here].day = ABSENT if day is None else day
                self.days[here].timed = second is not None or offset is not None
        return 0

    cdef inline object cell(self, Py_ssize_t k, Step *step):
        """A prepared value, of gold or behind it of the prediction."""
        return (<tuple>(self.golds[k] if k < self.rows else self.predicteds[k - self.rows]))[step.position]

    cdef int compare_all(self) except -1:
        """Hold every item of gold against every predicted one, texts left out."""
        cdef Py_ssize_t i, j, at, width = self.width
        cdef double rest = self.edging.whole
        cdef int *codes
        cdef Pair *pair
        cdef Step *step
        for i in range(self.rows):
            PyErr_CheckSignals()
            for j in range(width):
                self.shared[j], self.mass[j], self.right[j] = 0.0, self.edging.whole, 0
            for at in range(self.edging.cheap):
                step = &self.edging.steps[at]
                rest = step.rest
                codes = self.codes + at * (self.rows + width)
                if codes[i] == ABSENT:
                    agree_in_absence(self.mass, codes + self.rows, width, step.weight)
                else:
                    agree(self.shared, self.right, codes + self.rows, width, codes[i], step.weight)
                    if step.how != EQUAL:
                        self.ask(at, i)
            for j in range(width):
                if self.shared[j] + rest >= self.match_at * self.mass[j] - SLACK:
                    pair = self.next_pair()
                    pair.gold, pair.predicted = i, j
                    pair.shared, pair.mass, pair.right = self.shared[j], self.mass[j], self.right[j]
        return 0

    cdef Pair *next_pair(self) except NULL:
        """Room for one more possible pair. How many there are is known only at the end, and may be very few."""
        cdef Pair *larger
        if self.alive == self.room:
            larger = <Pair *>realloc(self.pairs, (2 * self.room + self.rows + self.width) * sizeof(Pair))
            if larger is NULL:
                raise MemoryError
            self.pairs, self.room = larger, 2 * self.room + self.rows + self.width
        self.alive += 1
        return &self.pairs[self.alive - 1]

    cdef int ask(self, Py_ssize_t at, Py_ssize_t i) except -1:
        """Compare one value of gold with the unequal predicted ones that may be alike."""
        cdef Step *step = &self.edging.steps[at]
        cdef Py_ssize_t j, first = at * (self.rows + self.width), width = self.width
        cdef int *codes = self.codes + first + self.rows
        cdef double *numbers = self.numbers + first + self.rows
        cdef Day *days = self.days + first + self.rows
        cdef int gold = codes[i - self.rows]
        cdef double wanted = numbers[i - self.rows], far = fabs(wanted) * step.relative + step.absolute, alike
        cdef Day day = days[i - self.rows]
        for j in range(width):
            if codes[j] == gold or codes[j] == ABSENT:
                continue
            if step.how == WITHIN and fabs(wanted - numbers[j]) > far:
                continue
            if step.how == STATED and not day.timed and (
                (day.year != ABSENT and day.year != days[j].year)
                or (day.month != ABSENT and day.month != days[j].month)
                or (day.day != ABSENT and day.day != days[j].day)
            ):
                continue
            if self.shared[j] + step.weight + step.rest < self.match_at * self.mass[j] - SLACK:
                continue
            alike = self.edging.similarities[at](self.cell(i, step), self.cell(self.rows + j, step))
            if alike:
                self.shared[j] += step.weight * alike
                self.right[j] += alike >= step.right_from
        return 0

    cdef int compare_texts(self, Py_ssize_t at) except -1:
        """Compare one column of texts of the pairs that are still possible."""
        cdef Step *step = &self.edging.steps[at]
        cdef int *codes = self.codes + at * (self.rows + self.width)
        cdef Pair *pair = self.pairs
        cdef Pair *kept = self.pairs
        cdef int gold, predicted
        cdef double alike
        cdef Letters letters
        cdef object text, other
        letters.size = 0
        cdef Py_ssize_t row = -1, k
        for k in range(self.alive):
            gold, predicted = codes[pair.gold], codes[self.rows + pair.predicted]
            if gold == predicted:
                if gold == ABSENT:
                    pair.mass -= step.weight
                else:
                    pair.shared += step.weight
                    pair.right += 1
            elif gold != ABSENT and predicted != ABSENT:
                text, other = self.cell(pair.gold, step), self.cell(self.rows + pair.predicted, step)
                if pair.gold != row:
                    row = pair.gold
                    remember(&letters, text)
                if may_be_like(&letters, other, step.cutoff):
                    alike = self.edging.similarities[at](text, other)
                    if alike:
                        pair.shared += step.weight * alike
                        pair.right += alike >= step.right_from
            if pair.shared + step.rest >= self.match_at * pair.mass - SLACK:
                kept[0] = pair[0]
                kept += 1
            pair += 1
        self.alive = kept - self.pairs
        return 0


cdef void agree(
    double *shared, int *right, const int *codes, Py_ssize_t width, int gold, double weight
) noexcept:
    """Count one value of gold that is there with the equal predicted ones."""
    cdef Py_ssize_t j
    for j in range(width):
        shared[j] += weight if codes[j] == gold else 0.0
    for j in range(width):
        right[j] += codes[j] == gold


cdef void agree_in_absence(double *mass, const int *codes, Py_ssize_t width, double weight) noexcept:
    """What is absent on both sides weighs nothing."""
    cdef Py_ssize_t j
    for j in range(width):
        mass[j] -= weight if codes[j] == ABSENT else 0.0


cdef struct Letters:
    uint64_t places[256]
    Py_ssize_t size


cdef void remember(Letters *letters, str text) noexcept:
    """Where each letter of a text of up to 64 letters of Latin-1 stands; nothing of any other text."""
    cdef Py_ssize_t at, size = len(text)
    cdef unsigned char *data
    letters.size = 0
    if size <= WORD and PyUnicode_KIND(text) == PyUnicode_1BYTE_KIND:
        memset(letters.places, 0, sizeof(letters.places))
        data = <unsigned char *>PyUnicode_1BYTE_DATA(text)
        for at in range(size):
            letters.places[data[at]] |= <uint64_t>1 << at
        letters.size = size


cdef bint may_be_like(Letters *letters, str other, double cutoff) noexcept:
    """Whether the Levenshtein similarity of two texts is not certainly below a cutoff.

    The distance is worked out for all letters of one text at once (Hyyrö 2003, "A Bit-Vector Algorithm for
    Computing Levenshtein and Damerau Edit Distances").
    """
    cdef Py_ssize_t at, size = len(other), longest = max(size, letters.size), distance = letters.size
    if not letters.size or PyUnicode_KIND(other) != PyUnicode_1BYTE_KIND:
        return True
    cdef unsigned char *data = <unsigned char *>PyUnicode_1BYTE_DATA(other)
    cdef uint64_t last = <uint64_t>1 << (letters.size - 1)
    cdef uint64_t more = ~<uint64_t>0, less = 0, same, diagonal, across_more, across_less
    for at in range(size):
        same = letters.places[data[at]] | less
        diagonal = (((same & more) + more) ^ more) | same
        across_more, across_less = less | ~(diagonal | more), diagonal & more
        if across_more & last:
            distance += 1
        if across_less & last:
            distance -= 1
        across_more = (across_more << 1) | 1
        more, less = (across_less << 1) | ~(diagonal | across_more), across_more & diagonal
    return 1.0 - <double>distance / <double>longest >= cutoff


# Choosing


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
    if worth > ends.first:
        ends.first, ends.second = worth, ends.first
    elif worth > ends.second:
        ends.second = worth


cdef inline int64_t other(Ends *ends, int64_t worth) noexcept:
    """The best worth at one end but that of the edge itself."""
    return ends.second if worth == ends.first else ends.first
