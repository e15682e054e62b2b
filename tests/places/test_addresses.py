"""The region of an address, by its district or its street."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from bot.places.addresses import region_of_address
from bot.places.cells import region
from bot.settings import ROOT
from bot.text.normalise import normalise

#: Addresses without their district, and the district.
ADDRESSES = ROOT / "tests" / "data" / "addresses.csv"
#: Of a thousand so many at least are placed in their district, none in another one.
LEAST_RIGHT = 0.97


def _addresses() -> list[tuple[str, str]]:
    lines = [line for line in ADDRESSES.read_text("utf-8").splitlines() if line[:1] != "#"]
    return [(row["address"], row["district"]) for row in csv.DictReader(lines)]


def test_the_district_of_a_thousand_addresses_follows_from_their_streets() -> None:
    counts: Counter[str] = Counter()
    for address, district in _addresses():
        code = region_of_address(normalise(address).text)
        uncertain = code is None or code.endswith("00")
        counts["right" if code == district else "uncertain" if uncertain else "wrong"] += 1
    assert counts.total() == 1000
    assert counts["right"] >= LEAST_RIGHT * 1000, counts
    assert counts["wrong"] == 0, counts


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("沈阳市铁西区兴华街道", "210106"),
        ("铁西兴华街道", "210106"),
        ("大连市普兰店区铁西街道", "210214"),
        ("沈阳市兴华街道和平社区", "210106"),
        ("沈阳市保工街1号", "210100"),
        ("新华街道", None),
        ("哪儿都行", None),
    ],
)
def test_a_district_stated_counts_and_what_is_uncertain_stays_so(
    address: str, code: str | None
) -> None:
    assert region_of_address(address) == code


def test_a_row_of_a_sheet_has_the_district_of_its_street() -> None:
    assert region({"city": "沈阳市", "address": "兴华街道南十路8号"}, "210000") == "210106"
    assert region({"city": "沈阳市", "street": "三台子街道"}, "210000") == "210105"
    assert (
        region({"city": "沈阳市", "district": "和平区", "address": "兴华街道"}, "210000")
        == "210102"
    )
    assert region({"city": "大连市", "address": "兴华街道"}, "210000") == "210200"
