# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Find the possible pairs of two lists: what `likeness` and `sieve` do in Python."""

from cpython.dict cimport PyDict_GetItemWithError
from cpython.exc cimport PyErr_CheckSignals
from cpython.object cimport PyObject
from libc.math cimport fabs
from libc.stdlib cimport calloc, free

from harness.scoring.compiled.letters cimport UNREAD, Letters, may_be_like, read_letters

from harness.scoring.comparators.base import slack
from harness.scoring.comparators.date import DateComparator
from harness.scoring.comparators.number import NumberComparator
from harness.scoring.comparators.text import TextComparator

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


cdef class Edging:
    """Finds the possible pairs of two lists of plain records of a model."""

    cdef list similarities
    cdef Step *steps
    cdef Py_ssize_t count, cheap
    cdef double whole, slack

    def __cinit__(self, bound):
        self.count, self.whole, self.similarities = len(bound.steps), bound.whole, []
        self.slack = slack(bound.whole)
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
        return Lists(self, golds, predicteds, match_at).compare_all() if golds and predicteds and self.count else {}


cdef class Lists:
    """Two lists, column by column.

    Every value of a column has a code, the same for equal values. Beside it stands what tells in a few
    instructions that two unequal values are not alike; only where they may be, the comparator is asked.
    A row of gold is held against all predicted items at once, column after column; texts come last, and only
    where the pair is still possible.
    """

    cdef Edging edging
    cdef list golds, predicteds
    cdef double match_at
    cdef Py_ssize_t rows, width
    cdef void *memory
    cdef double *shared
    cdef double *mass
    cdef double *numbers
    cdef Day *days
    cdef Letters *letters
    cdef int *codes
    cdef int *right

    def __cinit__(self, Edging edging, list golds, list predicteds, double match_at):
        self.edging, self.golds, self.predicteds, self.match_at = edging, golds, predicteds, match_at
        self.rows, self.width = len(golds), len(predicteds)
        cdef Py_ssize_t at, cells = edging.count * (self.rows + self.width)
        self.memory = calloc(
            1,
            cells * (sizeof(double) + sizeof(Day) + sizeof(int))
            + self.width * (2 * sizeof(double) + sizeof(int))
            + (edging.count - edging.cheap) * sizeof(Letters),
        )
        if self.memory is NULL:
            raise MemoryError
        self.shared = <double *>self.memory
        self.mass = self.shared + self.width
        self.numbers = self.mass + self.width
        self.letters = <Letters *>(self.numbers + cells)
        self.days = <Day *>(self.letters + edging.count - edging.cheap)
        self.codes = <int *>(self.days + cells)
        self.right = self.codes + cells
        for at in range(edging.count):
            self.read_column(at)

    def __dealloc__(self):
        free(self.memory)

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

    cdef dict compare_all(self):
        """Hold every item of gold against every predicted one."""
        cdef Py_ssize_t i, j
        cdef dict found = {}
        for i in range(self.rows):
            PyErr_CheckSignals()
            self.compare_row(i)
            for j in range(self.width):
                if self.is_possible(j, self.edging.cheap) and self.compare_texts(i, j):
                    if self.shared[j] and self.shared[j] / self.mass[j] >= self.match_at:
                        found[i, j] = (self.shared[j] / self.mass[j], 2 * self.right[j] + 1)
        return found

    cdef inline bint is_possible(self, Py_ssize_t j, Py_ssize_t compared) noexcept:
        """Whether a predicted item may still reach `match_at` when so many columns have been compared."""
        cdef double rest = self.edging.steps[compared - 1].rest if compared else self.edging.whole
        return self.shared[j] + rest >= self.match_at * self.mass[j] - self.edging.slack

    cdef int compare_row(self, Py_ssize_t i) except -1:
        """Hold one item of gold against all predicted ones, texts left out."""
        cdef Py_ssize_t j, at
        cdef int *codes
        cdef Step *step
        for j in range(self.width):
            self.shared[j], self.mass[j], self.right[j] = 0.0, self.edging.whole, 0
        for at in range(self.edging.cheap):
            step = &self.edging.steps[at]
            codes = self.codes + at * (self.rows + self.width)
            if codes[i] == ABSENT:
                agree_in_absence(self.mass, codes + self.rows, self.width, step.weight)
            else:
                agree(self.shared, self.right, codes + self.rows, self.width, codes[i], step.weight)
                if step.how != EQUAL:
                    self.ask(at, i)
        for at in range(self.edging.count - self.edging.cheap):
            self.letters[at].size = UNREAD
        return 0

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
            if self.shared[j] + step.weight + step.rest < self.match_at * self.mass[j] - self.edging.slack:
                continue
            alike = self.edging.similarities[at](self.cell(i, step), self.cell(self.rows + j, step))
            if alike:
                self.shared[j] += step.weight * alike
                self.right[j] += alike >= step.right_from
        return 0

    cdef int compare_texts(self, Py_ssize_t i, Py_ssize_t j) except -1:
        """Compare the texts of one pair; whether it is still possible."""
        cdef Step *step
        cdef Letters *letters
        cdef Py_ssize_t at
        cdef int *codes
        cdef int gold, predicted
        cdef double alike
        for at in range(self.edging.cheap, self.edging.count):
            step = &self.edging.steps[at]
            codes = self.codes + at * (self.rows + self.width)
            gold, predicted = codes[i], codes[self.rows + j]
            if gold == predicted:
                if gold == ABSENT:
                    self.mass[j] -= step.weight
                else:
                    self.shared[j] += step.weight
                    self.right[j] += 1
            elif gold != ABSENT and predicted != ABSENT:
                text, other = self.cell(i, step), self.cell(self.rows + j, step)
                letters = &self.letters[at - self.edging.cheap]
                if letters.size == UNREAD:
                    read_letters(letters, text)
                if may_be_like(letters, other, step.cutoff):
                    alike = self.edging.similarities[at](text, other)
                    if alike:
                        self.shared[j] += step.weight * alike
                        self.right[j] += alike >= step.right_from
            if not self.is_possible(j, at + 1):
                return False
        return True


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
