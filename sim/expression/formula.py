"""From text to postfix code: a small parser of its own, with caps on length, size and depth.

Nothing of Python's parser is used, so nothing of Python's language can leak in.  Errors say what was
found at which character and what could stand there.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.expression.numbers import NUMERAL, Number, decimal, read_number, written

__all__ = ["FUNCTIONS", "RESERVED", "Formula", "FormulaError", "is_name", "parse"]

FUNCTIONS = {
    "min": (2, 99),
    "max": (2, 99),
    "abs": (1, 1),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "clip": (3, 3),
}
WORDS = ("and", "or", "not", "if", "else")
TRUTHS = {"True": 1.0, "False": 0.0}
RESERVED = frozenset({*FUNCTIONS, *WORDS, *TRUTHS})

MOST_CHARACTERS = 4000
MOST_STEPS = 1000
DEEPEST = 40  # nesting of parentheses, signs, powers and conditionals

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
BINDING = {"or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5, "*": 6, "/": 6}
NOT, SIGN = 3, 7

TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    rf"|(?P<number>{NUMERAL})"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/<>(),])"
)
FRACTION = re.compile(rf"\s*(?:[+-]\s*)?{NUMERAL}\s*/\s*{NUMERAL}\s*")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
INSTEAD = {
    "^": "powers are written **",
    "=": "equality is written ==",
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not'",
    "\u2212": "write an ordinary minus '-'",
    "\u2013": "write an ordinary minus '-'",
    "\u00d7": "write *",
    "\u00b7": "write *",
    "\u00f7": "write /",
    "\u2264": "write <=",
    "\u2265": "write >=",
}
LANGUAGE = "formulas have names, numbers, + - * / **, comparisons, and or not, 'x if c else y', " + " ".join(
    FUNCTIONS
)


class FormulaError(ValueError):
    """A formula that is none; says what is wrong and, where it can, at which character."""


@dataclass(frozen=True)
class Formula:
    """A checked formula in postfix order: ``("number", 0.5)``, ``("name", "prize")``, ``("*", 2)``, ...

    The second item of an operation is how many values it takes.
    """

    text: str
    code: tuple[tuple[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names it uses, in the order of first use."""
        return tuple(dict.fromkeys(item for kind, item in self.code if kind == "name"))


def is_name(word: str) -> bool:
    """Whether a formula could use ``word`` as a name: letters, digits and _, beginning with a letter."""
    return NAME.match(word) is not None and word not in RESERVED


@lru_cache(maxsize=10_000)
def parse(source: str | Number) -> Formula:
    """The formula a text or a number stands for; a text such as ``"1/3"`` is a number.  Raises FormulaError."""
    if not isinstance(source, str):
        return Formula(str(source), (("number", written(source)),))
    if len(source) > MOST_CHARACTERS:
        raise FormulaError(
            f"is {len(source)} characters long; at most {MOST_CHARACTERS} are read. Split it with [let]"
        )
    if "/" in source and FRACTION.fullmatch(source):
        with suppress(ValueError):  # a division by zero: a formula without a value
            return Formula(source, (("number", read_number(source)),))
    return Parser(source).formula()


class Parser:
    """Precedence climbing over tokens; writes postfix code as it goes, so long sums cost no depth."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.position = 0
        self.depth = 0
        self.code: list[tuple[str, Any]] = []

    def formula(self) -> Formula:
        if len(self.tokens) == 1:
            raise FormulaError("is empty; write a number or a formula")
        self.conditional()
        if self.word:
            raise self.unexpected(
                "nothing more, as no '(' is open" if self.word in {")", ","} else "an operator"
            )
        return Formula(self.text, tuple(self.code))

    @property
    def kind(self) -> str:
        return self.tokens[self.position][0]

    @property
    def word(self) -> str:
        return self.tokens[self.position][1]

    def unexpected(self, wanted: str) -> FormulaError:
        _, word, column = self.tokens[self.position]
        found = f"{word!r} at character {column}" if word else "the end"
        return FormulaError(f"expected {wanted}, found {found}")

    def emit(self, kind: str, item: Any) -> None:
        if len(self.code) == MOST_STEPS:
            raise FormulaError(
                f"has more than {MOST_STEPS} numbers, names and operations. Split it with [let]"
            )
        self.code.append((kind, item))

    def accept(self, *words: str) -> str:
        """The next word if it is one of ``words``, which is then passed over; else nothing."""
        if self.kind in ("name", "sign") and self.word in words:
            self.position += 1
            return self.tokens[self.position - 1][1]
        return ""

    def demand(self, word: str) -> None:
        if not self.accept(word):
            raise self.unexpected(f"{word!r}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"is nested more than {DEEPEST} deep. Split it with [let]")

    def conditional(self) -> None:
        """``x if c else y``: emitted as x, c, y, "if"."""
        self.deeper()
        self.operation(1)
        if self.accept("if"):
            self.operation(1)
            self.demand("else")
            self.conditional()
            self.emit("if", 3)
        self.depth -= 1

    def operation(self, least: int) -> None:
        """Everything that binds at least as strongly as ``least``."""
        self.deeper()
        if self.word == "not" and least <= NOT:
            self.accept("not")
            self.operation(NOT)
            self.emit("not", 1)
        else:
            self.signed()
        while BINDING.get(self.word, 0) >= least and self.kind in ("name", "sign"):
            operator = self.accept(*BINDING)
            if operator in COMPARISONS:
                self.comparison(operator)
            else:
                self.operation(BINDING[operator] + 1)
                self.emit(operator, 2)
        self.depth -= 1

    def comparison(self, operator: str) -> None:
        """``a < b < c`` means ``a < b and b < c``; b is written twice and computed once."""
        links = 0
        while operator:
            start = len(self.code)
            self.operation(BINDING[operator] + 1)
            right = self.code[start:]
            self.emit(operator, 2)
            links += 1
            operator = self.accept(*COMPARISONS)
            if operator:
                for item in right:
                    self.emit(*item)
        for _ in range(links - 1):
            self.emit("and", 2)

    def signed(self) -> None:
        self.deeper()
        sign = self.accept("-", "+")
        if sign:
            self.signed()
            if sign == "-":
                self.emit("neg", 1)
        else:
            self.primary()
            if self.accept("**"):
                self.signed()
                self.emit("**", 2)
        self.depth -= 1

    def primary(self) -> None:
        kind, word, column = self.tokens[self.position]
        if kind == "number":
            self.position += 1
            self.emit("number", literal(word))
        elif kind == "name" and word in TRUTHS:
            self.position += 1
            self.emit("number", TRUTHS[word])
        elif kind == "name" and word in FUNCTIONS:
            self.position += 1
            self.call(word)
        elif kind == "name" and word not in WORDS:
            self.position += 1
            if self.word == "(":
                raise FormulaError(
                    f"{word!r} at character {column} is no function; there are {', '.join(FUNCTIONS)}"
                )
            self.emit("name", word)
        elif self.accept("("):
            self.conditional()
            self.demand(")")
        else:
            raise self.unexpected("a number, a name or '('")

    def call(self, function: str) -> None:
        self.demand("(")
        count = 0
        while count == 0 or self.accept(","):
            self.conditional()
            count += 1
        self.demand(")")
        fewest, most = FUNCTIONS[function]
        if not fewest <= count <= most:
            wanted = (
                f"{fewest}"
                if fewest == most
                else f"at least {fewest}"
                if count < fewest
                else f"at most {most}"
            )
            raise FormulaError(f"{function}() takes {wanted} values, here {count}")
        self.emit(function, count)


def tokens(text: str) -> list[tuple[str, str, int]]:
    """``(kind, word, character from 1)`` of every token, and an empty one at the end."""
    found: list[tuple[str, str, int]] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            word = text[position]
            hint = INSTEAD.get(word, LANGUAGE)
            raise FormulaError(f"unexpected {word!r} at character {position + 1}: {hint}")
        if match.lastgroup == "name" and found and found[-1][0] == "number" and text[position - 1] != " ":
            raise FormulaError(
                f"{found[-1][1] + match[0]!r} is neither a number nor a name; products need a *"
            )
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match[0], position + 1))
        position = match.end()
    return [*found, ("end", "", len(text) + 1)]


def literal(word: str) -> Number:
    try:
        return decimal(word)
    except ValueError as error:
        raise FormulaError(str(error)) from None
