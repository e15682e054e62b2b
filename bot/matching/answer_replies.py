"""Answers to questions about one posting or all postings of a list."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.posting_answers import PostingAnswer
from bot.messages import Button, Message, PostingItem
from bot.understanding.posting_questions import PostingQuestion
from bot.wording import wording

_SAY = wording("posting_answers")

#: Characters of one posting's answer in a list.
_MAX_CHARACTERS = 60
#: The first words of an answer that one posting does not state.
_THIS_ONE = "这条"
#: Questions that an employer cannot answer.
_NOT_TO_ASK = ("contact", "apply", "link", "published", "source", "trust")


def answer_for_posting(posting: PostingItem, answers: Sequence[PostingAnswer]) -> Message:
    """Return what a posting states on each question, then its warnings and source."""
    lines = [_answer_line(answer) for answer in answers]
    if any(not answer.is_answered and answer.question.id not in _NOT_TO_ASK for answer in answers):
        lines[-1] += _SAY("ask_first")
    answer_text = "".join(lines)
    lines += [f"⚠ {warning}" for warning in posting.warnings if warning not in answer_text]
    lines.append(_posting_line(posting))
    rules = [answer.question.rule_question for answer in answers if answer.question.rule_question]
    labels = [*rules[:1], "存一下", "再来几个"]
    return Message(
        act="refine_job", text="\n".join(lines), buttons=[Button(label, label) for label in labels]
    )


def answer_for_list(
    questions: Sequence[PostingQuestion],
    answered_postings: Sequence[tuple[PostingItem | None, Sequence[PostingAnswer]]],
) -> Message:
    """Return what the postings of a list state on each question; silent ones share a line.

    A posting that is gone is left out.
    """
    open_postings = [
        (number, posting, answers)
        for number, (posting, answers) in enumerate(answered_postings, 1)
        if posting is not None
    ]
    lines = [
        line for index in range(len(questions)) for line in _question_lines(index, open_postings)
    ]
    rules = [
        Button(question.rule_question, question.rule_question)
        for question in questions
        if question.rule_question
    ]
    buttons = [Button(f"第{number}个", f"第{number}个详细说说") for number, *_ in open_postings]
    return Message(act="refine_job", text="\n".join(lines), buttons=[*rules[:1], *buttons])


def _question_lines(
    index: int, open_postings: Sequence[tuple[int, PostingItem | None, Sequence[PostingAnswer]]]
) -> list[str]:
    """Return the lines of one question, the one at `index`."""
    lines, silent = [], []
    for number, item, answers in open_postings:
        if index >= len(answers) or not answers[index].is_answered:
            silent.append(str(number))
        elif item is not None:
            line = _answer_line(answers[index]).removeprefix(f"{answers[index].question.name}：")
            lines.append(f"{number}. {item.title}（{item.employer}）：{_shortened(line)}")
    questions = [answers[index].question for _, _, answers in open_postings if index < len(answers)]
    if not questions:
        return lines
    question = questions[0]
    if not silent:
        return [f"{question.name}：", *lines]
    hint = "" if question.id in _NOT_TO_ASK else _SAY("ask_first")
    if not lines:
        unstated = question.unknown.removeprefix(_THIS_ONE)
        return [_SAY("unstated_by_all", unstated=unstated, hint=hint)]
    silent_line = _SAY("unstated_by_some", numbers="、".join(silent), hint=hint)
    return [f"{question.name}：", *lines, silent_line]


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}……"


def _answer_line(answer: PostingAnswer) -> str:
    if not answer.is_answered:
        return f"{answer.question.unknown}。"
    parts = ["、".join(answer.fields)] if answer.fields else []
    if answer.quotes:
        quoted = "；".join(answer.quotes).rstrip("。")
        parts.append(_SAY("quote_after_fields" if answer.fields else "quote", quote=quoted))
    if answer.fits is not None:
        parts.append(answer.question.value_texts["fits" if answer.fits else "beyond"])
    return f"{answer.question.name}：{'。'.join(parts)}。"


def _posting_line(posting: PostingItem) -> str:
    return _SAY("subject", title=posting.title, employer=posting.employer, origin=posting.origin)
