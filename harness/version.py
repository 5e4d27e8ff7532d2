"""The version of the harness: what `harness --version` prints and every signature carries."""

VERSION = "0.1.0"
