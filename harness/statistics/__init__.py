"""Intervals, paired tests and power, from what each document adds up to. Pure; numpy and scipy on use."""
