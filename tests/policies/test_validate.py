import pytest

from bot.policies.errors import PolicyErrors
from bot.policies.validate import check_folder, neighbours, topics, written_out
from tests.policies.conftest import POLICIES, Folder


def test_the_projects_own_policies_are_in_order() -> None:
    report = check_folder(POLICIES)
    assert report.policies >= 10
    assert report.warnings == ()


def test_all_52_topics_have_an_id_and_so_have_the_subjects_next_door() -> None:
    next_door = neighbours(POLICIES)
    assert len(topics(POLICIES)) == 52 + len(next_door)
    assert len(next_door) >= 60


def test_a_file_in_order_passes(folder: Folder) -> None:
    assert check_folder(folder()).versions == 3


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "reason"),
    [
        ("id: startup-loan", "id: no-such-topic", 1, "id", "is no topic"),
        ("title: 创业担保贷款", "title: ''", 2, "title", "is missing"),
        ("regions: ['210000']", "regions: ['210999']", 5, "regions", "is no region"),
        ("regions: ['210000']", "regions: []", 5, "regions", "is missing"),
        ("effective_to: 2025-12-31", "effective_to: 2026-06-30", 19, "effective_from", "overlaps"),
        ("effective_to: 2025-12-31", "effective_to: 2024-06-30", 5, "effective_to", "lies before"),
        ("effective_from: 2025-01-01", "effective_from: 今年", 5, "effective_from", "no date"),
        ("grade: A", "grade: D", 9, "sources.doc.grade", "what is not verified"),
        ("issuer: 某厅, dated", "dated", 9, "sources.doc.issuer", "is missing"),
        ("source: doc}", "source: other}", 11, "figures.max_amount.source", "no source"),
        ("sources: [doc]", "sources: []", 13, "answers.amount.sources", "is missing"),
        ("sources: [doc]", "sources: [nix]", 13, "answers.amount.sources", "no source"),
        ("{max_amount}", "{most}", 13, "answers.amount.text", "is no figure"),
        ("{max_amount}", "30万元", 13, "answers.amount.text", "30万"),
        ("{max_amount}", "三十万", 13, "answers.amount.text", "三十万"),
        ("amount:\n        text", "price:\n        text", 13, "answers.price", "is none of what"),
        ("versions:", "versions: [", 5, "file", "is no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_field(
    folder: Folder, old: str, new: str, line: int, field: str, reason: str
) -> None:
    with pytest.raises(PolicyErrors) as wrong:
        check_folder(folder(old, new))
    fault = wrong.value.faults[0]
    assert (fault.file, fault.line, fault.field) == ("loan.yml", line, field)
    assert reason in fault.reason


def test_all_faults_are_told_at_once(folder: Folder) -> None:
    place = folder("title: 创业担保贷款", "title: ''")
    (place / "second.yml").write_text("id: startup-loan\n", encoding="utf-8")
    with pytest.raises(PolicyErrors) as wrong:
        check_folder(place)
    told = str(wrong.value)
    assert "loan.yml:2: title" in told
    assert "second.yml:1: versions: is missing" in told
    assert "is the id of loan.yml already" in told


def test_a_name_may_not_lead_to_two_policies_at_once(folder: Folder) -> None:
    place = folder()
    other = (place / "loan.yml").read_text(encoding="utf-8")
    other = other.replace("id: startup-loan", "id: startup-subsidy").replace(
        "title: 创业担保贷款", "title: 别的"
    )
    (place / "other.yml").write_text(other, encoding="utf-8")
    with pytest.raises(PolicyErrors) as wrong:
        check_folder(place)
    fault = wrong.value.faults[0]
    assert (fault.file, fault.line, fault.field) == ("other.yml", 3, "names")
    assert "创业贷款: is a name of loan.yml already" in fault.reason


def test_a_name_may_pass_on_to_the_policy_that_follows(folder: Folder) -> None:
    place = folder()
    first = (place / "loan.yml").read_text(encoding="utf-8")
    ended = first[: first.index("  - effective_from: 2026")]
    (place / "loan.yml").write_text(ended, encoding="utf-8")
    later = ended.replace("2025-01-01\n", "2026-01-01\n", 1).replace("2025-12-31", "2026-12-31")
    later = later.replace("id: startup-loan", "id: startup-subsidy")
    (place / "other.yml").write_text(later, encoding="utf-8")
    assert check_folder(place).policies == 2


def test_a_fault_in_what_a_version_takes_over_is_told_where_it_stands(folder: Folder) -> None:
    place = folder("    figures:\n      max_amount", "    figures: &figures\n      max_amount")
    text = (place / "loan.yml").read_text(encoding="utf-8")
    head, _, tail = text.partition("  - effective_from: 2026-01-01\n")
    tail = tail.replace(
        "      max_amount: {value: '400000', unit: yuan, text: 40万元, source: doc}",
        "      <<: *figures",
        1,
    )
    tail = tail.replace("      doc: {document: 新文件", "      new: {document: 新文件", 1).replace(
        "sources: [doc]", "sources: [new]", 1
    )
    (place / "loan.yml").write_text(
        f"{head}  - effective_from: 2026-01-01\n{tail}", encoding="utf-8"
    )
    with pytest.raises(PolicyErrors) as wrong:
        check_folder(place)
    fault = wrong.value.faults[0]
    assert (fault.line, fault.field) == (11, "figures.max_amount.source")


@pytest.mark.parametrize(
    ("text", "figures"),
    {"最高30万元": ["30万元"], "补85%": ["85%"], "领13个月": ["13个月"], "三年内": ["三年"], "百分之五十": ["百分之五十"], "两次机会": ["两次"],
     "按第十七条办": [], "打12333问": [], "一次性补贴": [], "一般要先登记": [], "15分钟就业服务圈": [], "4050人员": [], "{max}之内": [],
     "见辽人社建〔2025〕21号": []}.items(),
)  # fmt: skip
def test_a_figure_written_out_is_found(text: str, figures: list[str]) -> None:
    assert written_out(text) == figures
