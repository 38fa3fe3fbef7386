"""`python -m server.jobs.rehearse --pool 7` or `--file parameters.csv --length 30 --tiers basic=10,medium=12,raised=8`.

Simulated candidates sit the test: a summary is printed, a folder gets report.json, charts and a page. Exit code 1
when a simulated test broke the blueprint, 2 when there is nothing to rehearse.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from irt.assembly import Shortage
from irt.exposure import Control
from irt.exposure import Method as Exposure
from irt.selection import Criterion, Rule
from irt.simulate import Design, Method, Normal, counted_tests, thetas_of
from itembank.blueprints.spec import Bounds, Spec
from itembank.rehearsals.figures import overview
from itembank.rehearsals.report import Crowd, Cut, Findings, as_json
from itembank.rehearsals.source import Source
from server.core import i18n
from server.core.errors import CatError
from server.core.i18n import _
from server.core.regulation import editions
from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery import service
from server.grading.rules import GradeCutsRule
from server.jobs.rehearse.page import as_text, write
from server.jobs.rehearse.progress import Bar
from server.jobs.rehearse.source import Plan, Unusable, from_file, from_pool
from server.web.config import Config, Misconfigured
from server.web.messages import sentence


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = parser().parse_args(arguments)
    with i18n.speaking(options.language):
        try:
            cuts, source = _cuts(options), _source(options)
            if source.shortages:
                raise Unusable("\n".join(map(in_words, source.shortages)))
            _check_counting(options, source.spec)
            options.out.mkdir(parents=True, exist_ok=True)
            findings = rehearse(source, cuts, options)
            print(as_text(overview(as_json(findings), source.title)))
            for path in write(findings, options.out):
                print(path)
            if options.begin_counting:
                begin_counting(options, findings)
        except CatError as error:
            print(sentence(error.code, error.facts), file=sys.stderr)
            return 2
        except (Unusable, Misconfigured) as error:
            print(error, file=sys.stderr)
            return 2
        except OSError as error:
            reason = error.strerror or error
            print(_("%(path)s cannot be written: %(reason)s", path=options.out, reason=reason), file=sys.stderr)
            return 2
    return 1 if findings.summary.n_violating else 0


def rehearse(source: Source, cuts: Sequence[Cut], options: argparse.Namespace) -> Findings:
    """The findings of one simulation; what the options leave open is as in the blueprint."""
    spec = source.spec
    design = Design(
        source.items,
        source.constraints,
        Rule(options.rule or spec.rule.criterion, options.randomesque or spec.rule.randomesque),
        grid=spec.grid,
        stopping=None if spec.early_end is None else spec.early_end.rule(spec.length, source.reference),
        exposure=_control(options, spec.exposure),
        batch=options.batch or max(1, options.candidates // 50),
        method=options.method or spec.method,
    )
    thetas = thetas_of(options.population, options.candidates, options.seed)
    simulation, counters = counted_tests(design, thetas, options.seed, Bar())
    findings = Findings.of(source, design, simulation, cuts, Crowd(options.population, options.seed))
    return replace(findings, counters=counters)


def begin_counting(options: argparse.Namespace, findings: Findings) -> None:
    """The pool's counters begin with the simulated candidates; Unusable where real ones have been counted."""
    platform = Config.from_env().make_platform()
    try:
        with open_work(platform, SYSTEM) as work:
            if findings.counters is None or not service.begin_counting(work, options.pool, findings.counters):
                raise Unusable(_("Candidates have been counted in pool %(id)s already: its counters stay as they are.",
                                 id=options.pool))  # fmt: skip
    finally:
        platform.database.close()


def _check_counting(options: argparse.Namespace, spec: Spec) -> None:
    """Counters of another rule than the blueprint's would mislead it."""
    own = (options.exposure, options.method, options.rule, options.randomesque) == (None,) * 4
    if options.begin_counting and not (own and options.pool is not None and spec.exposure is not None):
        reason = _("Counters begin only for a pool whose blueprint controls exposure, rehearsed by its own rules.")
        raise Unusable(reason)


def _control(options: argparse.Namespace, own: Control | None) -> Control | None:
    if options.exposure is None:
        return own
    if options.exposure == "none":
        return None
    return Control(options.exposure, options.r_max, options.acceleration)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    new = argparse.ArgumentParser(prog="python -m server.jobs.rehearse", description=__doc__)
    from_where = new.add_mutually_exclusive_group(required=True)
    from_where.add_argument("--pool", type=int, help="a published pool of the database that the SYNAK_ variables name")
    from_where.add_argument(
        "--file", type=Path, help="CSV: a, b, c, optional d, code, family, and tier, area"
    )
    blueprint = new.add_argument_group("blueprint, with --file (a pool has its own)")
    blueprint.add_argument("--length", type=at_least(1), default=30, help="items in a test; 30 unless told")
    blueprint.add_argument(
        "--tiers", type=bounds, default={}, help="basic=10,raised=5-8: exactly, or from-to"
    )
    blueprint.add_argument("--areas", type=bounds, default={}, help="as --tiers")
    blueprint.add_argument("--reference", type=at_least(1), default=60, help="items of the reference form")
    rules = new.add_argument_group("rules")
    rules.add_argument("--rule", choices=get_args(Criterion), help="what the next item is chosen by")
    rules.add_argument("--method", choices=get_args(Method),
                       help="from shadow tests, or from all items that leave a legal test possible")  # fmt: skip
    rules.add_argument("--randomesque", type=at_least(1), help="one of so many best items is drawn")
    rules.add_argument("--exposure", choices=("none", *get_args(Exposure)),
                       help="how exposure is held down; as in the blueprint unless told")  # fmt: skip
    rules.add_argument("--r-max", type=share, default=0.25, help="highest exposure wanted, a part of one")
    rules.add_argument("--acceleration", type=not_negative, default=1.0, help="of progressive_restricted")
    rules.add_argument("--batch", type=at_least(1),
                       help="candidates who sit the test at the same time; a fiftieth unless told")  # fmt: skip
    rules.add_argument("--begin-counting", action="store_true",
                       help="with --pool: its exposure counters begin with these candidates")  # fmt: skip
    crowd = new.add_argument_group("candidates")
    crowd.add_argument("--candidates", type=at_least(1), default=2000, help="how many; 2000 unless told")
    crowd.add_argument("--population", type=parts, default=(Normal(),),
                       help="mean:sd[:share], several with commas; =-1:1 where a minus is first")  # fmt: skip
    crowd.add_argument("--seed", type=at_least(0), default=1, help="the same seed, the same rehearsal")
    report = new.add_argument_group("report")
    report.add_argument("--edition", help="code-version of the regulation whose grades are given")
    report.add_argument(
        "--cuts", type=percents, help="least percents of the grades instead, the lowest a pass"
    )
    report.add_argument("--out", type=Path, default=Path("rehearsal"), help="folder of the report")
    report.add_argument("--language", choices=i18n.LANGUAGES, default=i18n.DEFAULT, help="of the report")
    return new


def bounds(text: str) -> Bounds:
    """`basic=10,raised=5-8` as names with their least and most."""
    found = {}
    for each in text.split(","):
        name, equals, span = each.partition("=")
        low, dash, high = span.partition("-")
        if not (name and equals):
            raise argparse.ArgumentTypeError(f"{each!r} is not name=number or name=from-to")
        least, most = _whole(low), _whole(high if dash else low)
        if least > most:
            raise argparse.ArgumentTypeError(f"{each!r}: the least is above the most")
        found[name.strip()] = (least, most)
    return found


def parts(text: str) -> tuple[Normal, ...]:
    """`-1:.5:1,1:1:3` as a mixture of normal distributions."""
    try:
        return tuple(Normal(*map(float, each.split(":"))) for each in text.split(","))
    except (TypeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error


def percents(text: str) -> tuple[float, ...]:
    """`50,60,75` as increasing percents."""
    try:
        found = tuple(float(each) for each in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
    if list(found) != sorted(set(found)) or not all(0 <= cut <= 100 for cut in found):
        raise argparse.ArgumentTypeError(f"{text!r}: percents from 0 to 100 must increase")
    return found


def at_least(least: int) -> Callable[[str], int]:
    """Reads a whole number that is not below `least`."""

    def read(text: str) -> int:
        number = _whole(text)
        if number < least:
            raise argparse.ArgumentTypeError(f"{text!r} is below {least}")
        return number

    return read


def share(text: str) -> float:
    """`.25` as a part of one, above 0."""
    if not 0 < (found := _finite(text)) <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} does not lie in (0, 1]")
    return found


def not_negative(text: str) -> float:
    """A finite number from 0 on."""
    if (found := _finite(text)) < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is negative")
    return found


def in_words(shortage: Shortage) -> str:
    """Why no legal test exists."""
    names = ", ".join(shortage.quotas)
    if not names:
        return _("The pool lacks %(missing)s items for a test of this blueprint.", missing=shortage.missing)
    return _("The blueprint cannot be met: %(names)s lack %(missing)s items.", names=names,
             missing=shortage.missing)  # fmt: skip


def _whole(text: str) -> int:
    if not text.strip().isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _finite(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return found


def _source(options: argparse.Namespace) -> Source:
    if options.file is not None:
        rule = Rule(options.rule or "information", options.randomesque or 1)
        plan = Plan(length=options.length, tiers=options.tiers, areas=options.areas, rule=rule,
                    reference_length=options.reference)  # fmt: skip
        return from_file(options.file, plan)
    platform = Config.from_env().make_platform()
    try:
        return from_pool(platform, options.pool)
    finally:
        platform.database.close()


def _cuts(options: argparse.Namespace) -> list[Cut]:
    """The cuts asked for, else those of the edition named, else of the newest that is law."""
    if options.cuts:
        return [Cut(percent, f"{percent:g} %") for percent in options.cuts]
    known = {f"{each.code}-{each.version}": each for each in editions()}
    in_force = [name for name, each in known.items() if not each.fictitious]
    edition = known.get(options.edition or in_force[-1])
    if edition is None:
        raise Unusable(_("No such edition: %(name)s. There are %(names)s.", name=options.edition,
                         names=", ".join(known)))  # fmt: skip
    (rule,) = edition.all_of(GradeCutsRule)
    bands = [band for band in rule.grades if band.min_percent > 0]
    return [Cut(float(band.min_percent), band.title(i18n.language())) for band in bands]


if __name__ == "__main__":
    sys.exit(main())
