"""The rehearsal command: what it reads, what it refuses and why, what it writes, and that it is the same again."""

from __future__ import annotations

import dataclasses
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from irt.assembly import Shortage
from irt.exposure import Control
from irt.selection import Rule
from itembank.blueprints.limits import EarlyEnd
from itembank.rehearsals.report import Cut, Findings
from server.core import i18n
from server.core.regulation import load_edition
from server.core.work import Platform
from server.grading.rules import GradeCutsRule
from server.jobs.rehearse import __main__ as command
from server.jobs.rehearse.progress import Bar
from server.jobs.rehearse.source import Plan, Unusable, from_file

SVG = "{http://www.w3.org/2000/svg}"
N_ITEMS, LENGTH, PERSONS = 90, 6, 120
BLUEPRINT = ("--length", str(LENGTH), "--tiers", "basic=2,medium=2-3,raised=1-2", "--areas", "p=2-4,q=2-4")


@pytest.fixture
def parameters(tmp_path: Path) -> Path:
    rng = np.random.default_rng(4)
    b = rng.normal(size=N_ITEMS)
    rows = [
        f"I{n},{rng.uniform(0.6, 2):.3f},{b[n]:.3f},0.2,"
        f"{('basic', 'medium', 'raised')[int(np.digitize(b[n], [-0.5, 0.5]))]},{'pq'[n % 2]}"
        for n in range(N_ITEMS)
    ]
    path = tmp_path / "parameters.csv"
    path.write_text("\n".join(["code,a,b,c,tier,area", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def rehearse(parameters: Path, tmp_path: Path) -> Callable[..., int]:
    def run(*more: str, out: str = "out") -> int:
        given_to = ("--file", str(parameters), "--candidates", str(PERSONS), "--language", "en")
        return command.main([*given_to, *more, "--out", str(tmp_path / out)])

    return run


def report(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "report.json").read_text("utf-8"))
    return found


def test_the_same_seed_gives_the_same_files_and_another_seed_others(
    rehearse: Callable[..., int], tmp_path: Path
) -> None:
    assert rehearse(*BLUEPRINT, "--seed", "5", out="one") == 0
    assert rehearse(*BLUEPRINT, "--seed", "5", out="two") == 0
    assert rehearse(*BLUEPRINT, "--seed", "6", out="three") == 0
    names = {path.name for path in (tmp_path / "one").iterdir()}
    charts = {"precision.svg", "exposure.svg", "spread.svg", "length.svg", "grades.svg"}
    assert names == {"report.json", "index.html", *charts}
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert report(tmp_path / "one")["precision"] != report(tmp_path / "three")["precision"]


def test_the_report_says_what_happened(
    rehearse: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(*BLUEPRINT, "--exposure", "eligibility", "--r-max", "0.3") == 0
    found = report(tmp_path / "out")
    assert found["violations"] == {"tests": 0, "constraints": 0}
    assert found["precision"]["n"] == PERSONS  # type: ignore[index]
    assert found["length"] == {"shortest": LENGTH, "longest": LENGTH}
    assert found["design"]["exposure"]["r_max"] == 0.3  # type: ignore[index]
    rates = [rate for _, rate in found["exposure"]["items"]]  # type: ignore[index]
    assert len(rates) == N_ITEMS
    assert sum(rates) == pytest.approx(LENGTH)
    assert sum(map(sum, found["grades"]["counts"])) == PERSONS  # type: ignore[index]
    assert sum(band["n"] for band in found["by_percent"]) == PERSONS  # type: ignore[index, attr-defined]
    out = capsys.readouterr().out
    assert "Simulated candidates" in out
    assert "█" not in out  # the bar, if the machine is slow enough for one, is on stderr


def test_grades_are_cut_as_the_edition_says(rehearse: Callable[..., int], tmp_path: Path) -> None:
    (rule,) = load_edition("zz-trial", "2030").all_of(GradeCutsRule)
    expected = sorted(float(band.min_percent) for band in rule.grades if band.min_percent > 0)
    assert rehearse("--edition", "zz-trial-2030") == 0
    assert report(tmp_path / "out")["grades"]["cuts"] == expected  # type: ignore[index]
    assert rehearse("--cuts", "40,80") == 0
    assert report(tmp_path / "out")["grades"]["cuts"] == [40, 80]  # type: ignore[index]


def test_every_chart_is_named_described_and_has_its_table(
    rehearse: Callable[..., int], tmp_path: Path
) -> None:
    assert rehearse() == 0
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    HTMLParser().feed(page)
    assert page.count("<table") == page.count("<svg ") + 4  # and the conditions, the overview, the cuts, the quotas
    for path in (tmp_path / "out").glob("*.svg"):
        root = ET.fromstring(path.read_text("utf-8"))
        assert root.get("role") == "img"
        labelled = root.get("aria-labelledby", "").split()
        ids = {
            each.get("id") for each in (root.find(f"{SVG}title"), root.find(f"{SVG}desc")) if each is not None
        }
        assert set(labelled) == ids
        assert "prefers-color-scheme: dark" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--length", "6", "--tiers", "basic=7,raised=0"), "basic"),
        (("--length", "91"), "lacks 1 items"),
        (("--tiers", "basic=2,hard=3"), "no item has the tier hard"),
        (("--edition", "nowhere-1900"), "No such edition"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_with_the_reason(
    more: tuple[str, ...], said: str, rehearse: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse(*more) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [
    ("--candidates", "0"), ("--seed", "-1"), ("--batch", "0"), ("--randomesque", "0"), ("--length", "x"),
    ("--r-max", "1.5"), ("--r-max", "nan"), ("--acceleration", "-1"), ("--tiers", "basic=3-2"),
])  # fmt: skip
def test_a_number_out_of_range_is_refused_before_anything_is_done(
    wrong: tuple[str, str], rehearse: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        rehearse(*wrong)
    assert wrong[0] in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_can_be_known_before_is_refused_before_anybody_sits_the_test(
    rehearse: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(command, "counted_tests", lambda *_args: pytest.fail("simulated in vain"))
    assert rehearse("--edition", "nowhere-1900") == 2
    (tmp_path / "out").write_text("a file where the folder should be")
    assert rehearse() == 2
    assert "cannot be written" in capsys.readouterr().err
    monkeypatch.delenv("SYNAK_DATABASE_URL", raising=False)
    assert command.main(["--pool", "1", "--language", "en"]) == 2
    assert "SYNAK_DATABASE_URL" in capsys.readouterr().err


def test_a_pool_that_is_not_there_is_named_in_the_readers_language(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = SimpleNamespace(make_platform=lambda: platform)
    monkeypatch.setattr(command, "Config", SimpleNamespace(from_env=lambda: config))
    for language, said in (("ky", "№99 топтом жок"), ("ru", "Набора № 99 нет"), ("en", "no pool 99")):
        assert command.main(["--pool", "99", "--language", language]) == 2
        assert said in capsys.readouterr().err


def test_the_page_says_what_was_rehearsed(rehearse: Callable[..., int], tmp_path: Path) -> None:
    assert rehearse("--population=-1:1:1,1:0.5:3", "--exposure", "restricted", "--r-max", "0.4", "--cuts", "45,70",
                    "--rule", "posterior_weighted", "--randomesque", "3") == 0  # fmt: skip
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    for words in ("One of the 3 most informative items", "averaged over the posterior", "restricted, at most 40.0 %",
                  "25.0 % N(−1.0; 1.0) + 75.0 % N(1.0; 0.5)", "70 %"):  # fmt: skip
        assert words in page, words
    assert report(tmp_path / "out")["population"] == [
        {"mean": -1, "sd": 1, "share": 1}, {"mean": 1, "sd": 0.5, "share": 3},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no items"),
        ("a,b\n1,0\n", "no column c"),
        ("a,b,c\n1,zero,0\n", "Line 2, column b: “zero”"),
        ("a,b,c\n1,0\n", "column c: “”"),
        ("a,b,c\n-1,0,0\n", "a must be positive"),
        ("a,b,c\n1,nan,0\n", "b must be finite"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text, encoding="utf-8")
    with i18n.speaking("en"), pytest.raises(Unusable, match=said):
        from_file(path, Plan(length=1, tiers={}, areas={}, rule=Rule(), reference_length=5))


def test_columns_are_read_by_name_and_families_are_enemies(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("area,family,b,a,d,c,tier\n" + "p,F,0.5,1.2,0.95,0.1,x\n" * 2 + "q,,1,1,1,0,y\n", "utf-8")
    found = from_file(path, Plan(length=2, tiers={"x": (1, 1)}, areas={}, rule=Rule(), reference_length=5))
    assert (found.items.a.tolist(), found.items.d.tolist()) == ([1.2, 1.2, 1.0], [0.95, 0.95, 1.0])
    assert [group.tolist() for group in found.constraints.enemies] == [[0, 1]]
    assert found.codes == ("1", "2", "3")
    assert not found.shortages


@pytest.mark.parametrize("text", ["basic", "basic=", "=3", "basic=3-", "basic=x", "basic=1,,"])
def test_bounds_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(command.argparse.ArgumentTypeError):
        command.bounds(text)


def test_the_command_line_is_read() -> None:
    assert command.bounds("basic=10, raised=5-8") == {"basic": (10, 10), "raised": (5, 8)}
    mixture = command.parts("-1:.5:1,1:1:3")
    assert [(part.mean, part.sd, part.share) for part in mixture] == [(-1, 0.5, 1), (1, 1, 3)]
    for text in ("60,50", "50,101", "x"):
        with pytest.raises(command.argparse.ArgumentTypeError):
            command.percents(text)
    with pytest.raises(command.argparse.ArgumentTypeError):
        command.parts("0:-1")


def test_a_shortage_of_the_length_and_one_of_quotas_are_told_apart() -> None:
    with i18n.speaking("en"):
        assert "basic, raised lack 3" in command.in_words(Shortage("combination", ("basic", "raised"), 3))
        assert "lacks 4 items" in command.in_words(Shortage("too_few_items", (), 4))


def test_the_bar_is_silent_for_two_seconds_and_ends_with_the_last() -> None:
    out, now = io.StringIO(), [0.0]
    bar = Bar(out, lambda: now[0])
    told = []
    for done in range(1, 101):
        now[0] = done * 0.1
        bar(done, 100)
        told.append(bool(out.getvalue()))
    assert told.index(True) == 19  # after two seconds
    lines = out.getvalue().splitlines()
    assert 3 <= len(lines) <= 7
    assert "100 / 100" in lines[-1]


def test_short_work_shows_no_bar() -> None:
    out = io.StringIO()
    bar = Bar(out, lambda: 0.5)
    bar(50, 100)
    bar(100, 100)
    assert out.getvalue() == ""


def test_the_blueprints_own_exposure_control_and_early_end_are_rehearsed(parameters: Path) -> None:
    own = Control("restricted", 0.4)
    source = from_file(parameters, Plan(length=8, tiers={}, areas={}, rule=Rule(), reference_length=20))
    spec = dataclasses.replace(source.spec, exposure=own, early_end=EarlyEnd(minimum=3, se=0.6))
    source = dataclasses.replace(source, spec=spec)

    def tried(*more: str) -> Findings:
        options = command.parser().parse_args(["--file", "-", "--candidates", "100", *more])
        return command.rehearse(source, [Cut(50, "pass")], options)

    found = tried()
    assert found.design.exposure == own
    assert 3 <= found.summary.shortest < found.summary.longest <= 8
    assert tried("--exposure", "none").design.exposure is None
    assert tried("--exposure", "eligibility", "--r-max", "0.3").design.exposure == Control("eligibility", 0.3)


@pytest.mark.parametrize("more", [(), ("--exposure", "none"), ("--method", "shadow"), ("--randomesque", "3")])
def test_counters_begin_only_with_the_pools_own_rules(
    rehearse: Callable[..., int], more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse("--begin-counting", *more) == 2
    assert "rehearsed by its own rules" in capsys.readouterr().err
