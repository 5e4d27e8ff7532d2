# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Tell texts apart that are certainly not alike, many letters at once."""

from cpython.unicode cimport PyUnicode_1BYTE_DATA, PyUnicode_1BYTE_KIND, PyUnicode_KIND
from libc.stdint cimport uint64_t
from libc.string cimport memset

cdef enum:
    WORD = 64
    UNREAD = -1


# For each letter of Latin-1 the places in a text where it stands, as bits.
cdef struct Letters:
    uint64_t places[256]
    Py_ssize_t size


cdef inline void read_letters(Letters *letters, str text) noexcept:
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


cdef inline bint may_be_like(Letters *letters, str other, double cutoff) noexcept:
    """Whether the Levenshtein similarity of two texts is not certainly below a cutoff.

    The distance is worked out for all letters of one text at once (Hyyrö 2003, "A Bit-Vector Algorithm for
    Computing Levenshtein and Damerau Edit Distances").
    """
    cdef Py_ssize_t at, size = len(other), longest = max(size, letters.size), distance = letters.size
    if not letters.size or PyUnicode_KIND(other) != PyUnicode_1BYTE_KIND:
        return True
    # What is left of the other text can bring the distance down by one a letter; one more against rounding.
    cdef Py_ssize_t most = <Py_ssize_t>((1.0 - cutoff) * <double>longest) + 1
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
        if distance - (size - at - 1) > most:
            return False
        more, less = (across_less << 1) | ~(diagonal | across_more), across_more & diagonal
    return 1.0 - <double>distance / <double>longest >= cutoff
