"""Teach a student our field: `python models/encoder/finetune.py STUDENT TEACHER OUT MINUTES`.

Five things at once: which asks mean one claim; what answers them; what a message of a talk asks in
its place; which subject a question belongs to; and, so that nothing else is forgotten, where the
teacher puts other texts. The labels of
data/nlu are not learned from: a classifier whose vectors have seen its own labels is worse on new
messages, measured (docs/understanding.md).
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from distil import centred, loss_of
from examples import InTalk, Question, questions, turns
from student import WIDTH, Student
from texts import Alphabet, plain
from torch.nn import functional as F

#: Texts of each kind in a step.
QUESTIONS, TURNS, OTHERS = 64, 160, 64
RATE, SPOILED = 5e-4, 0.3
#: How sharply two questions are told apart: cosines are divided by it.
SHARPNESS = 0.07
#: Characters of an answer that are read here, and how often a turn is held against an ask and not
#: against an answer, and read with the messages before it.
ANSWER, BY_ASK, BEFORE = 80, 0.6, 0.8
#: How often a message of a whole talk is drawn and not a phrasing, where its policy has both.
TALKED = 0.75
#: Texts that go through the student together.
TOGETHER = 32
#: How much each of the five counts.
ASKED, ANSWERED, IN_TALK, SUBJECT, TAUGHT = 1.0, 0.7, 1.0, 0.3, 4.0


class Lessons:
    """Draws what is learned in each step."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.questions = chance, questions()
        self._by_topic: dict[str, list[Question]] = {}
        for question in self.questions:
            self._by_topic.setdefault(question.topic, []).append(question)
        self.topics = sorted(self._by_topic)
        self._by_id = {question.id: question for question in self.questions}
        self._turns: dict[str, tuple[list[InTalk], list[InTalk]]] = {}
        for turn in turns():
            if turn.units[0] in self._by_id:
                topic = self._by_id[turn.units[0]].topic
                phrasings, talks = self._turns.setdefault(topic, ([], []))
                (talks if turn.of_talk else phrasings).append(turn)
        self._spoken_of = sorted(self._turns)

    def some_questions(self) -> list[Question]:
        """Return claims, most of them of a few topics: those next to each other tell most."""
        some: dict[int, Question] = {}
        while len(some) < QUESTIONS:
            topic = self.chance.choice(self.topics)
            own = self._by_topic[topic]
            for one in self.chance.sample(own, min(8, len(own))):
                some[id(one)] = one
        return list(some.values())[:QUESTIONS]

    def some_turns(self) -> list[tuple[InTalk, Question]]:
        """Return turns with what answers them best, most of them of a few topics."""
        some: dict[str, tuple[InTalk, Question]] = {}
        while len(some) < TURNS:
            phrasings, talks = self._turns[self.chance.choice(self._spoken_of)]
            own = talks if talks and self.chance.random() < TALKED else phrasings or talks
            for turn in self.chance.sample(own, min(8, len(own))):
                # One turn a unit: the others would stand against it.
                some.setdefault(turn.units[0], (turn, self._by_id[turn.units[0]]))
        return list(some.values())[:TURNS]


def also_right(asked: Sequence[tuple[InTalk, Question]]) -> torch.Tensor:
    """Return for each turn which of the others' units answer it as well."""
    return torch.tensor(
        [[mine is not one and one.id in turn.units for _, one in asked] for turn, mine in asked]
    )


def contrast(
    left: torch.Tensor, right: torch.Tensor, apart: torch.Tensor | None = None
) -> torch.Tensor:
    """Return how badly each row of the left finds its own among all of the right, and back.

    Pairs of `apart` are not compared.
    """
    near = F.normalize(left, dim=1) @ F.normalize(right, dim=1).T / SHARPNESS
    if apart is not None:
        near = near.masked_fill(apart, -1e4)
    own = torch.arange(len(left))
    return (F.cross_entropy(near, own) + F.cross_entropy(near.T, own)) / 2


def main() -> None:
    """Train for some minutes."""
    begun, taught, out, minutes = sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    torch.manual_seed(0)
    chance = random.Random(0)
    kept = torch.load(begun)
    alphabet = Alphabet(kept["characters"], kept["sounds"])
    student = Student(len(alphabet.characters) + 2, len(alphabet.sounds) + 1)
    student.load_state_dict(kept["student"])
    lessons = Lessons(chance)
    with np.load(taught, allow_pickle=False) as rows:
        others, right = [plain(t) for t in rows["texts"].tolist()], centred(rows["vectors"])
    full = [at for at, text in enumerate(others) if text]
    teacher = torch.nn.Linear(WIDTH, right.shape[1])
    teacher.load_state_dict(kept["head"])
    subject = torch.nn.Linear(WIDTH, len(lessons.topics))
    topic_of = {topic: at for at, topic in enumerate(lessons.topics)}
    weights = [*student.parameters(), *teacher.parameters(), *subject.parameters()]
    learning = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.02)
    start, step, shown = time.time(), 0, 0.0

    def read(texts: Sequence[str]) -> torch.Tensor:
        """Return a row a text; those of like length go together."""
        spoiled = [alphabet.spoil(t, chance) if chance.random() < SPOILED else t for t in texts]
        order = sorted(range(len(spoiled)), key=lambda at: len(spoiled[at]))
        parts = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rows = [student(*alphabet.batch([spoiled[at] for at in part])) for part in parts]
        back = torch.argsort(torch.tensor([at for part in parts for at in part]))
        return torch.cat(rows).float()[back]

    student.train()
    while (gone := (time.time() - start) / 60 / minutes) < 1:
        rate = RATE * min(1.0, step / 100) * (0.5 + 0.5 * math.cos(math.pi * gone))
        for group in learning.param_groups:
            group["lr"] = rate
        asked = lessons.some_questions()
        pairs = [chance.sample(q.asks, 2) if len(q.asks) > 1 else q.asks * 2 for q in asked]
        parts: dict[str, torch.Tensor] = {}
        one, other = read([p[0] for p in pairs]), read([p[1] for p in pairs])
        answers = read([chance.choice(q.answers)[:ANSWER] for q in asked])
        parts["asked"] = ASKED * contrast(one, other)
        parts["answered"] = ANSWERED * contrast(one, answers)
        in_talk = lessons.some_turns()
        apart = also_right(in_talk)
        said = read([t.in_talk if chance.random() < BEFORE else t.alone for t, _ in in_talk])
        units = [q.asks if chance.random() < BY_ASK else q.answers for _, q in in_talk]
        meant = read([chance.choice(texts)[:ANSWER] for texts in units])
        parts["in talk"] = IN_TALK * contrast(said, meant, apart)
        parts["subject"] = SUBJECT * F.cross_entropy(
            subject(one), torch.tensor([topic_of[q.topic] for q in asked])
        )
        places = chance.sample(full, OTHERS)
        parts["taught"] = TAUGHT * loss_of(
            read([others[at] for at in places]), teacher, right[places]
        )
        loss = torch.stack(list(parts.values())).sum()
        learning.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        learning.step()
        step += 1
        if time.time() - shown > 30:
            shown = time.time()
            shares = ", ".join(f"{name} {float(of.detach()):.3f}" for name, of in parts.items())
            print(f"step {step}, {gone:.0%}: {shares}", flush=True)
            save(out, student, alphabet, teacher)
    save(out, student, alphabet, teacher)


def save(out: str, student: Student, alphabet: Alphabet, teacher: torch.nn.Linear) -> None:
    """Write what `write.py` reads, and what a further run begins with."""
    state = {"student": student.state_dict(), "head": teacher.state_dict()}
    torch.save({**state, "characters": alphabet.characters, "sounds": alphabet.sounds}, out)


if __name__ == "__main__":
    main()
