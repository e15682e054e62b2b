"""Law search by jieba's words: BM25 over them beside our characters and pairs of characters.

Words as jieba 0.42.1 cuts them for search, with the field's own words in its dictionary; alone,
beside the characters, and beside all that we use. Each way ranks the shared laws with their
glosses; what a way wins and loses against ours is counted question by question.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from benchmarks.report import Measure, publish
from benchmarks.search import SHARED, Asked, question_sets
from bot.db.tables import Article, Document
from bot.documents.article_parser import split
from bot.documents.passages import Passage, passages
from bot.documents.readers import read_text
from bot.documents.search import LEGAL
from bot.policies.topics import titles
from bot.search.bm25 import Lexical, Tokenizer, standardised, tokens, top_places
from bot.search.query_expansion import legal_words
from bot.settings import settings
from bot.text.normalise import normalise

_WORD = re.compile(r"\w")
_HAN = re.compile(r"[㐀-鿿]{2,10}")
#: Articles looked at.
_DEEP = 5


def shared_passages(folder: Path) -> list[Passage]:
    """Return the passages of all laws in a folder and below, read without a database."""
    articles = []
    for number, file in enumerate(sorted(folder.rglob("*.md"))):
        law = split(file.name, read_text(file))
        document = Document(name=law.name, title=law.title)
        articles += [
            Article(
                document=document,
                document_id=number,
                number=one.number,
                chapter=one.chapter,
                text=one.text,
            )
            for one in law.articles
        ]
    return list(passages(articles))


def field_words(data: Path) -> set[str]:
    """Return the words of our data that a dictionary of everyday Chinese lacks."""
    yaml, law = YAML(typ="safe"), data / "law"
    words = set(yaml.load((law / "field_words.yml").read_text(encoding="utf-8")))
    words |= set(yaml.load((law / "short_names.yml").read_text(encoding="utf-8")))
    for legal in yaml.load((law / "lay_words.yml").read_text(encoding="utf-8")).values():
        words |= set(legal.split())
    for title in titles().values():
        words |= set(re.split("[（）、]", title))
    return {word for word in words if _HAN.fullmatch(word)}


def jieba_words(cache: Path, data: Path) -> Tokenizer:
    """Return jieba's segmentation for search, with its cache file in a folder of ours."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    cutter = jieba.Tokenizer()
    cutter.tmp_dir = str(cache)
    for word in sorted(field_words(data)):
        cutter.add_word(word)

    def cut(text: str) -> list[str]:
        words = cutter.cut_for_search(normalise(text).text)
        return [word for word in words if _WORD.search(word)]

    return cut


def _with_characters(words: Tokenizer, text: str) -> list[str]:
    longer = [word for word in words(text) if len(word) > 1]
    return [one for one in tokens(text) if len(one) == 1 or one.isascii()] + longer


def _with_pairs(words: Tokenizer, text: str) -> list[str]:
    return [*tokens(text), *(word for word in words(text) if len(word) > 2)]


def hits(way: Tokenizer, laws: Sequence[Passage], asked: Sequence[Asked]) -> NDArray[np.int64]:
    """Return the rank of the first right article for each question; 0 where it is not among 5."""
    texts = ("\n".join((o.document, o.chapter, o.text, *o.questions)) for o in laws)
    lexical = Lexical(texts, way)
    ranks = []
    for one in asked:
        scores, legal = standardised(lexical.scores(one.text)), legal_words(one.text)
        if legal:
            scores = scores + LEGAL * standardised(lexical.scores(legal))
        places = [(laws[at].document, laws[at].number) for at in top_places(scores, _DEEP)]
        ranks.append(next((n for n, place in enumerate(places, 1) if place in one.right), 0))
    return np.array(ranks)


def compared(
    name: str, ranks: NDArray[np.int64], ours: NDArray[np.int64], asked: int
) -> Iterator[Measure]:
    """Yield how often a way hits beside ours, and how many questions it wins and loses."""
    for what, hit, base in (
        ("hit@1", ranks == 1, ours == 1),
        ("hit@5", ranks > 0, ours > 0),
    ):
        share, ours_share = round(float(hit.mean()), 4), round(float(base.mean()), 4)
        yield Measure(f"{name}, {what}", share, ours_share, "share", asked, "characters and pairs")
        won, lost = int((hit & ~base).sum()), int((base & ~hit).sum())
        yield Measure(f"{name}, {what}: won (baseline: lost)", won, lost, "questions", asked)


def main() -> None:
    """Measure and publish."""
    laws = shared_passages(SHARED / "policies" / "laws")
    if not laws:
        raise SystemExit(f"no shared laws at {SHARED}")
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory() as cache:
        words = jieba_words(Path(cache), settings().data)
        ways = {
            "jieba": words,
            "jieba and characters": partial(_with_characters, words),
            "jieba, characters and pairs": partial(_with_pairs, words),
        }
        for name, asked in question_sets().items():
            ours = hits(tokens, laws, asked)
            for how, way in ways.items():
                ranks = hits(way, laws, asked)
                measures += compared(f"{name}: {how}", ranks, ours, len(asked))
    publish("words", measures)


if __name__ == "__main__":
    main()
