"""Regions for the choices of a form."""

from __future__ import annotations

from bot.casework.roles import Staff
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary


def region_names(me: Staff | None, permission: str) -> dict[str, str]:
    """Return the cities and districts of a member's areas by code; None: of the home province."""
    scopes = me.scopes(permission) if me is not None else (settings().home_region[:2],)
    place_names = vocabulary()
    return {
        code: place_names.full_name(code)
        for code, region in sorted(place_names.regions.items())
        if region.level > 1 and any(code.startswith(scope[:6]) for scope in scopes)
    }
