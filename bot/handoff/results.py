"""Results with which a ticket is closed."""

from __future__ import annotations

#: By key, as counsellors read them.
RESULTS = {
    "solved": "解决了", "referred": "转给别的部门", "plan": "要给他做方案", "visit": "要上门看看",
    "unreachable": "联系不上", "withdrawn": "本人不要了",
}  # fmt: skip
#: Those after which something is left to do: each opens a task.
WITH_FOLLOW_UP = frozenset(("referred", "plan", "visit"))
