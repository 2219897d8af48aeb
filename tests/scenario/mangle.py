"""Mangles good scenario files: bytes, lines, words and values, reproducibly by seed."""

from __future__ import annotations

import json
import random
import re
import tomllib
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
GOOD = sorted((CASES / "scenarios").glob("*.toml"))

VALUES = [
    0, 1, -1, 2, 10**9, 10**30, -(10**400), 0.5, 1e308, float("inf"), float("-inf"), float("nan"),
    True, False, "", "x", "prize", "prize + ", "1/0", "9**9**9", "((((", "a" * 10_000, "-" * 5000 + "1",
    "__import__('os').system('touch pwned')", "max(" * 300, "0" * 5000, "\u0000", "\u202e", "if", "rest",
    "*", "[", "é", "1e400", "exp(exp(exp(9)))", [], [[]], [1, 2], [[1, 2], [3, 4]], [0, 1, 100_000],
    [0, 1, 10**12], ["*", "*"], [["*", "*"]], {}, {"x": 1}, {"default": 1, "low": 0, "high": 2},
    {"x": {"x": {"x": {}}}},
]  # fmt: skip


def dumped(value, path=()):
    """A TOML text of tables inside tables, in this small subset of TOML."""
    plain = {key: item for key, item in value.items() if not isinstance(item, dict)}
    tables = {key: item for key, item in value.items() if isinstance(item, dict)}
    text = "".join(f"{json.dumps(key)} = {inline(item)}\n" for key, item in plain.items())
    for key, item in tables.items():
        here = (*path, json.dumps(key))
        text += f"\n[{'.'.join(here)}]\n" + dumped(item, here)
    return text


def inline(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value).replace("\\u0000", "").replace("\x7f", "")
    if isinstance(value, int):
        return str(value) if abs(value) < 10**300 else "1" + "0" * 400
    return repr(value)


def places(value, path=()):
    """All paths below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def change_values(text, random):
    """A few values replaced, removed, renamed or copied elsewhere."""
    data = tomllib.loads(text)
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        found = list(places(data))
        if not found:
            break
        *above, key = random.choice(found)
        parent = data
        for part in above:
            parent = parent[part]
        action = random.randrange(4)
        if action == 0:
            parent[key] = random.choice(VALUES)
        elif action == 1:
            del parent[key]
        elif action == 2 and isinstance(parent, dict):
            word = random.choice(
                ["x", key[:-1], key + "s", key.upper(), "max", "", "é", "__class__", "a.b", "\u202e"]
            )
            parent[word] = parent.pop(key)
        else:
            source = data
            for part in random.choice(found):
                source = (
                    source[part] if isinstance(source, (dict, list)) and part in range_of(source) else source
                )
            parent[key] = json.loads(json.dumps(source))
    return dumped(data).encode("utf-8", "surrogatepass")


def range_of(value):
    return value if isinstance(value, dict) else range(len(value))


def change_bytes(text, random):
    """Some bytes flipped, removed, doubled or drawn anew."""
    content = bytearray(text.encode())
    for _ in range(random.choice([1, 1, 3, 30])):
        at = random.randrange(len(content))
        action = random.randrange(4)
        if action == 0:
            content[at] = random.choice(b"[]{}=\"'.,#\n\\ \x00\xff0-+eE_*()")
        elif action == 1:
            del content[at : at + random.choice([1, 1, 5, 50])]
        elif action == 2:
            content[at:at] = content[at : at + random.choice([1, 10, 200])]
        else:
            content[at] ^= 1 << random.randrange(8)
        if not content:
            content = bytearray(b"=")
    return bytes(content)


def change_lines(text, random):
    """Lines removed, doubled, swapped, cut."""
    lines = text.split("\n")
    for _ in range(random.choice([1, 1, 2, 6])):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        action = random.randrange(5)
        if action == 0:
            lines[at] = ""
        elif action == 1:
            lines.insert(at, lines[other])
        elif action == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif action == 3:
            lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)]
        else:
            del lines[at:]
            lines.append("")
    return "\n".join(lines).encode()


def change_words(text, random):
    """A word or sign replaced by another one of the file, or by a hostile one."""
    pieces = re.split(r"(\w+|[^\w\s])", text)
    words = [piece for piece in pieces if piece.strip()]
    for _ in range(random.choice([1, 1, 2, 8])):
        at = random.randrange(len(pieces))
        pieces[at] = random.choice(
            [*random.sample(words, 5), "[" * 500, "{" * 500, "a." * 400 + "a", "9" * 5000, "**"]
        )
    return "".join(pieces).encode()


def mangled(seed):
    """One mangled file."""
    draw = random.Random(seed)
    text = draw.choice(GOOD).read_text()
    change = draw.choice([change_values, change_values, change_bytes, change_lines, change_words])
    return change(text, draw)
