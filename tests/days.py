"""Days on which tests take place."""

from datetime import datetime

from bot.clock import CHINA

#: A Tuesday on which China works, at ten in the morning.
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=CHINA)
