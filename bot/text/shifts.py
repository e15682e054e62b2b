"""Read in which shifts a posting lets people work: 三班倒, 两班倒, 长白班, 夜班."""

from __future__ import annotations

from bot.text import offered

NAMES = {
    "three_shifts": "三班倒",
    "two_shifts": "两班倒",
    "rotating": "倒班",
    "day_shift": "长白班",
    "night_shift": "夜班",
    "twelve_hours": "一天12小时",
    "flexible": "弹性时间",
}
_OFFERS = offered.offers(
    {
        "three_shifts": ("班", r"[三3]班[制倒]?\S?倒|[四4]班[三3](?:运转|倒|制)|[三3]班(?:制|轮|运转)|早中晚[三3]?班|[四4]班[两二2](?:运转|倒)"),
        "two_shifts": ("班", r"[两二2]班[制倒]?\S?倒|[两二2]班(?:制|轮|运转)|(?:白夜|早晚|白晚|昼夜)班?(?:两|二)?班?倒"),
        "rotating": ("倒班 轮班 翻班 轮值 换班", r"倒班|轮班|翻班|排班倒"),
        "day_shift": ("白班 行政班 正常班 不倒班 无夜班 不上夜班 没有夜班", r"[长常]白班|白班|行政班|正常班|不倒班|(?:无|不上|没有)夜班"),
        "night_shift": ("夜班 晚班 大夜 通宵", r"夜班|晚班|大夜|通宵"),
        "twelve_hours": ("12", r"12\s?个?小时(?:制|工作|[,，、。;；/一]|$)|(?:一天|每天|上班)\s?12\s?个?小时"),
        "flexible": ("弹性 时间自由 自由安排", r"弹性(?:工作|上下?班|时间)|时间自由|时间(?:可)?自由安排"),
    }
)  # fmt: skip


def field(text: str) -> tuple[str, ...]:
    """Return the ids of the shifts that a posting states, in the order of NAMES."""
    found = set(offered.field(text, _OFFERS))
    if found & {"three_shifts", "two_shifts"}:
        # 两班倒 says it all: 白班 and 夜班 are its halves.
        found -= {"rotating", "day_shift", "night_shift"}
    elif {"day_shift", "night_shift"} <= found:
        found = (found - {"day_shift", "night_shift"}) | {"rotating"}
    return tuple(name for name in NAMES if name in found)


def work_time(shifts: tuple[str, ...]) -> str | None:
    """Return the working time of the taxonomy that shifts amount to, None when they leave it open."""
    if "rotating" in shifts:
        return None
    return next((t for s, t in _WORK_TIMES.items() if s in shifts), None)


_WORK_TIMES = {"day_shift": "shift_day", "night_shift": "shift_night"}
