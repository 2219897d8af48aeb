"""What Gambit's text files have in common: pieces, quoted labels, numbers as they were written, places of mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, written

__all__ = [
    "MOST_PAYOFFS",
    "NUMBER_TEXT",
    "WORD",
    "GambitError",
    "TextReader",
    "distinct",
    "quoted",
    "unescaped",
]

MOST_PAYOFFS = 2_000_000  # of all players together; larger games are not solved whole
LONGEST_EXPONENT = 4  # digits: 1e9999 is refused before it is expanded

NUMBER_TEXT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:/[0-9]+)?")
TOKEN = re.compile(
    rf"""(?P<space>[\s,]+)                                   # Gambit allows commas between numbers
    | (?P<brace>[{{}}])
    | "(?P<text>(?:[^"\\]|\\.)*)"
    | (?P<number>{NUMBER_TEXT.pattern})(?=[\s,{{}}"]|$)
    | (?P<word>[A-Za-z]\w*)""",
    re.VERBOSE,
)


WORD = re.compile(r"[^\s,]+")
SHORTEST = 15  # characters; floats tell every decimal that is so short


class GambitError(ValueError):
    """What is wrong with a file: ``file:line:column: what was found, what is allowed``."""

    def __init__(self, message: str, line: int = 0, column: int = 0, name: str = "gambit") -> None:
        self.message, self.line, self.column = message, line, column
        place = f"{name}:{line}:{column}: " if line else ""
        super().__init__(f"{place}{message}")


class Token(NamedTuple):
    """A piece of the file: its kind, its text and where it starts."""

    kind: str
    text: str
    at: int


class TextReader:
    """Walks over the tokens of one file and says where things go wrong."""

    def __init__(self, text: str, name: str, error: type[GambitError] = GambitError) -> None:
        self.text, self.name, self.error = text, name, error
        self.go_to(0)

    def go_to(self, at: int) -> None:
        """Read on from a place in the text."""
        self.tokens = self.split(at)
        self.next = next(self.tokens)

    def split(self, at: int) -> Iterator[Token]:
        """The tokens from a place on, and one that stands for the end."""
        while at < len(self.text):
            match = TOKEN.match(self.text, at)
            if match is None:
                self.fail(f"found {self.text[at : at + 12]!r}: not a number, a brace or a quoted label", at)
            kind = match.lastgroup or ""
            if kind != "space":
                yield Token(kind, match[kind], at)
            at = match.end()
        yield Token("end", "the end of the file", at)

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        """Raise the error of this kind of file at a place, that of the next token by default."""
        raise self.error(message, *self.place(self.next.at if at is None else at), self.name)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a place in the text, from 1."""
        return self.text.count("\n", 0, at) + 1, at - (self.text.rfind("\n", 0, at) + 1) + 1

    def take(self, kind: str, what: str, text: str | None = None) -> Token:
        """The next token, which has to be of a kind, and perhaps a certain text; ``what`` says it in words."""
        token = self.next
        if token.kind != kind or text not in {None, token.text}:
            self.fail(f"expected {what}, found {token.text[:40]!r}")
        self.next = next(self.tokens, Token("end", "the end of the file", len(self.text)))
        return token

    def is_brace(self, text: str) -> bool:
        """Whether a certain brace comes next."""
        return self.next.kind == "brace" and self.next.text == text

    def label(self, what: str) -> str:
        """The next quoted text."""
        return unescaped(self.take("text", what).text)

    def labels(self, what: str) -> list[str]:
        """Quoted texts in braces."""
        self.take("brace", f"'{{' before {what}s", "{")
        found = []
        while not self.is_brace("}"):
            found.append(self.label(f"a quoted {what} or '}}'"))
        self.take("brace", "'}'", "}")
        return found

    def numbers(self, what: str, count: int) -> NDArray[Any]:
        """The next ``count`` numbers: floats, or objects where a float does not tell one."""
        values, odd, start, found = np.empty(count), [], self.next.at, 0
        for word in WORD.finditer(self.text, start):
            if found == count or not NUMBER_TEXT.fullmatch(word[0]):
                self.go_to(word.start())
                break
            number = self.value(word[0], word.start())
            values[found] = number
            if isinstance(number, Fraction):
                odd.append((found, number))
            found += 1
        else:
            self.go_to(len(self.text))
        if found < count:
            self.take("number", what)
            self.fail(f"expected a blank behind {self.text[self.next.at - 1]!r}")
        if odd:
            values = values.astype(object)
            for place, exact in odd:
                values[place] = exact
        return values

    def number(self, what: str) -> Number:
        """The next number."""
        token = self.take("number", what)
        return self.value(token.text, token.at)

    def value(self, text: str, at: int) -> Number:
        """The number of a text that has the form of one, found at a place."""
        top, slash, bottom = text.partition("/")
        if not slash:
            nearest = float(text)
            if (len(text) <= SHORTEST and "e" not in text and "E" not in text) or repr(nearest) == text:
                return nearest
        exponent = re.search(r"[eE][+-]?([0-9]+)", top)
        if exponent and len(exponent[1].lstrip("0")) > LONGEST_EXPONENT:
            self.fail(f"the exponent of {text[:40]} is too large", at)
        try:
            if not bottom:
                return written(Fraction(top))
            above = int(top) if top.lstrip("+-").isdigit() else Fraction(top)
            return written(Fraction(above, int(bottom)))
        except (ValueError, ZeroDivisionError):
            self.fail(f"{text[:40]} is not a number", at)
        except OverflowError:
            self.fail(f"{text[:40]} is too large for a floating-point number", at)

    def whole(self, what: str) -> int:
        """The next number, which has to be whole and not negative."""
        place = self.next.at
        value = self.number(what)
        if int(value) != value or value < 0:
            self.fail(f"expected {what}, a whole number, found {value}", place)
        return int(value)


def distinct(labels: list[str], what: str) -> tuple[str, ...]:
    """Labels without gaps or repeats: an empty or repeated one gets its number."""
    result: dict[str, None] = {}
    for position, label in enumerate(labels, start=1):
        name = label or f"{what} {position}"
        while name in result:
            name = f"{name} {position}"
        result[name] = None
    return tuple(result)


def unescaped(text: str) -> str:
    """What a quoted text means: a backslash only protects what follows it."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if "\\" in text else text


def quoted(text: str) -> str:
    """A label in quotes, with quotes and backslashes escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
