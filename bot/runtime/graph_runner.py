"""Rasa's graph of components run as plain calls: two or three nodes need no task scheduler.

Rasa 3.6.21's DaskGraphRunner builds a Dask graph for each message and each prediction and lets Dask
order it, at a third of a millisecond each. The order never changes here, so it is kept.
"""

from __future__ import annotations

from typing import Any, TypeVar

from rasa.engine.runner.dask import DaskGraphRunner

T = TypeVar("T")


class PlainRunner(DaskGraphRunner):  # type: ignore[misc]
    """Loads components as Rasa's own runner does, and calls them one after the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Return the outputs of the targets by name, those of the schema when none are named.

        An input that is not given reaches its node as its bare name, as with Dask: it warns.
        """
        target_names = tuple(targets or self._graph_schema.target_names)
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(target_names):
            node = self._instantiated_nodes[name]
            done[name] = node(*(done.get(need, need) for need in needs))
        return dict(done[name] for name in target_names)

    def components(self, component_type: type[T]) -> list[T]:
        """Return the components of a kind."""
        nodes = self._instantiated_nodes.values()
        return [node._component for node in nodes if isinstance(node._component, component_type)]

    def _order(self, target_names: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """Return the nodes that targets need with their needs, each after what it needs."""
        if target_names not in self._orders:
            nodes = self._graph_schema.minimal_graph_schema(list(target_names)).nodes
            order: dict[str, list[str]] = {}

            def put(name: str) -> None:
                needs = list(nodes[name].needs.values())
                for need in needs:
                    if need in nodes and need not in order:
                        put(need)
                order[name] = needs

            for name in target_names:
                put(name)
            self._orders[target_names] = list(order.items())
        return self._orders[target_names]
