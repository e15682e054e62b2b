"""The figures of the project's own policies, as the calculators get them."""

from tests.calculators.conftest import (  # noqa: F401
    based,
    figures,
    folder,
    policies,
)
