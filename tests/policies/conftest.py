"""Policy folders made by a test, and the project's own policies loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.policies.policy_file import PolicyFile
from bot.policies.validate import read_folder
from bot.settings import ROOT
from tests.conftest import new_database, rolled_back

POLICIES = ROOT / "data" / "policies"
WRITTEN = """id: startup-loan
title: 创业担保贷款
names: [创业贷款]
versions:
  - effective_from: 2025-01-01
    effective_to: 2025-12-31
    regions: ['210000']
    sources:
      doc: {document: 某文件, number: 某〔2025〕1号, issuer: 某厅, dated: 2025-01-01, grade: A}
    figures:
      max_amount: {value: '300000', unit: yuan, text: 30万元, source: doc}
    answers:
      amount:
        text: 最高能贷{max_amount}。
        sources: [doc]
      how:
        text: 到窗口申请。
        sources: [doc]
  - effective_from: 2026-01-01
    regions: ['210000']
    sources:
      doc: {document: 新文件, issuer: 某厅, grade: C}
    figures:
      max_amount: {value: '400000', unit: yuan, text: 40万元, source: doc}
    answers:
      amount:
        text: 最高能贷{max_amount}。
        sources: [doc]
  - effective_from: 2026-01-01
    regions: ['210100']
    sources:
      doc: {document: 沈阳文件, issuer: 某局, grade: A}
    figures:
      max_amount: {value: '500000', unit: yuan, text: 50万元, source: doc}
    answers:
      amount:
        text: 最高能贷{max_amount}。
        sources: [doc]
"""
Folder = Callable[..., Path]


@cache
def project_policies() -> tuple[PolicyFile, ...]:
    """Return the project's own policies: read once a process, for it takes seconds."""
    return tuple(read_folder(POLICIES))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make a folder of policies with one file, with some of its text replaced."""

    def make(old: str = "", new: str = "", name: str = "loan.yml") -> Path:
        (tmp_path / "topics.yml").write_bytes((POLICIES / "topics.yml").read_bytes())
        assert old in WRITTEN
        (tmp_path / name).write_text(WRITTEN.replace(old, new, 1) if old else WRITTEN, "utf-8")
        return tmp_path

    return make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def based(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the vocabulary and the project's own policies."""
    return new_database(request, "based")


@pytest.fixture
def policies(based: str) -> Iterator[Session]:
    """A session on that database; what the test writes is rolled back."""
    yield from rolled_back(based)
