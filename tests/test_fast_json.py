import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fast_json

_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=12,
)


@given(_anything)
def test_what_is_sent_arrives_as_by_the_standards_json(value: object) -> None:
    assert fast_json.as_sent(value) == json.loads(json.dumps(value))
    assert json.loads(fast_json.dumps(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize("value", [2**70, {"n": [2**64]}, "\ud83d", {1: "a", None: 2}])
def test_what_orjson_refuses_arrives_all_the_same(value: object) -> None:
    assert fast_json.as_sent(value) == json.loads(json.dumps(value))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        fast_json.dumps(object())
    with pytest.raises(ValueError, match="Expecting"):
        fast_json.loads("{")


def test_nothing_is_shared() -> None:
    inner = [1]
    sent = fast_json.as_sent({"a": inner})
    sent["a"].append(2)
    assert inner == [1]


def test_a_day_is_a_string_as_little_as_in_json() -> None:
    with pytest.raises(TypeError):
        fast_json.dumps({"day": date(2026, 11, 25)})
