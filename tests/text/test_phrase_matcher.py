"""Names found at once in many pieces."""

from hypothesis import given
from hypothesis import strategies as st

from bot.text.phrase_matcher import Gazetteer

_PIECES = st.lists(st.text("电焊工会计 java（）\n\x00", max_size=8), max_size=5)


@given(_PIECES)
def test_pieces_are_read_together_as_alone(pieces: list[str]) -> None:
    names = Gazetteer([(name, name) for name in ("电焊工", "焊工", "会计", "java")])
    assert names.find_in(pieces) == [names.find(piece) for piece in pieces]


def test_names_with_a_space_inside_are_found_in_pieces_read_together() -> None:
    names = Gazetteer([(name, name) for name in ("叉车司机", "司机", "会计")])
    found = names.find_in(["招叉 车司机", "会计"])
    assert [[span.value for span in spans] for spans in found] == [["叉车司机"], ["会计"]]
