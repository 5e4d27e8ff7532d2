# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Read plain records: what `plain` does in Python."""

from cpython.dict cimport PyDict_GetItemWithError
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from libc.math cimport isfinite

from harness.scoring.annotations import annotation
from harness.scoring.comparators.base import NotPlain
from harness.scoring.comparators.values import real, truth
from harness.scoring.plain import NOT_PLAIN, completer, is_ambiguous, quote, remembered
from harness.scoring.readings import WHOLE, Reading


# What a key holds: an object, list, dict or union to be read by itself, quotes, or a leaf. Floats and truth values
# mostly stay as they are; any other value is looked up among those that were prepared before.
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
