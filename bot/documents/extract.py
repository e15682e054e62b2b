"""`python -m bot.documents.extract FILE`: print the text of a DOCX or PDF; run by readers.py.

Pages are parted by form feeds. What is not in the text is said on standard error.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.documents.readers import WARNING

#: Pages that no law has.
MAX_PAGES = 2_000
#: Characters after which reading stops: the caller refuses such a text.
MAX_CHARACTERS = 4_000_000
#: Bytes that one compressed stream of a PDF may unpack to.
MAX_STREAM_BYTES = 20_000_000


def _docx(path: Path) -> Iterator[str]:
    from bot.documents.docx import WordText

    document = WordText(path)
    yield from document.lines()
    for warning in document.warnings:
        print(f"{WARNING}{warning}", file=sys.stderr)


def _pdf(path: Path) -> Iterator[str]:
    from pypdf import PdfReader, overwrite_configuration

    overwrite_configuration(
        zlib_maximum_output_length=MAX_STREAM_BYTES,
        lzw_maximum_output_length=MAX_STREAM_BYTES,
        run_length_maximum_output_length=MAX_STREAM_BYTES,
        array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
    )
    reader = PdfReader(str(path))
    if len(reader.pages) > MAX_PAGES:
        raise ValueError(f"{len(reader.pages):,} pages, more than {MAX_PAGES:,}")
    empty = []
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text().replace("\f", "\n")
        if not text.strip():
            empty.append(str(number))
        yield ("\f" if number > 1 else "") + text
    if empty:
        warning = f"page(s) {', '.join(empty[:20])} hold no text: pictures are not read"
        print(f"{WARNING}{warning}", file=sys.stderr)


def main(file: str) -> None:
    """Print the text."""
    logging.disable(logging.CRITICAL)
    path = Path(file)
    read = _pdf if path.suffix.lower() == ".pdf" else _docx
    printed = 0
    for line in read(path):
        sys.stdout.buffer.write(line[: MAX_CHARACTERS - printed].encode("utf-8", "replace") + b"\n")
        printed += len(line)
        if printed > MAX_CHARACTERS:
            return


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {str(error)[:200]}")
