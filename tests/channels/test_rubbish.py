"""Rubbish through the REST channel; `make bench NAME=rubbish` sends 100,000 to the whole bot."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.anything import ANY
from tests.channels.conftest import post
from tests.profiles import size

_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
_BODIES = st.one_of(
    st.binary(max_size=300),
    _JSON.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries({"sender": ANY | _JSON, "message": _JSON}).map(
        lambda body: json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    ),
)


@given(body=_BODIES)
@settings(
    max_examples=size(100, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_is_answered_with_a_failure(server: str, body: bytes) -> None:
    status, answer = post(f"{server}/webhooks/rest/webhook", body)
    assert status in (200, 400)
    assert answer
