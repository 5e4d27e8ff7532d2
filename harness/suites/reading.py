"""Read a user's file as UTF-8 text, bounded in size."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from harness.suites.places import place, shown

if TYPE_CHECKING:
    from pathlib import Path

    from harness.errors import HarnessError

SIZE_LIMIT = 16 * 1024 * 1024
"""The most bytes that one document, label, prompt or predicted line may have."""


def read_bytes(path: Path, noun: str, error: type[HarnessError], missing: str = "check the path") -> bytes:
    """The bytes of a regular file.

    Args:
        path: The file. A symbolic link is followed.
        noun: What it is to the user: `"label file"`.
        error: The class to raise.
        missing: What to do when there is no such file.

    Raises:
        HarnessError: The given class, when the file is missing, not a regular file, unreadable or above
            `SIZE_LIMIT`.
    """
    try:
        # To open a pipe would wait for a writer, if it was not asked not to.
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            found = os.fstat(file)
            # Anything but a regular file could block for ever (a pipe) or never end (a device).
            if not stat.S_ISREG(found.st_mode):
                raise error(f"the {noun} is not a file", where=shown(path), hint="name a regular file")
            # A read of so many bytes makes room for so many; a file that has grown since has one more.
            data = os.read(file, min(found.st_size, SIZE_LIMIT) + 1)
            if len(data) > found.st_size:
                data += os.read(file, SIZE_LIMIT + 1 - len(data))
        finally:
            os.close(file)
    except FileNotFoundError:
        raise error(f"the {noun} does not exist", where=shown(path), hint=missing) from None
    except OSError as failure:
        raise error(f"the {noun} cannot be read: {reason(failure)}", where=shown(path)) from failure
    if len(data) > SIZE_LIMIT:
        raise error(
            f"the {noun} is larger than {SIZE_LIMIT // 1024**2} MiB",
            where=shown(path),
            hint="split it into smaller files",
        )
    return data


def decode(data: bytes, path: Path, noun: str, error: type[HarnessError]) -> str:
    """The text of a file's bytes, letter for letter: a byte order mark and line ends stay as they are.

    Raises:
        HarnessError: The given class, when the bytes are not UTF-8. Names the line and the byte's offset.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise error(
            f"the {noun} is not UTF-8: byte 0x{data[failure.start]:02x} at offset {failure.start}",
            where=place(path, line),
            hint="save the file as UTF-8",
        ) from None


def reason(failure: OSError) -> str:
    """Why the operating system refused, without its error number and the path it repeats."""
    return failure.strerror or str(failure)
