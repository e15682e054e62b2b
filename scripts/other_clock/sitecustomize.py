"""Sleep under faketime: imported at the start of every Python that has this folder in PYTHONPATH.

Since Python 3.11 `time.sleep` asks for a moment of the monotonic clock, and libfaketime 0.9.10
reckons that moment from the time of day that it plays: every sleep ends at once with an OSError.
Its `select` does not.
"""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
