# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Find the possible pairs of two lists: what `likeness` and `sieve` do in Python."""

from cpython.dict cimport PyDict_GetItemWithError
from cpython.exc cimport PyErr_CheckSignals
from cpython.object cimport PyObject
from libc.math cimport fabs
from libc.stdlib cimport calloc, free, realloc

from harness.scoring.compiled.letters cimport Letters, may_be_like, remember

from harness.scoring.comparators import base
from harness.scoring.comparators.date import DateComparator
from harness.scoring.comparators.number import NumberComparator
from harness.scoring.comparators.text import TextComparator

cdef double SLACK = base.SLACK

cdef enum:
    ABSENT = -1

# How unequal values of a column are told not to be alike before the comparator is asked: they never are; they
# differ by more than a tolerance; in a part of the date that gold states; in too many letters; not at all.
cdef enum How:
    EQUAL
    WITHIN
    STATED
    TEXT
    ASKED

# What `binding.Step` is, and the limits of its comparator.
cdef struct Step:
    How how
    Py_ssize_t position
    double weight
    double rest
    double right_from
    double absolute
    double relative
    double cutoff

# A `Moment`; `timed` where it has more to it than its day.
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
        self.memory = calloc(
            1, cells * (sizeof(double) + sizeof(Day) + sizeof(int)) + self.width * (2 * sizeof(double) + sizeof(int))
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
        """Give the values of a column their codes."""
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
