"""What a file is, seen in its content: a scenario, a game of Gambit's, a table, or nothing that is read here.

All files go through :func:`read_file`, so that the checks of what is no ordinary file, too large or not
UTF-8 are the same for every kind, and so are the answers to what is of none.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

__all__ = ["EFG", "MOST_BYTES", "NFG", "SCENARIO", "TABLE", "FileError", "SourceFile", "read_file"]

SCENARIO, NFG, EFG, TABLE = "scenario", "nfg", "efg", "table"
MOST_BYTES = {SCENARIO: 250_000, NFG: 16 * 2**20, EFG: 16 * 2**20, TABLE: 16 * 2**20}
NAMES = {SCENARIO: "a scenario file", NFG: "a .nfg file", EFG: "an .efg file", TABLE: "a table"}
READ = "scenarios (TOML), Gambit's strategic-form games (.nfg) and trees (.efg), and tables of payoffs (CSV) are read here"

HEAD = 4096  # bytes by which the kind is told
COLUMNS = (",", ";", "\t")  # what separates them

SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a sound, a film or a WebP picture"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"PK\x03\x04", "a zip archive, as .xlsx, .docx and .npz are"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x93NUMPY", "a numpy array (.npy)"),
    (b"\x89HDF", "an HDF5 file"),
    (b"CDF\x01", "a netCDF file"),
    (b"CDF\x02", "a netCDF file"),
    (b"PAR1", "a Parquet table"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\xff\xfe", "UTF-16 text; save the file as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save the file as UTF-8"),
)
DRAWN = {"a PNG picture", "a PDF document"}
WORDS = (
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<", "an XML file"),
    ("{", "JSON"),
    ("---", "YAML"),
)
HEADER = re.compile(r"\[[^\[\]]+\]\s*(#.*)?|\[\[[^\[\]]+\]\]\s*(#.*)?")
ASSIGNMENT = re.compile(r"""(?:[A-Za-z0-9_.\- \t]|"[^"]*"|'[^']*')+=.*""")
SEPARATOR = re.compile(r"sep=[,;|]?", re.IGNORECASE)  # above a heading, for Excel
YAML = re.compile(r"[\w-]+:(\s.*)?")


class FileError(ValueError):
    """A file that cannot be read: ``path``, ``line`` (0 where it is about the whole file) and ``message``."""

    def __init__(self, path: Path, message: str, line: int = 0) -> None:
        self.path, self.message, self.line = path, message, line
        super().__init__(f"{path}{f':{line}' if line else ''}: {message}")


class Bytes(NamedTuple):
    """The kind of a file and its content."""

    kind: str
    content: bytes


@dataclass(frozen=True)
class SourceFile:
    """A file of a kind that is read here: its text, with plain line ends, and the bytes it came from."""

    path: Path
    kind: str
    text: str
    content: bytes

    @property
    def digest(self) -> str:
        """What tells this content from any other: its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()


def read_file(path: Path) -> SourceFile:
    """A file with its kind.  Raises FileError for what is no ordinary file, too large, no text, or of no kind."""
    kind, content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"is not UTF-8 text: byte 0x{content[error.start]:02x}; save the file as UTF-8"
        raise FileError(path, found, line) from None
    return SourceFile(path, kind, text, content)


def read_bytes(path: Path) -> Bytes:
    """The content of an ordinary file of a kind that is read here, and of a size that is."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            what = "a dataset, for `standoff map`" if path.suffix == ".zarr" else "a folder"
            raise FileError(path, f"is {what}; {READ}")
        if not stat.S_ISREG(found.st_mode):
            raise FileError(path, f"is not an ordinary file; {READ}")
        with path.open("rb") as file:
            head = file.read(HEAD)
            kind = kind_of(path, head, whole=len(head) == found.st_size)
            most = MOST_BYTES[kind]
            if found.st_size > most:
                raise FileError(path, f"has {found.st_size} bytes; {NAMES[kind]} has at most {most}")
            content = head + file.read(most + 1 - len(head))
    except FileNotFoundError:
        raise FileError(path, "no such file") from None
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(path, f"cannot be read: {error}") from None
    if len(content) > most:
        raise FileError(path, f"grows while it is read; {NAMES[kind]} has at most {most} bytes")
    return Bytes(kind, content)


def kind_of(path: Path, head: bytes, *, whole: bool) -> str:
    """The kind of a file that begins so.  Raises FileError, with what it looks like, where it is of none.

    A file that is named .toml is meant to be a scenario, whatever is wrong with it, unless it is clearly
    something else.
    """
    for signature, looks in SIGNATURES:
        if head.startswith(signature):
            drawn = ", as `standoff map` makes of a scenario" if looks in DRAWN else ""
            raise FileError(path, f"looks like {looks}{drawn}; {READ}")
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()
    found = re.match(r"(NFG|EFG)\b", text)
    if found is not None:
        return NFG if found[0] == "NFG" else EFG
    if path.suffix.lower() == ".toml":
        return SCENARIO
    looks = appearance(text, whole=whole)
    if not looks and is_table(path, text):
        return TABLE
    if looks:
        raise FileError(path, f"{looks}; {READ}")
    return SCENARIO


def appearance(text: str, *, whole: bool) -> str:
    """What a text that begins so looks like, where it is no scenario; else nothing."""
    if not text:
        return "is empty" if whole else "begins with nothing but blanks"
    if "\0" in text:
        return "looks like binary data"
    for word, looks in WORDS:
        if text[: len(word)].lower() == word.lower():
            return f"looks like {looks}"
    if text.startswith("[") and whole and is_json(text):
        return "looks like JSON"
    first = first_line(text)
    if not first or HEADER.fullmatch(first) or ASSIGNMENT.fullmatch(first):
        return ""
    if first.startswith("["):
        return "looks like JSON"
    if any(sign in first for sign in COLUMNS):
        return ""
    if YAML.fullmatch(first):
        return "looks like YAML"
    return "looks like plain text"


def is_table(path: Path, text: str) -> bool:
    """Whether a text that looks like nothing else is a table; named so, one may have a heading such as ``a=1,b``."""
    first = first_line(text)
    if SEPARATOR.fullmatch(first):
        return True
    if not any(sign in first for sign in COLUMNS):
        return False
    named = path.suffix.lower() in {".csv", ".tsv"}
    return named or not (HEADER.fullmatch(first) or ASSIGNMENT.fullmatch(first))


def first_line(text: str) -> str:
    """The first line that says anything."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")


def is_json(text: str) -> bool:
    """Whether a text is JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
