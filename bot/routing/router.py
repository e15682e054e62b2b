"""Routing of a message: the handlers are asked in their order, the first that answers has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.assistant import (
    MIN_SIMILARITY,
    SURE_SIMILARITY,
    answer_of_assistant,
    answer_several_of_assistant,
)
from bot.fixed_replies import reply
from bot.handlers.calculate import states_calculator_input
from bot.handlers.eligibility import (
    answer_eligibility,
    asks_what_fits,
    continues_interview,
    reask_open_question,
)
from bot.handlers.follow_up import answer_follow_up
from bot.handlers.further_questions import answer_further
from bot.handlers.hand_off import answer_hand_off
from bot.handlers.inquiries import answer_inquiry, with_livelihood
from bot.handlers.introduction import (
    answer_introduction,
    is_introduction,
    set_facts,
    tells_only_facts,
)
from bot.handlers.job_search import answer_jobs, search_changes
from bot.handlers.job_search_detection import (
    answer_registered,
    job_search_act,
    note_registration,
    with_registration,
)
from bot.handlers.law import quote_named_article
from bot.handlers.my_data import answer_my_data
from bot.handlers.numbered_choice import numbered_choice
from bot.handlers.own_record import answer_own_record
from bot.handlers.own_sums import asks_own_sum, requested_sum
from bot.handlers.policy import (
    answer_policy,
    is_about_a_policy,
    is_certain_of_topic,
    named_programme,
    names_policy,
    names_topic,
    untrained_topic,
)
from bot.handlers.posting_feedback import answer_posting_feedback
from bot.handlers.posting_questions import answer_posting_question, asks_of_listed
from bot.handlers.ranked_units import (
    asks_answerable_question,
    has_likely_unit,
    is_answered_whole,
    may_have_unit,
    seeks_no_work,
)
from bot.handlers.register import answer_register
from bot.handlers.remarks import (
    answer_remark,
    answer_told,
    is_plain_fatigue,
    names_helpline,
    strip_excuse,
    with_excuse,
)
from bot.handlers.service import (
    DENIED_ACT,
    answer_service,
    answer_without_words,
    requested_service,
)
from bot.handlers.short_answers import answer_inform, answer_unclear
from bot.handlers.side_questions import answer_side_questions
from bot.handlers.small_talk import answer_reply
from bot.handlers.subscribe import answer_subscribe, answer_unsubscribe
from bot.messages import Message
from bot.next_steps.answer import answer_next_steps
from bot.place_handlers.answer import answer_instead, answer_places, answer_shared_place, goes_on
from bot.routing.pending_question import answer_pending_question
from bot.sum_handlers.sum_follow_ups import answer_sum_follow_up
from bot.sum_handlers.told_terms import answer_told_term
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.questions import is_question
from bot.text.safety import tone
from bot.turns.arbitration import (
    CERTAIN,
    acknowledged,
    arbitrated_act,
    asks_who_answers,
    begins_with_business,
    goes_about_business,
    is_bare_answer,
    is_plainly_of_knowledge,
    is_unsure_despair,
    may_be_of_listed,
    read_turn,
    second_likeliest_act,
    state_of,
    tells_of_sorrow,
)
from bot.turns.corrections import find_correction, with_correction
from bot.turns.earlier_matter import resume_earlier_matter
from bot.turns.posting_references import refers_to_posting
from bot.turns.turn import Turn
from bot.understanding.employers import recruits
from bot.understanding.extractors import rates
from bot.understanding.extractors.persons import SELF
from bot.understanding.inquiries import mentions_past_work, seeks_work
from bot.understanding.posting_feedback import asks_for_more_than_these, only_asks_for_more
from bot.understanding.slot_filling.person_switch import switch_person

Answer = Callable[[Turn], Message]


def _nearby(otherwise: Answer) -> Answer:
    """Return what answers a part of a message: from the listings, or otherwise."""
    return lambda turn: answer_instead(turn, answer_places(turn) or otherwise(turn))


#: What answers an act; what stands not here has a fixed reply of its own name.
HANDLERS: dict[str, Answer] = {
    "policy": answer_policy,
    "calculate": answer_policy,
    "training": _nearby(answer_policy),
    "station": _nearby(answer_policy),
    "fair": _nearby(answer_reply),
    "report_posting": answer_policy,
    "eligibility": answer_eligibility,
    "find_job": answer_jobs,
    "refine_job": answer_jobs,
    "inform": answer_inform,
    "affirm": answer_inform,
    "deny": answer_inform,
    "my_data": answer_my_data,
    "subscribe": answer_subscribe,
    "unsubscribe": answer_unsubscribe,
    "register": answer_register,
    "follow_up": answer_follow_up,
    "handoff": answer_hand_off,
    "nlu_fallback": answer_unclear,
}
#: Acts that are requests of their own, so that two of them in one message are both answered.
REQUEST_ACTS = frozenset(
    (
        "policy", "calculate", "find_job", "eligibility", "training", "station", "fair",
        "register", "subscribe", "unsubscribe", "handoff", "my_data",
    )
)  # fmt: skip
#: Acts of parts that one unit may answer together.
JOINTLY_ANSWERED_ACTS = frozenset(("policy", "training"))
#: Acts that an employer's wish for hands is taken for.
RECRUITING_ACTS = frozenset(
    (
        "find_job",
        "refine_job",
        "nlu_fallback",
        "inform",
        "subscribe",
        "register",
        "fair",
        "report_posting",
    )
)
#: Acts that a question about who answers here is taken for.
IDENTITY_ACTS = frozenset(
    ("help", "out_of_scope", "nlu_fallback", "greet", "thanks", "handoff", "my_data")
)
#: Acts that answer questions about the assistant by themselves where the classifier is certain.
SELF_ANSWERING_ACTS = frozenset(("handoff", "my_data", "subscribe", "unsubscribe"))
#: Acts that a short message naming a place or a person may be taken for.
SHORT_MESSAGE_ACTS = frozenset(
    ("policy", "calculate", "refine_job", "inform", "nlu_fallback", "eligibility")
)
#: Acts that a question about a policy which the model does not know may be taken for.
UNTRAINED_TOPIC_ACTS = frozenset(
    ("out_of_scope", "nlu_fallback", "inform", "training", "eligibility", "help")
)
#: What such a message names, and nothing else.
POINTER_KINDS = frozenset(("region", "person", "age", "date"))
#: Acts that a message naming a programme (雷锋365) is not answered as: it asks what that is.
PROGRAMME_NAMING_ACTS = frozenset(
    ("nlu_fallback", "inform", "out_of_scope", "deny", "affirm", "eligibility")
)
#: Acts that place, trade and pay alone (沈阳司机3000以上) may be taken for.
MISTAKEN_PREFERENCE_ACTS = frozenset(
    ("policy", "calculate", "nlu_fallback", "inform", "out_of_scope", "station")
)
#: What a preference for work is made of.
_PREFERENCE_KINDS = ("occupation", "region", "salary", "work_time", "experience", "age")
_PATTERNS = patterns("act_routing")
#: What may stand between these.
_FILLER = re.compile(f"{rates.WORDS}|" + _PATTERNS["preference_filler"].pattern)
#: Characters of a question that names nothing and goes on with the policy spoken of.
MAX_FOLLOW_UP_CHARS = 6
#: Characters of a message that names a place and nothing else.
MAX_BARE_PLACE_CHARS = 8
#: Characters of thanks beside which nothing else is asked: 谢谢你啊, 行不.
MAX_THANKS_CHARS = 8
#: Below this probability a part of a message is no request of its own.
MIN_PART_CONFIDENCE = 0.5


def answer(turn: Turn, parts: Sequence[dict[str, Any]] = ()) -> list[Message]:
    """Return the answers to a turn; its changes hold what is to be remembered."""
    choice = numbered_choice(turn)
    if choice:
        turn.act = choice.act
        turn.retype(choice.text)
    resume_earlier_matter(turn)
    turn.reading = read_turn(turn)
    special = answer_without_words(turn) or _answer_tone(turn)
    if special:
        return with_livelihood(turn, special) if turn.act == "distress" else [special]
    if turn.act == "distress":
        amid = state_of(turn).field not in ("", "safety")
        calm = is_bare_answer(turn) or (amid and goes_about_business(turn))
        if not calm and tells_of_sorrow(turn) and not is_plain_fatigue(turn):
            return [reply("care_alone", "distress")]
        turn.act = second_likeliest_act(turn)
        messages = _answer_with_slip(turn, parts)
        return messages if calm else _with_care(turn, messages)
    return _answer_with_slip(turn, parts)


def _with_care(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the answers with a line of care; before them where nothing is asked or wished.

    What is said to a grave remark names the helpline by itself.
    """
    if names_helpline(messages[0]):
        return list(messages)
    care, told = reply("care", None), not is_question(turn.text)
    if told and [message.status for message in messages] == ["out_of_scope"]:
        return [care]  # nothing was asked that would have to be called unverified
    care_first = messages[0].act in (None, "policy", "out_of_scope") and told
    return [care, *messages] if care_first else [*messages, care]


def _answer_with_slip(turn: Turn, parts: Sequence[dict[str, Any]]) -> list[Message]:
    """Return the answers to a message that is no cry for help; a slip that it mends comes first."""
    correction = find_correction(turn)
    if correction:
        turn.act, turn.requests, parts = "policy", (), ()
        turn.retype(correction.text)
    messages = _answer_business(turn, parts)
    return with_excuse(turn, with_correction(turn, messages, correction))


def _answer_business(turn: Turn, parts: Sequence[dict[str, Any]]) -> list[Message]:
    """Return the answers to a message that is no cry for help."""
    apart = answer_shared_place(turn) or _answer_without_business(turn)
    if apart:
        return [apart]
    strip_excuse(turn)
    steps = answer_next_steps(turn) or answer_told_term(turn) or answer_sum_follow_up(turn)
    if steps:
        return [steps]
    of_knowledge = (is_plainly_of_knowledge(turn) or has_likely_unit(turn)) and not turn.of_kind(
        "ordinal"
    )
    wish = requested_service(turn)
    of_service = answer_service(turn, wish) if wish and not of_knowledge else None
    if of_service:
        return [of_service]
    of_record = answer_own_record(turn)
    if of_record:
        return [of_record]
    quoted = quote_named_article(turn)
    if quoted:
        return [quoted]
    turn.set(**switch_person(turn.text, turn.entities, turn.previous))
    note_registration(turn)
    introduced = answer_introduction(turn)
    if introduced:
        return [introduced]
    of_several = len(_requests(turn, parts)) > 1 and not goes_on(turn)
    of_list = asks_of_listed(turn)
    nearby = None if of_several or of_list else answer_places(turn)
    if nearby:
        return [nearby]
    inquired = answer_inquiry(turn)
    if inquired:
        turn.inquires = True
        return [*inquired, *reask_open_question(turn, inquired)]
    waited_for = None if of_list and refers_to_posting(turn) else answer_pending_question(turn)
    if waited_for:
        return [waited_for]
    of_listed = (
        None if of_knowledge else answer_posting_question(turn) or answer_posting_feedback(turn)
    )
    if of_listed:
        return [of_listed]
    if turn.previous.topic and turn.previous.subject == "policy" and tells_only_facts(turn):
        return [_answer_of_facts(turn)]  # 沈河的 女 51, and no job is looked for
    by_subject = _act_by_subject(turn)
    own_sum = asks_own_sum(turn)
    plain = asks_what_fits(turn.text) or own_sum  # in so many words: 能领啥钱
    turn.act = by_subject if plain else arbitrated_act(replace(turn, act=by_subject))
    job = None if own_sum or seeks_no_work(turn) else job_search_act(turn)
    if job:
        turn.act, parts = job, ()
    if turn.act in ("find_job", "refine_job"):
        turn.set(**_for_oneself(turn))
    if continues_interview(turn):
        turn.act, parts = "eligibility", ()
    told = None if job or own_sum or requested_sum(turn) else answer_told(turn)
    if told:
        set_facts(turn)
        return [told]
    only_told = answer_registered(turn) if turn.act != "eligibility" and not job else None
    if only_told:
        return [only_told, *reask_open_question(turn, [only_told])]
    messages = _answer_requests(turn, parts, DENIED_ACT.get(wish) if wish else None)
    further = [] if of_several else answer_further(turn, messages)
    messages += further or answer_side_questions(turn, messages)
    polite = reply("listening", None).text  # stands beside no answer
    messages = [candidate for candidate in messages if candidate.text != polite] or messages
    return [*with_registration(turn, messages), *reask_open_question(turn, messages)]


def _answer_of_facts(turn: Turn) -> Message:
    """Return what the policy spoken of says to facts; that they are noted where it is the same."""
    set_facts(turn)
    message = answer_inform(turn.with_act("inform"))
    said = turn.units and turn.units[-1] == state_of(turn).unit
    return acknowledged(turn, [button.says for button in message.buttons]) if said else message


def _answer_without_business(turn: Turn) -> Message | None:
    """Return the answer to a question about the assistant or to a remark; None for business."""
    several = answer_several_of_assistant(turn.text)
    if several:
        return several
    if turn.act in IDENTITY_ACTS and asks_who_answers(turn):
        return reply("identity", "help")
    certain = turn.act in SELF_ANSWERING_ACTS and turn.confidence >= CERTAIN
    of_assistant = answer_of_assistant(turn.text, SURE_SIMILARITY if certain else MIN_SIMILARITY)
    return of_assistant or (None if is_introduction(turn) else answer_remark(turn))


def _answer_requests(
    turn: Turn, parts: Sequence[dict[str, Any]], denied: str | None
) -> list[Message]:
    """Return the answers to the requests of a message, each in the state that the one before left.

    Two questions about one policy may lead to the same words: they are said once.
    """
    messages: list[Message] = []
    for understood in _requests(turn, parts, denied):
        request = turn.part(understood)
        message = HANDLERS.get(request.act, answer_reply)(request)
        turn.set(**request.changes)
        if message.text not in [previous.text for previous in messages]:
            messages.append(message)
    return messages


def _for_oneself(turn: Turn) -> dict[str, Any]:
    """Return the slots that change where a search begins after another business.

    It is one's own then, unless a person is named: 儿子替我去办行不 is of no search for the son.
    """
    begins = state_of(turn).field not in ("", "jobs")
    if not begins or turn.of_kind("person") or _PATTERNS["another_person"].search(turn.text):
        return {}
    return switch_person(turn.text, [{"entity": "person", "value": SELF}], turn.current)


def _answer_tone(turn: Turn) -> Message | None:
    """Return the reply to despair, an injected instruction or abuse; None for any other tone."""
    detected = tone(normalise(turn.text).text)
    unsure = is_unsure_despair(turn) or begins_with_business(turn)
    if detected == "despair" or (turn.act == "distress" and not unsure):
        return reply("crisis", "distress")
    if detected == "injection":
        return reply("injection", "out_of_scope")
    if detected == "abuse" and turn.act in (
        "out_of_scope",
        "nlu_fallback",
        "deny",
        "greet",
        "thanks",
    ):
        return reply("abuse", "out_of_scope")
    return None


def _act_by_subject(turn: Turn) -> str:
    """Return the act meant by a message that only names a place or a person (那大连呢).

    What it means is what was spoken of before: the job search, or the policy. A message that
    names a programme, or a policy loaded after training, asks for it.
    """
    if _mistakes_itself(turn):
        turn = replace(turn, act="nlu_fallback")
    if turn.act == "eligibility" and asks_what_fits(turn.text):
        return turn.act
    if asks_answerable_question(turn) or _asks_after_thanks(turn) or asks_own_sum(turn):
        return "policy"
    if turn.act in RECRUITING_ACTS and recruits(normalise(turn.text).text):
        return "policy"
    if turn.act == "policy" and may_be_of_listed(turn) and not may_have_unit(turn):
        return "refine_job"  # 我初中没毕业 行不, of the posting shown
    if _refines_no_search(turn):
        return "policy"  # 身份证还在线长那押着呢
    asks_what = any(entity["value"] == "what" for entity in turn.of_kind("aspect"))
    if (turn.act in PROGRAMME_NAMING_ACTS or asks_what) and named_programme(turn):
        return "policy"
    if turn.act in UNTRAINED_TOPIC_ACTS and untrained_topic(turn):
        return "policy"
    if (
        turn.act == "out_of_scope"
        and turn.confidence < MIN_PART_CONFIDENCE
        and is_certain_of_topic(turn)
    ):
        return "policy"  # 他有残疾证 二级 腿不好
    if turn.act == "out_of_scope" and turn.of_kind("aspect"):
        goes_on = turn.previous.subject == "policy" and len(turn.text) <= MAX_FOLLOW_UP_CHARS
        if goes_on or names_policy(turn):  # 要花钱不, of what was spoken of
            return "policy"
    corrects = _PATTERNS["takes_back"].search(normalise(turn.text).text)
    if (turn.act == "out_of_scope" or corrects) and _corrects_length(turn):
        return "inform"
    if _asks_next_page(turn):
        return "refine_job"
    if turn.act == "training" and _tells_past_work_amid_search(turn):
        return "refine_job"
    if turn.act in MISTAKEN_PREFERENCE_ACTS and _is_bare_preference(turn):
        return "find_job"
    if turn.act in ("policy", "calculate") and _states_preference(turn):
        return "refine_job"
    if turn.act == "policy" and asks_what_fits(turn.text) and not is_about_a_policy(turn):
        return "eligibility"  # 能领啥钱, and no policy is spoken of
    if states_calculator_input(turn):
        return "inform"
    kinds = {entity["entity"] for entity in turn.entities}
    named_kinds = kinds & {"region", "person"}
    bare_place = turn.act == "station" and len(turn.text) <= MAX_BARE_PLACE_CHARS  # 沈北新区的呢
    short = turn.act in SHORT_MESSAGE_ACTS or bare_place
    if not short or not named_kinds or names_topic(turn) or not kinds <= POINTER_KINDS:
        return turn.act
    if turn.act == "eligibility" and asks_what_fits(turn.text):
        return turn.act
    if "job" in (turn.previous.subject, turn.previous.form):
        return "refine_job"
    return "policy" if turn.previous.topic else turn.act


def _mistakes_itself(turn: Turn) -> bool:
    """Tell whether a message is hardly taken for one about what is kept, and not read so."""
    if turn.act != "my_data" or turn.confidence >= MIN_PART_CONFIDENCE:
        return False
    return turn.reading is not None and turn.reading.field != "bot"


def _asks_after_thanks(turn: Turn) -> bool:
    """Tell whether a question follows the thanks: 谢谢啊，那我明天先弄哪个."""
    has_question = turn.act in ("thanks", "greet") and is_question(turn.text)
    state = state_of(turn)
    of_policies = "knowledge" in (state.field, *state.before[-2:])
    return has_question and of_policies and len(turn.text) > MAX_THANKS_CHARS


def _is_bare_preference(turn: Turn) -> bool:
    """Tell whether a message is a trade with its place or pay and nothing else."""
    wish_entities = [
        e for e in turn.entities if e["entity"] in _PREFERENCE_KINDS and not e.get("negated")
    ]
    kinds = {entity["entity"] for entity in wish_entities if not entity.get("past")}
    if not ("occupation" in kinds and kinds & {"region", "salary"}) or is_question(turn.text):
        return False
    remainder = list(turn.text)
    for entity in wish_entities:
        remainder[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return not _FILLER.sub("", _PATTERNS["street"].sub("", "".join(remainder)))


def _refines_no_search(turn: Turn) -> bool:
    """Tell whether a message amid policies is taken for a change to a search that never was."""
    state = state_of(turn)
    amid_policies = bool(state.messages) and "jobs" not in (state.field, *state.before)
    if turn.act != "refine_job" or not amid_policies or _is_bare_preference(turn):
        return False
    if turn.reading is not None and turn.reading.field == "jobs":
        return False
    return not seeks_work(normalise(turn.text).text, turn.entities)


def _tells_past_work_amid_search(turn: Turn) -> bool:
    """Tell whether a message amid a search tells what was done: 原来扒虾的 别的没学过啥."""
    past = mentions_past_work(normalise(turn.text).text)
    return past and state_of(turn).field == "jobs" and not is_question(turn.text)


def _corrects_length(turn: Turn) -> bool:
    """Tell whether a message states a length of the benefit spoken of: 不对，是9年不是8年."""
    benefit_open = turn.previous.subject == "policy" and turn.previous.contribution_months
    return bool(benefit_open and turn.of_kind("duration") and not is_question(turn.text))


def _asks_next_page(turn: Turn) -> bool:
    """Tell whether a message asks for the next page: 还有吗 amid a search, 除了这几个还有啥."""
    text = normalise(turn.text).text
    if turn.previous.shown_ids and asks_for_more_than_these(text):
        return True
    return turn.previous.subject == "job" and only_asks_for_more(text)


def _states_preference(turn: Turn) -> bool:
    """Tell whether a message amid a search states a preference, no question of law: 五千往上."""
    wish_slots = set() if is_question(turn.text) else search_changes(turn)
    if names_topic(turn):  # 欠我三千 is no wish
        return "salary_min" in wish_slots and len(wish_slots) > 1
    return bool(wish_slots)


def _requests(
    turn: Turn, parts: Sequence[dict[str, Any]], denied: str | None = None
) -> Sequence[dict[str, Any] | None]:
    """Return the requests of a message; None stands for the message as a whole.

    `denied` is the act that the message says is not wished (别转人工).
    """
    sure = [(understood, turn.part(understood)) for understood in parts]
    seeks = seeks_work(normalise(turn.text).text, turn.entities)
    sure = [
        (understood, part)
        for understood, part in sure
        if _is_request(part) and not (seeks and _names_a_trade_only(part))
    ]
    if any(part.act == "subscribe" for _, part in sure):
        # 有新的活就告诉我 干啥都行: the wish is what is subscribed to
        sure = [(u, part) for u, part in sure if part.act not in ("find_job", "refine_job")]
    if denied is not None and any(part.act == denied for _, part in sure):
        return [understood for understood, part in sure if part.act != denied] or [None]
    requested = {
        (part.act, part.topics[0].name if part.act == "policy" else "") for _, part in sure
    }
    of_one = len(requested) > 1 and {act for act, _ in requested} <= JOINTLY_ANSWERED_ACTS
    if of_one and is_answered_whole(turn, [part for _, part in sure]):
        return [None]  # 公司搬走，这算不算违约；我有没有补偿
    return [understood for understood, _ in sure] if len(requested) > 1 else [None]


def _names_a_trade_only(part: Turn) -> bool:
    """Tell whether 客服 names work that is wished for, not a person to talk to."""
    return part.act == "handoff" and bool(part.of_kind("occupation"))


def _is_request(part: Turn) -> bool:
    enough = CERTAIN if part.act == "my_data" else MIN_PART_CONFIDENCE
    if part.act not in REQUEST_ACTS or part.confidence < enough:
        return False  # 前夫有逾期记录 asks for no record of one's own
    return part.act != "policy" or names_topic(part)
