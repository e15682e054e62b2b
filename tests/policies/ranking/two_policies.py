"""Two policies and a talk on them."""

from __future__ import annotations

TOPICS = "bonus: 上岗红包\nloan: 开店贷款\n"
BONUS = """
id: bonus
title: 上岗红包
names: [上岗红包]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      notice: {document: 通知, issuer: 某厅, dated: 2025-12-20, effective_from: 2026-01-01, grade: A}
    answers:
      what: {text: 找到新工作干住了的奖励。, sources: [notice]}
      materials: {text: 带身份证和合同。, sources: [notice]}
questions:
  - id: quit
    kind: yes_no
    asks: [自己辞职能领吗, 我不干了还给红包不, 主动离职算不算]
    answer: 一般不能。
    sources: [notice]
  - id: how-soon
    kind: how_long
    asks: [多久到账, 钱啥时候下来, 红包几天能到手]
    answer: 干满以后。
    sources: [notice]
"""
LOAN = """
id: loan
title: 开店贷款
names: [开店贷款]
versions:
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      notice: {document: 通知, issuer: 某厅, dated: 2025-12-20, effective_from: 2026-01-01, grade: A}
    answers:
      what: {text: 开店时银行借的钱。, sources: [notice]}
      materials: {text: 带执照和身份证。, sources: [notice]}
"""


TALK = """
- person: 沈阳 女 49
  turns:
  - {text: 上岗红包是啥, units: ['bonus#what']}
  - {text: 都要带啥, units: ['bonus#materials', bonus/quit]}
  - {text: 手机能办不, units: [none], topic: bonus, lacks: 能不能网上办}
  - {text: 有保洁的活没, units: [other]}
  - {text: 那开店贷款呢, units: ['loan#what']}
"""
