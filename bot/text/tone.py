"""What a message is beside its subject: despair, abuse, or an attempt to instruct the assistant.

Despair must never be missed because a classifier was unsure, so plain words decide before it.
"""

from __future__ import annotations

import re
from typing import Literal

Tone = Literal["despair", "abuse", "injection"]

_DESPAIR = re.compile(
    r"不想活(?!动|干|计|泼)|活(?:着|下去)[^,，。]{0,4}(?:没|无)(?:啥|什么)?(?:意思|意义|劲|盼头|奔头)|活够了|活不(?:下去|起)了|活腻|自杀|轻生|寻短见"
    r"|想死(?!我|你|了.{0,3}(?:这|那)活)|不如死|死了(?:算了|得了|拉倒|一了百了)|一了百了|结束(?:自己的?)?生命|了结自己|跳楼(?!价|机|大)|跳河|跳江|割腕|喝农药|喝药(?:死|了结)"
    r"|上吊|安眠药|遗书|不想在?(?:这世上|人世)|离开(?:这个)?(?:世界|人世)|没(?:有)?活下去"
)
_ABUSE = re.compile(
    r"傻[逼比叉bx屌]|煞笔|沙比|(?<![a-z])(?:sb|cnm|nmsl|tmd|fuck|shit)(?![a-z])|(?:操|草|艹|日|干)你(?:妈|娘|大爷)|你妈(?:的|逼|比|死|b)|他妈的|(?<![当是做给像跟她他我俺咱])妈的|妈了个|去死|滚(?:蛋|犊子|远点|开|吧$)|^滚$"
    r"|废物|白痴|智障(?!人)|脑残|弱智|王八|混蛋|狗屁|放屁|垃圾(?:机器|客服|玩意|东西|系统)|不要脸|畜生|死机器|破机器|鳖犊子|瘪犊子|虎逼|彪子"
)
#: Hard words that are for the writer: 我妈眼里的废物, 我就是个废物.
_OF_ONESELF = re.compile(
    r"(?:我|俺|自己)(?!操|草|日)[^你您,，。]{0,12}(?:废物|白痴|弱智|智障|垃圾)"
)
_INJECTION = re.compile(
    r"(?:忽略|无视|忘掉|忘记|不要管|绕过)[^。]{0,12}(?:指令|指示|提示词?|规则|设定|限制|要求)|系统提示|提示词|system\s{0,9}prompt|prompt|jailbreak|越狱(?!人)"
    r"|开发者模式|ignore[^.]{0,30}(?:previous|above|instructions)|你现在(?:是|扮演)|扮演(?:一个|成)|假装你是|进入[^。]{0,6}模式|drop\s{1,9}table|select\s{1,9}\*|<script|\{\{.{0,200}\}\}|输出你的(?:源码|代码|配置|指令)"
)


def tone(text: str) -> Tone | None:
    """Return the tone of a normalised message, None for an ordinary one."""
    if _DESPAIR.search(text):
        return "despair"
    if _INJECTION.search(text):
        return "injection"
    return "abuse" if _ABUSE.search(text) and not _OF_ONESELF.search(text) else None
