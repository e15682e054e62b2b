"""The text of a file: Markdown, plain text, DOCX or PDF, within bounds of size, time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from bot.documents.errors import DocumentError

#: Bytes of a file, of the text in it, and of a DOCX once unpacked.
MAX_FILE_BYTES, MAX_TEXT_LENGTH, MAX_UNPACKED_BYTES = 20_000_000, 3_000_000, 60_000_000
#: What extracting a text may cost: seconds of computing, seconds in all, bytes of memory.
CPU_SECONDS, TIMEOUT_S, MAX_MEMORY_BYTES = 40, 60, 700_000_000
#: Bytes that it may print as text; and of errors, of which no more is read.
MAX_OUTPUT_BYTES, MAX_ERROR_BYTES = 16_000_000, 20_000
#: How the child marks what is not in the text.
WARNING = "warning: "
#: Parts of a DOCX.
MAX_PARTS = 2_000
SUFFIXES = (".md", ".markdown", ".txt", ".docx", ".pdf")


@dataclass(frozen=True)
class FileText:
    """The text of a file, and what of the file is not in it."""

    text: str
    warnings: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """Return the text of a file. Raises DocumentError with the reason when it is refused."""
    return read_file(path).text


def read_file(path: Path) -> FileText:
    """Return the text of a file, with warnings. Raises DocumentError when it is refused."""
    name = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DocumentError(name, f"cannot be read: {error.strerror}") from None
    if not path.is_file():
        raise DocumentError(name, "is no file")
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentError(name, f"is none of {', '.join(SUFFIXES)}")
    if size > MAX_FILE_BYTES:
        raise DocumentError(name, f"has {size:,} bytes, more than {MAX_FILE_BYTES:,}")
    if path.suffix.lower() == ".docx":
        _check_docx(path)
    if path.suffix.lower() == ".pdf" and not path.read_bytes()[:1024].lstrip().startswith(b"%PDF"):
        raise DocumentError(name, "is no PDF")
    packed = path.suffix.lower() in (".docx", ".pdf")
    content = _extracted(path) if packed else FileText(_decoded(path))
    if len(content.text) > MAX_TEXT_LENGTH:
        raise DocumentError(
            name, f"has {len(content.text):,} characters, more than {MAX_TEXT_LENGTH:,}"
        )
    if not content.text.strip():
        raise DocumentError(name, "holds no text (a scanned document must be recognised first)")
    damaged = content.text.count("\ufffd")
    if damaged:
        warning = f"{damaged:,} characters could not be read"
        return FileText(content.text, (*content.warnings, warning))
    return content


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
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
    except (zipfile.BadZipFile, OSError):
        raise DocumentError(path.name, "is no DOCX") from None
    if unpacked > MAX_UNPACKED_BYTES:
        raise DocumentError(path.name, f"unpacks to {unpacked:,} bytes")
    if len(parts) > MAX_PARTS:
        raise DocumentError(path.name, f"has {len(parts):,} parts, more than {MAX_PARTS:,}")


def _bounded() -> None:
    """Bound the child that reads a hostile file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))


def _extracted(path: Path) -> FileText:
    """Let a process of its own read a DOCX or PDF: a hostile file cannot take this one down.

    Its output goes to files of bounded size: this process reads no more.
    """
    command = [sys.executable, "-m", "bot.documents.extract", str(path.resolve())]
    with TemporaryFile() as out, TemporaryFile() as errors:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors, timeout=TIMEOUT_S,
                preexec_fn=_bounded, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise DocumentError(path.name, f"takes more than {TIMEOUT_S} seconds to read") from None
        out.seek(0)
        errors.seek(0)
        error_lines = errors.read(MAX_ERROR_BYTES).decode("utf-8", "replace").strip().splitlines()
        if done.returncode != 0:
            raise DocumentError(
                path.name, f"cannot be read: {(error_lines or ['it took too much'])[-1]}"
            )
        warnings = tuple(line[len(WARNING) :] for line in error_lines if line.startswith(WARNING))
        return FileText(out.read().decode("utf-8", "replace"), warnings)
