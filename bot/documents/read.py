"""The text of a file: Markdown, plain text, DOCX or PDF, within bounds of size, time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from pathlib import Path

from bot.documents.errors import DocumentError

#: Bytes of a file, of the text in it, and of a DOCX once unpacked.
LARGEST_FILE, LARGEST_TEXT, LARGEST_UNPACKED = 20_000_000, 3_000_000, 60_000_000
#: What extracting a text may cost: seconds of computing, seconds in all, bytes of memory.
CPU_SECONDS, SECONDS, MEMORY = 40, 60, 1_500_000_000
SUFFIXES = (".md", ".markdown", ".txt", ".docx", ".pdf")


def read_text(path: Path) -> str:
    """Return the text of a file. Raises DocumentError with the reason when it is refused."""
    name = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DocumentError(name, f"cannot be read: {error.strerror}") from None
    if not path.is_file():
        raise DocumentError(name, "is no file")
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentError(name, f"is none of {', '.join(SUFFIXES)}")
    if size > LARGEST_FILE:
        raise DocumentError(name, f"has {size:,} bytes, more than {LARGEST_FILE:,}")
    if path.suffix.lower() == ".docx":
        _check_docx(path)
    if path.suffix.lower() == ".pdf" and not path.read_bytes()[:1024].lstrip().startswith(b"%PDF"):
        raise DocumentError(name, "is no PDF")
    text = _extracted(path) if path.suffix.lower() in (".docx", ".pdf") else _decoded(path)
    if len(text) > LARGEST_TEXT:
        raise DocumentError(name, f"has {len(text):,} characters, more than {LARGEST_TEXT:,}")
    if not text.strip():
        raise DocumentError(name, "holds no text (a scanned document must be recognised first)")
    return text


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DocumentError(path.name, "is neither UTF-8 nor GB18030 text")


def _check_docx(path: Path) -> None:
    """Refuse what is no DOCX, or unpacks to more than any law has."""
    try:
        with zipfile.ZipFile(path) as packed:
            if "word/document.xml" not in packed.namelist():
                raise DocumentError(path.name, "is no DOCX")
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise DocumentError(path.name, "is no DOCX") from None
    if unpacked > LARGEST_UNPACKED:
        raise DocumentError(path.name, f"unpacks to {unpacked:,} bytes")


def _bounded() -> None:
    """Bound the child that reads a hostile file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _extracted(path: Path) -> str:
    """Let a process of its own read a DOCX or PDF: a hostile file cannot take this one down."""
    command = [sys.executable, "-m", "bot.documents.extract", str(path.resolve())]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, preexec_fn=_bounded, check=False
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(path.name, f"takes more than {SECONDS} seconds to read") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise DocumentError(path.name, f"cannot be read: {(said or ['it took too much'])[-1]}")
    return done.stdout.decode("utf-8", "replace")
