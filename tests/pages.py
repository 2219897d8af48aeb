"""What the tests of the documentation read pages with."""

from __future__ import annotations

import re


def blocks(text, language):
    """The blocks of code of a page in one language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
