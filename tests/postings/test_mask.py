from __future__ import annotations

import pytest

from bot.postings.mask import masked_contact


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("王经理 024-88880000", "王** 024****00"), ("wx: abc12345", "wx: a****"), ("", ""),
     ("张三、李四 139 0000 1111", "张**、李** 139****11")],
)  # fmt: skip
def test_a_masked_contact_cannot_be_called(contact: str, shown: str) -> None:
    assert masked_contact(contact) == shown
