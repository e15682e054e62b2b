"""Normalisation of the places of a stored preference."""

from __future__ import annotations

from bot.db.comma_lists import split
from bot.vocabulary.vocabulary import vocabulary


def normalise_places(
    region_code: str | None, also_regions: str
) -> tuple[str | None, tuple[str, ...]]:
    """Return the place and the further places of a stored preference, no place within another.

    A place that lies in another one adds nothing (沈阳 and 沈阳的和平区); the wider one takes the
    first place where it swallows that. So a posting lies in one of them at most, which the index
    of subscriptions rests on.
    """
    if not also_regions:
        return region_code, ()
    within = vocabulary().is_within
    codes = dict.fromkeys([*([region_code] if region_code else []), *split(also_regions)])
    apart = [code for code in codes if not any(code != o and within(code, o) for o in codes)]
    if region_code is None:
        return None, tuple(apart)
    if region_code not in apart:
        wider = next(code for code in apart if within(region_code, code))
        apart = [wider, *(code for code in apart if code != wider)]
    return apart[0], tuple(apart[1:])
