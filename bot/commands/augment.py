"""`python -m bot augment`: write out the variants that training adds to data/nlu."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import ROOT, settings

#: Not part of the project: written to be looked at.
OUT = ROOT / "var" / "variants"


def augment(
    out: Annotated[Path, typer.Option(help="Folder of the YAML files.")] = OUT,
    most: Annotated[int, typer.Option(help="Variants of each utterance.")] = 1,
) -> None:
    """Write, a file a kind, the variants (dialect, typo, spoken, story) that training learns from.

    Training makes the same ones in memory: this is to look at them. Seeded, so that the same
    data/nlu gives the same files; each is marked with its kind and what it was made from.
    """
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.nlu.augmentation import KINDS, Variants

    examples = load_data(str(settings().data / "nlu")).intent_examples
    texts = [str(example.get("text")) for example in examples]
    make = Variants(settings().data / "vocab" / "variants.yml", texts)
    blocks: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for example, text in zip(examples, texts, strict=True):
        for variant in make.make_variants(text, most):
            blocks[variant.kind].append(
                f"- intent: {example.get('intent')}\n"
                f"  metadata: {{variant: {variant.kind}}}\n"
                f"  examples: |\n    - {variant.text}\n  # from: {text}\n"
            )
    out.mkdir(parents=True, exist_ok=True)
    for kind, written in blocks.items():
        text = 'version: "3.1"\nnlu:\n' + "".join(written)
        (out / f"{kind}.yml").write_text(text, encoding="utf-8")
    counts = Counter({kind: len(written) for kind, written in blocks.items()})
    summary = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    typer.echo(f"{len(texts)} utterances, variants: {summary}; in {out}")
