"""Stored runs beside each other: opened, found alike or refused, compared, exported."""
