"""Target schemas: plain Pydantic models, one module a suite."""
