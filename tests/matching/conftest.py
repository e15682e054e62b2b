"""Fixtures shared with tests/postings."""

from tests.postings.conftest import (  # noqa: F401
    post,
    stocked_file,
)
