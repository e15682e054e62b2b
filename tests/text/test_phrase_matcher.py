"""Names found at once in many pieces."""

from hypothesis import given
from hypothesis import strategies as st

from bot.text.phrase_matcher import Gazetteer

_PIECES = st.lists(st.text("电焊工会计 java（）\n\x00", max_size=8), max_size=5)


@given(_PIECES)
def test_pieces_are_read_together_as_alone(pieces: list[str]) -> None:
    names = Gazetteer([(name, name) for name in ("电焊工", "焊工", "会计", "java")])
    assert names.find_in(pieces) == [names.find(piece) for piece in pieces]
