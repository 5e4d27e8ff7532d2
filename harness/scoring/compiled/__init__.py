"""The loops of scoring, compiled by Cython where there is a C compiler; see `loops`."""
