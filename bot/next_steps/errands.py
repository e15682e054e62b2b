"""The order in which the matters of a talk are gone about, and which of them are one errand."""

from __future__ import annotations

from dataclasses import dataclass

from bot.caches import process_cache
from bot.settings import settings
from bot.yaml_files import read_yaml


@dataclass(frozen=True)
class Errands:
    """data/vocab/first_steps.yml: what comes first, and what is one errand."""

    urgent: dict[str, int]
    """The place of a topic in the order of urgency."""
    together: dict[str, str]
    """The topic that stands for each of those that one errand settles."""

    def place(self, topic: str) -> int:
        """Return the place of a topic; after all others where it has none."""
        return self.urgent.get(topic, len(self.urgent))


@process_cache(size=1)
def errands() -> Errands:
    """Read data/vocab/first_steps.yml."""
    content = read_yaml(settings().data_file("vocab", "first_steps.yml"))
    together = {topic: group[0] for group in content["one_errand"] for topic in group}
    return Errands({topic: place for place, topic in enumerate(content["urgent"])}, together)
