"""Working times in messages and postings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import normalise
from bot.understanding.extractors import work_time


@pytest.mark.parametrize("name", sorted(work_time.NAMES))
@given(data=st.data())
def test_a_text_that_states_a_working_time_is_looked_at(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(work_time._PATTERNS[name]))
    assert work_time._PATTERNS["any_work_time"].search(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("想找日结的", [("gig", False)]),
        ("夜班不要", [("shift_night", True)]),
        ("不要夜班", [("shift_night", True)]),
        ("找个兼职", [("part_time", False)]),
        ("找个保安", []),
    ],
)
def test_working_times_of_a_message(text: str, times: list[tuple[str, bool]]) -> None:
    read = [span.value for span in work_time.extract(normalise(text).text)]
    assert [(one.id, one.negated) for one in read] == times
