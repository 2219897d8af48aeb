"""Pictures on disk: the same figure is the same bytes, and a file is whole or not there."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import Any

from sim.pictures.style.words import FONT

__all__ = ["DPI", "FORMATS", "save", "showing_itself"]

DPI = 200
SCREEN = 100
FONTS = f"'{FONT}', 'Bitstream Vera Sans', Verdana, sans-serif"
FORMATS = (".png", ".svg", ".pdf")

# what would tell when and by which program a file was made
SILENT: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# where each kind of file has room for a description
WORDS = {".png": "Description", ".svg": "Description", ".pdf": "Subject"}
# identifiers in SVG are salted by a setting that only exists globally
GLOBAL_SETTINGS = threading.Lock()


def save(figure: Any, path: str | Path, title: str = "", description: str = "") -> Path:
    """Write a figure as PNG (200 dots an inch), SVG or PDF, by the suffix of ``path``.

    ``title`` and ``description`` go into the metadata of the file, where a program reads them.
    Raises ValueError for another suffix.
    """
    import matplotlib as mpl

    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        allowed = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise ValueError(f"{path}: a picture ends in {allowed}, not {path.suffix or 'nothing'!r}")
    told = {"Title": title, WORDS[suffix]: description}
    metadata = SILENT[suffix] | {key: text for key, text in told.items() if text}
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.partial")
    try:
        with (
            GLOBAL_SETTINGS,
            mpl.rc_context({"svg.hashsalt": "standoff", "svg.fonttype": "none", "pdf.fonttype": 42}),
        ):
            figure.savefig(partial, format=suffix[1:], dpi=DPI, metadata=metadata)
        if suffix == ".svg":  # words stay words; where the font is not there, one as wide
            partial.write_text(partial.read_text("utf-8").replace(f"'{FONT}'", FONTS), "utf-8")
        partial.replace(path)
    except OSError as error:
        if error.strerror:  # of the system: it knows at best the name that is not wanted
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        partial.unlink(missing_ok=True)
    return path


def showing_itself(figure: Any) -> Any:
    """The figure, which from now on shows itself in notebooks, where those of pyplot alone would."""

    def png() -> bytes:
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=SCREEN)
        return stream.getvalue()

    figure._repr_png_ = png  # the hook that notebooks ask for
    return figure
