"""Fixtures shared with tests/casework."""

from tests.casework.conftest import (  # noqa: F401
    clerk,
    head,
    office,
    office_url,
    second_head,
)
