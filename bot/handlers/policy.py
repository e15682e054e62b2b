"""Questions about policies, and what is worked out from them."""

from __future__ import annotations

from dataclasses import replace

from bot import clock
from bot.calculators.clause_patterns import sum_patterns
from bot.db.session import session
from bot.dialogue.policy_talks import topic_of as topic_of_unit
from bot.fixed_replies import reply
from bot.handlers.bare_topic import bare_topic
from bot.handlers.calculate import calculation, home_region, topic_of_sum
from bot.handlers.further_questions import best_of_several
from bot.handlers.law import quote_relevant_article
from bot.handlers.own_sums import (
    claim_before_sum,
    comes_before_sum,
    may_be_of,
    requested_sum,
    with_sum,
)
from bot.handlers.ranked_units import (
    LIKELY_RIGHT,
    alternatives,
    answer_claim,
    asks_an_aspect_alone,
    best_answer,
    likely_answer,
    likely_topic,
    neighbour_topic,
    next_best,
    possible_topics,
    ranked,
    related_questions,
)
from bot.handlers.second_answer import with_second_answer
from bot.matching.replies import ask_region
from bot.messages import Button, Message
from bot.policies import replies
from bot.policies.answers import answer
from bot.policies.asked_year import asked_year
from bot.policies.programmes import ProgrammeFinding, programme_in
from bot.policies.ranking.index import NO_TOPIC, AnswerHit, current_answers
from bot.policies.search import current_index
from bot.policies.topics import NATIONAL, OF_ACTS, in_base, next_door, titles
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.overlap import Span
from bot.text.pattern_file import read_patterns
from bot.text.questions import asks_or_not, is_question
from bot.turns.arbitration import (
    acknowledged,
    complains,
    continues_policy,
    is_discouraged,
    only_tells,
    state_of,
)
from bot.turns.echo import ask_which, echoed_words, note_trade
from bot.turns.turn import Turn
from bot.understanding.slot_filling.profile import fill_incidental_slots, place_outside_home

#: Below this probability a topic is not taken for the one meant.
SURE = 0.3
#: A second topic is answered for as well from this probability on.
ALSO = 0.2
#: From this probability on of naming no topic, a message without a sure one is of the last one.
LEANS = 0.2
#: From this probability on a topic is answered that has no rival, though it is not sure.
LIKELY = 0.5
#: From this probability on the classifier is certain of a topic, whatever was spoken of.
CERTAIN = 0.9
#: From this probability on a unit answers a message amid a search.
ASIDE = 0.12
#: Stands in the patterns of data/vocab/elsewhere.yml for the place named.
PLACE_MARK = "\ue000"
#: How much of the likeliest unit's probability another has that is about as likely.
AS_LIKELY = 0.9
#: A topic is offered as a choice from this probability on.
POSSIBLE = 0.08


def answer_policy(turn: Turn) -> Message:
    """Return the answer to a turn about a policy, and remember what it was about."""
    if complains(turn):
        return reply("doubted", "policy")
    of_sum = requested_sum(turn)
    corrected_answer = None if of_sum else _answer_corrected_figure(turn)
    if corrected_answer:
        return corrected_answer
    hit = claim_before_sum(turn) if of_sum else _best_unit(turn)
    likely = None if of_sum or hit or _names_it_alone(turn) else likely_answer(turn)
    hit = hit or likely
    topics = [of_sum] if of_sum else [hit.unit.topic] if hit else resolve_topics(turn)
    programme = named_programme(turn) if turn.act != "report_posting" else None
    special_answer = _answer_outside_base(turn, topics, hit, programme)
    if special_answer:
        return special_answer
    if not (hit or of_sum) and _is_to_choose(turn, topics[0]):
        named_candidate = _named_candidate(turn)
        if named_candidate is None and not _leads(turn):
            return clarify_topic(turn)
        topics = [named_candidate] if named_candidate else [topics[0], *_others(turn, topics[0])]
    if topics[0] != turn.previous.topic:
        turn.set(contribution_months=None, facts=None)
    turn.set(topic=topics[0])
    message = _which_place(turn) or _answer_topic(turn, topics, hit, of_sum)
    if not (hit and turn.units) or of_sum:
        return message
    if likely:
        further = alternatives(turn, likely)
        message = replies.with_question(
            message, likely.unit.asks, further, likely.probability >= LIKELY_RIGHT
        )
    return with_second_answer(turn, message, hit, ranked(turn))


def _answer_outside_base(
    turn: Turn, topics: list[str], hit: AnswerHit | None, programme: ProgrammeFinding | None
) -> Message | None:
    """Return what is said in the place of an answer of the base: of another province, of none of
    its policies, of a programme, or a fixed reply. What was told is kept otherwise.
    """
    if _is_of_another_province(turn) and not _holds_everywhere(turn, topics, hit):
        return reply("other_province", "out_of_scope")
    if not topics and not programme and turn.act not in OF_ACTS:
        return quote_law_or_clarify(turn)  # what was spoken of before is still what is spoken of
    turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.previous), subject="policy")
    if programme:
        return _answer_programme(turn, programme)
    return _with_reply(turn, topics) if turn.act in OF_ACTS and not hit else None


def _is_of_another_province(turn: Turn) -> bool:
    """Tell whether the rules of another province are asked for.

    Who only is or was there (我人在上海, 在深圳干了十五年) asks for those here; within a talk the
    place itself has to be what is asked about (那北京呢, 上海的能领多少).
    """
    outside_region = place_outside_home(turn.entities, settings().home_region)
    if not outside_region:
        return False
    text = _with_place_marked(turn)
    patterns = read_patterns(settings().data_file("vocab", "elsewhere.yml"))
    if patterns["was_there"].search(text):
        return False
    return not state_of(turn).messages or bool(patterns["asks_of_there"].search(text))


def _with_place_marked(turn: Turn) -> str:
    """Return the words of a message that names a place, with the mark of the patterns for it."""
    place_name = next(str(e["text"]) for e in turn.of_kind("region") if e["value"])
    return normalise(turn.text).text.replace(place_name, PLACE_MARK, 1)


def answer_aside(turn: Turn) -> Message | None:
    """Return what a policy says to a message amid a search that changes nothing of it.

    证去年到期了没审: None when no unit is likely to answer it.
    """
    hits = ranked(turn)
    if not hits or hits[0].probability < ASIDE or (turn.of_kind("aspect") and turn.topic_sure):
        return None
    message = _unit_answer(turn.with_act("policy"), hits[0])
    further = alternatives(turn, hits[0])
    return replies.with_question(message, hits[0].unit.asks, further) if message else None


def _which_place(turn: Turn) -> Message | None:
    """Ask which of several places of one name is meant, when a place was asked for."""
    if turn.previous.open_question != "region" or turn.changed.region_code:
        return None
    if is_question(turn.text):  # 在手机上能办吗，非得去的话铁西这边上哪儿
        return None
    several = [e for e in turn.of_kind("region") if not e["value"]]
    if not several:  # 在铁西: 沈阳的 and 鞍山的 pay differently
        return None
    return ask_region(several[-1]["text"], tuple(several[-1]["codes"]), turn.act)


def _answer_topic(
    turn: Turn, topics: list[str], hit: AnswerHit | None, of_sum: str | None = None
) -> Message:
    """Return what the base says: of an earlier year, worked out, by a unit, or else.

    Which of a sum and a claim comes first stands in bot/handlers/own_sums.py.
    """
    year = asked_year(turn.text, turn.entities, clock.today())
    if year is not None and topics[0] not in next_door() and not _tells_in_talk(turn):
        return _answer_for_year(turn, topics, year)  # 71年的 tells an age, no rule's year
    if hit and comes_before_sum(turn, hit, of_sum):
        unit_answer = _unit_answer(turn, hit)
        return (
            with_sum(turn, unit_answer, of_sum)
            if unit_answer
            else _answer_without_unit(turn, topics)
        )
    if of_sum or may_be_of(turn, topics[0]):
        calculated = calculation(turn, topics[0])
        if calculated.message:
            return calculated.message
        turn = turn.with_act(calculated.act)
    unit_answer = _unit_answer(turn, hit) if hit else None
    return with_sum(turn, unit_answer, None) if unit_answer else _answer_without_unit(turn, topics)


def _answer_corrected_figure(turn: Turn) -> Message | None:
    """Return the answer before with the figure just set right: 不是俩月 是三个月.

    The question stands; what else sounds like the new figure is not meant.
    """
    figures = [
        entity for kind in ("duration", "salary", "amount", "age") for entity in turn.of_kind(kind)
    ]
    unit = current_answers().unit(state_of(turn).unit)
    if not figures or unit is None:
        return None
    if not sum_patterns()["corrected"].search(normalise(turn.text).text):
        return None
    right = max(figures, key=lambda entity: int(entity["start"]))
    turn.set(**fill_incidental_slots(turn.text, turn.entities, turn.previous), subject="policy")
    unit_answer = _unit_answer(turn, AnswerHit(unit, 1.0))
    if unit_answer is None:
        return None
    words = turn.text[int(right["start"]) : int(right["end"])]
    acknowledgement = reply("noted_in_talk", None).text.format(heard=words)
    unit_answer = replace(unit_answer, text=f"{acknowledgement}{unit_answer.text}")
    return (
        replies.with_question(unit_answer, unit.asks, likely=True)
        if unit.aspect is None
        else unit_answer
    )


def _tells_in_talk(turn: Turn) -> bool:
    """Tell whether a message goes on with a talk and asks nothing: 公司28人，去年裁了1个."""
    return bool(state_of(turn).messages) and not asks_or_not(turn.text)


def _best_unit(turn: Turn) -> AnswerHit | None:
    """Return the unit that answers a turn, unless all it says is the name of a policy.

    What was the answer just before is not said again where another unit is likely; to a question,
    only where the other is about as likely.
    """
    if _names_it_alone(turn):
        return None
    hit, previous_unit = best_answer(turn), state_of(turn).unit
    claim = best_of_several(turn)
    if claim and claim.unit.aspect is None and asks_an_aspect_alone(turn, claim.unit.topic):
        claim = None  # 创业贷款最多能贷多少 能贷几年: two aspects of one policy
    if claim and (hit is None or hit.probability < claim.probability):
        return claim
    if hit is None or hit.unit.id != previous_unit:
        return hit
    other = next_best(turn, ranked(turn), previous_unit)
    if other and is_question(turn.text) and other.probability < AS_LIKELY * hit.probability:
        return hit
    return other or hit


def _names_it_alone(turn: Turn) -> bool:
    """Tell whether a message only names a policy, or is what a fixed reply answers."""
    begins = not state_of(turn).messages
    return bool(bare_topic(turn)) or (turn.act in OF_ACTS and begins)


def _unit_answer(turn: Turn, hit: AnswerHit) -> Message | None:
    """Return what a unit says: a claim, or the aspects that the message asks for."""
    if hit.unit.aspect is None:
        return answer_claim(turn, hit)
    requested = [str(entity["value"]) for entity in turn.of_kind("aspect")]
    aspects = list(dict.fromkeys([hit.unit.aspect, *requested]))
    return _answer_from_base(turn, [hit.unit.topic], [] if aspects == ["what"] else aspects)


def _answer_without_unit(turn: Turn, topics: list[str]) -> Message:
    """Return what is said of a policy where no unit is sure to be the answer.

    A question that leans on what was said before has no verified answer then; a statement is
    acknowledged. A message that begins is answered with what the policy is.
    """
    aspects = [str(entity["value"]) for entity in turn.of_kind("aspect")]
    goes_on = bool(state_of(turn).messages) and topics[0] == turn.previous.topic
    if aspects or not goes_on:
        return with_sum(turn, _answer_from_base(turn, topics, aspects), None)
    if not is_question(turn.text):
        repeated_answer = _repeat_for_place(turn, topics[0])
        repeated_answer = repeated_answer or (
            None if is_discouraged(turn) else _next_step(turn, topics[0])
        )
        return repeated_answer or acknowledged(turn, related_questions(turn, topics[0]))
    quoted = quote_relevant_article(turn, topics[:1])
    if quoted:
        return quoted
    if not _names_other_matter(turn, topics[0]):
        return _not_verified(turn, topics[0])
    return quote_law_or_clarify(turn) if possible_topics(turn) else reply("out_of_scope", "policy")


def _names_other_matter(turn: Turn, topic: str) -> bool:
    """Tell whether a message names some matter, and surely not a policy: 去工地得办健康证不.

    That nothing of it is verified in that policy would be no answer then.
    """
    first = turn.topics[0] if turn.topics else None
    if first is None or first.name in (NO_TOPIC, topic) or turn.taken_up:
        return False
    return all(
        ranked_topic.confidence < POSSIBLE
        for ranked_topic in turn.topics
        if ranked_topic.name == topic
    )


def _next_step(turn: Turn, topic: str) -> Message | None:
    """Return how a policy is gone about, below what was just told; once in a talk."""
    unit = f"{topic}#how"
    if unit in state_of(turn).units or topic in next_door():
        return None
    message = _answer_from_base(turn, [topic], ["how"])
    if unit not in turn.units:
        return None
    words = echoed_words(turn, stands=True)
    acknowledgement = (
        reply("noted_in_talk", None).text.format(heard="、".join(words)) if words else ""
    )
    return replace(message, text=f"{acknowledgement}{message.text}")


def _repeat_for_place(turn: Turn, topic: str) -> Message | None:
    """Return the answer before in the version of a place just told; None when none is told.

    Where that is the same, it is told as such (without_repetition).
    """
    previous_unit = state_of(turn).unit
    if not turn.changed.region_code or topic_of_unit(previous_unit) != topic:
        return None
    hit = current_answers().unit(previous_unit)
    return _unit_answer(turn, AnswerHit(hit, 1.0)) if hit else None


def _not_verified(turn: Turn, topic: str) -> Message:
    """Say that what is asked of a policy is not verified here, and who knows."""
    with session() as db:
        finding = answer(db, topic, ["where"], home_region(turn.current.region_code))
    return replies.not_verified(finding, related_questions(turn, topic))


def _is_to_choose(turn: Turn, topic: str) -> bool:
    """Tell whether the person is to choose which policy is meant: none is sure."""
    offered_topics = turn.previous.pending.get("topics") or ()
    spoken_of = (turn.previous.topic, named_topic(turn), *offered_topics)
    if turn.topic_sure or _without_rival(turn) or topic in spoken_of:
        return False
    return likely_topic(turn) != topic


def _without_rival(turn: Turn) -> bool:
    """Tell whether one topic is likelier than not, and any other less than half as likely."""
    shares = [topic.confidence for topic in turn.topics]
    return bool(shares) and shares[0] >= LIKELY and all(s < shares[0] / 2 for s in shares[1:])


def _leads(turn: Turn) -> bool:
    """Tell whether one topic of a question is likely enough to be answered, others offered."""
    shares = [topic.confidence for topic in turn.topics if topic.name != NO_TOPIC]
    return bool(shares) and shares[0] >= SURE and turn.act == "policy" and is_question(turn.text)


def _others(turn: Turn, answered_topic: str) -> list[str]:
    """Return the topics that are offered with the one answered."""
    possible = (t.name for t in turn.topics if t.name in titles() and t.confidence >= POSSIBLE)
    return [name for name in possible if name != answered_topic][:2]


def _named_candidate(turn: Turn) -> str | None:
    """Return the likely topic that the message names, by the longest name; None without one."""
    possible = {topic.name for topic in turn.topics if topic.confidence >= POSSIBLE}
    candidates = sorted(set(current_index().names_in(turn.text)), reverse=True)
    candidates = [
        (size, topic) for size, topic in candidates if size >= _PLAIN_NAME and topic in possible
    ]
    several = len(candidates) > 1 and candidates[0][0] == candidates[1][0]
    return candidates[0][1] if candidates and not several else None


def _answer_for_year(turn: Turn, topics: list[str], year: Span) -> Message:
    """Answer from the versions that held in an earlier year; never from today's alone."""
    aspects = [entity["value"] for entity in turn.of_kind("aspect")]
    region = home_region(turn.current.region_code)
    with session() as db:
        days = dict.fromkeys((year.first, year.last))
        findings = [answer(db, topics[0], aspects, region, day) for day in days]
    return replies.earlier_rule(findings, titles()[topics[0]], year)


def named_programme(turn: Turn) -> ProgrammeFinding | None:
    """Return the programme named, unless a longer name of another policy stands there."""
    aspects = [entity["value"] for entity in turn.of_kind("aspect")]
    programme = programme_in(turn.text, clock.today(), aspects)
    if programme is None:
        return None
    others = [n for n, topic in current_index().names if topic not in programme.topics]
    longer = any(len(name) > len(programme.name) and name in turn.text for name in others)
    return None if longer else programme


def named_topic(turn: Turn) -> str | None:
    """Return the policy that a turn names so plainly that no model need guess."""
    return untrained_topic(turn) or bare_topic(turn) or topic_of_sum(turn)


def _answer_programme(turn: Turn, programme: ProgrammeFinding) -> Message:
    """Say what the programme is and how its topic is gone about; the talk goes on with it."""
    topic = programme.topics[0]
    aspects = [entity["value"] for entity in turn.of_kind("aspect") if entity["value"] != "what"]
    turn.set(topic=topic)
    with session() as db:
        finding = answer(db, topic, aspects or ["how"], home_region(turn.current.region_code))
    topics = [(topic_name, titles()[topic_name]) for topic_name in programme.topics]
    return replies.programme_answer(programme, finding, aspects or ["how"], "policy", topics)


def _holds_everywhere(turn: Turn, topics: list[str], hit: AnswerHit | None) -> bool:
    """Tell whether what is asked is ruled by national law, is the report of a posting, or has a
    claim that is right although another province is mentioned: 天津的医保年限能带过来不.
    """
    if hit and hit.unit.aspect is None and hit.probability >= LIKELY_RIGHT:
        patterns = read_patterns(settings().data_file("vocab", "elsewhere.yml"))
        return not patterns["asks_of_there"].search(_with_place_marked(turn))
    return turn.act == "report_posting" or (bool(topics) and topics[0] in NATIONAL)


#: Characters from which on a name decides between topics that are likely anyway.
_PLAIN_NAME = 3
#: Characters from which on a name is a policy's alone: 法定节假日, and not 加班.
_WHOLE_NAME = 4


def names_topic(turn: Turn) -> bool:
    """Tell whether a policy is surely named by the message itself."""
    return bool(turn.topics) and turn.topics[0].name != NO_TOPIC and turn.topic_sure


def is_certain_of_topic(turn: Turn) -> bool:
    """Tell whether the classifier is certain of one policy."""
    first = turn.topics[0] if turn.topics else None
    return first is not None and first.name != NO_TOPIC and first.confidence >= CERTAIN


def is_about_a_policy(turn: Turn) -> bool:
    """Tell whether a message is about some policy by itself, apart from the talk."""
    first = turn.topics[0] if turn.topics else None
    likely = first is not None and first.name != NO_TOPIC and first.confidence >= LIKELY
    return names_topic(turn) or likely or likely_topic(turn) is not None


def names_policy(turn: Turn) -> bool:
    """Tell whether a name of a policy, of four characters and more, stands in the message."""
    return any(length >= _WHOLE_NAME for length, _ in current_index().names_in(turn.text))


def untrained_topic(turn: Turn) -> str | None:
    """Return the policy that a turn names and that was loaded after the model was trained."""
    return current_index().untrained_in(turn.text)


def resolve_topics(turn: Turn) -> list[str]:
    """Return the topics meant, best first; a follow-up means the topic spoken of last."""
    named_policy = named_topic(turn)
    if named_policy:
        return [named_policy]
    likely = likely_topic(turn)
    neighbour = neighbour_topic(turn) if turn.intended == "out_of_scope" else None
    if neighbour:
        return [neighbour]
    if is_certain_of_topic(turn):
        return [turn.topics[0].name]
    if likely:
        return [likely]
    last = turn.previous.topic
    ranked = [topic for topic in turn.topics if topic.name != NO_TOPIC]
    elliptical = bool(turn.topics) and turn.topics[0].name == NO_TOPIC
    elliptical = elliptical or only_tells(turn)
    if not turn.topic_sure:
        leans = next((t.confidence for t in turn.topics if t.name == NO_TOPIC), 0.0) >= LEANS
        elliptical = elliptical or leans or continues_policy(turn)
    if last and (elliptical or not ranked or ranked[0].confidence < SURE):
        return [last]
    if (
        last
        and not turn.topic_sure
        and last in {t.name for t in ranked if t.confidence >= POSSIBLE}
    ):
        return [last]
    if not ranked or ranked[0].confidence < SURE:
        return []
    return [ranked[0].name, *(t.name for t in ranked[1:3] if t.confidence >= ALSO)]


def _with_reply(turn: Turn, topics: list[str]) -> Message:
    """Say the act's own reply; topics are reported when the question touches a policy."""
    message = reply(turn.act, turn.act)
    about_act = OF_ACTS[turn.act]
    is_sure = bool(turn.topics) and turn.topics[0].confidence >= SURE
    sure_topics = topics[:1] if is_sure else []
    first: str | None = next((t for t in sure_topics if t in titles()), about_act)
    if turn.act == "training" and "补贴" not in turn.text and "免费" not in turn.text:
        first = None
    turn.set(topic=first or about_act or turn.previous.topic)
    return replies.with_topics(message, [first] if first else [])


def _answer_from_base(turn: Turn, topics: list[str], aspects: list[str]) -> Message:
    with session() as db:
        finding = answer(db, topics[0], aspects, home_region(turn.current.region_code))
        if finding.status == "unknown":
            base_titles = in_base(db)
            neighbours = [
                (t.name, base_titles[t.name]) for t in turn.topics if t.name in base_titles
            ]
            search_hits = current_index().search(turn.text, 3)
            neighbours += [
                (n.topic, n.title) for n in search_hits if (n.topic, n.title) not in neighbours
            ]
            silent = replies.not_in_base(topics, titles()[topics[0]], turn.act, neighbours[:3])
            return quote_relevant_article(turn, topics[:1]) or silent
    if aspects and set(aspects) <= set(finding.missing):
        quoted = quote_relevant_article(turn, topics[:1])
        if quoted:
            return quoted
    if finding.status == "not_in_force":
        return replies.ended(finding, turn.act)
    if finding.neighbour:
        return replies.next_door(finding, related_questions(turn, topics[0]), aspects)
    turn.units += [f"{topics[0]}#{part.aspect}" for part in finding.parts[:1]]
    also = [(topic, titles()[topic]) for topic in topics[1:]]
    waiting = turn.previous.open_question if turn.previous.form == "job" else None
    return replies.policy_answer(finding, "policy", also, waiting)


def clarify_topic(turn: Turn) -> Message:
    """Ask which of the likeliest topics is meant, with each as a choice."""
    likely = [t.name for t in turn.topics if t.name in titles() and t.confidence >= POSSIBLE]
    likely = list(dict.fromkeys([*(topic for topic, _ in possible_topics(turn)), *likely]))[:3]
    if len(likely) < 2:
        likely = [t.name for t in turn.topics if t.name in titles()][:2]
    turn.set(pending={"topics": likely}, asked="topic")
    question = replies.clarify_topic([(topic, titles()[topic]) for topic in likely], turn.act)
    if is_question(turn.text):
        return question
    return replace(question, buttons=[*question.buttons, *note_trade(turn)])  # 俺52 电焊 厂子黄了


def quote_law_or_clarify(turn: Turn) -> Message:
    """Quote the law when it is surely about the question; else ask which policy is meant.

    Only what the message may be about is offered.
    """
    quoted = quote_relevant_article(turn)
    if quoted:
        return quoted
    choices = [titles()[topic] for topic, _ in possible_topics(turn)][:2]
    goes_on = ("再来几个",) if turn.previous.shown_ids else ()
    buttons = [Button(c, f"{c}是什么") for c in choices] + [Button(c, c) for c in goes_on]
    return ask_which(turn, tuple(buttons))
