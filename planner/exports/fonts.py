"""The fonts PDFs are set with: Noto Sans, Noto Sans Lao and Noto Sans Khmer, fetched by ``make setup``."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
"""The folder the fonts land in; it may be missing before set-up, so ask `font_folder` for it."""


class FontsMissing(RuntimeError):
    """The set-up was not run, or not to its end."""


def font_folder() -> Path:
    """The folder of the TrueType fonts. Raise `FontsMissing`, with the way out, where there is none."""
    if not any(FONTS.glob("NotoSans_*.ttf")):
        raise FontsMissing("the fonts for PDFs are missing: run `make setup`")
    return FONTS
