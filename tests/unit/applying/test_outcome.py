"""The report of a run: each object counts once by what became of it; letters apart."""

from __future__ import annotations

import pytest

from resellerplan.applying.outcome import ApplyCounts, ApplyReport, Outcome, Result, StepKind
from resellerplan.model.address import Address
from resellerplan.planning.change import Action
from tests.support.estates import NOW

MUELLER = Address.customer("mueller")


def outcome(kind: StepKind, result: Result, action: Action = Action.UPDATE, address: Address = MUELLER) -> Outcome:
    return Outcome(step=f"{address}#{kind}", address=address, kind=kind, action=action, result=result)


def report(*outcomes: Outcome, interrupted: bool = False) -> ApplyReport:
    return ApplyReport(outcomes=outcomes, started=NOW, seconds=1.0, interrupted=interrupted)


@pytest.mark.parametrize(
    ("outcomes", "counts"),
    [
        ([outcome(StepKind.CREATE, Result.DONE, Action.CREATE)], ApplyCounts(added=1)),
        ([outcome(StepKind.UPDATE, Result.ALREADY_DONE)], ApplyCounts(already=1)),
        ([outcome(StepKind.CREATE, Result.ALREADY_DONE, Action.CREATE)], ApplyCounts(already=1)),
        ([outcome(StepKind.DELETE, Result.ALREADY_DONE, Action.DELETE)], ApplyCounts(already=1)),
        ([outcome(StepKind.UPDATE, Result.ALREADY_DONE), outcome(StepKind.STATUS, Result.DONE)], ApplyCounts(changed=1)),
        (
            [outcome(StepKind.CREATE, Result.ALREADY_DONE, Action.CREATE), outcome(StepKind.STATUS, Result.DONE, Action.CREATE)],
            ApplyCounts(changed=1),
        ),
        ([outcome(StepKind.UPDATE, Result.ALREADY_DONE), outcome(StepKind.STATUS, Result.FAILED)], ApplyCounts(failed=1)),
        ([outcome(StepKind.DELETE, Result.DONE, Action.DELETE)], ApplyCounts(destroyed=1)),
        ([outcome(StepKind.DELETE, Result.CONDITION, Action.DELETE)], ApplyCounts(skipped=1)),
        ([outcome(StepKind.UPDATE, Result.DONE), outcome(StepKind.STATUS, Result.FAILED)], ApplyCounts(failed=1)),
        (
            [outcome(StepKind.CREATE, Result.DONE, Action.CREATE), outcome(StepKind.STATUS, Result.FAILED, Action.CREATE)],
            ApplyCounts(added=1, failed=1),
        ),
        (
            [outcome(StepKind.UPDATE, Result.SKIPPED), outcome(StepKind.STATUS, Result.UNKNOWN)],
            ApplyCounts(unknown=1),
        ),
        (
            [outcome(StepKind.CREATE, Result.DONE, Action.CREATE), outcome(StepKind.LETTER, Result.DONE, Action.CREATE)],
            ApplyCounts(added=1, letters_sent=1),
        ),
        ([outcome(StepKind.LETTER, Result.NOT_SENT, Action.CREATE)], ApplyCounts()),
        ([outcome(StepKind.UPDATE, Result.MOVED)], ApplyCounts(moved=1)),
        ([outcome(StepKind.UPDATE, Result.INTERRUPTED)], ApplyCounts(interrupted=1)),
    ],
)
def test_an_object_counts_by_its_worst_result(outcomes: list[Outcome], counts: ApplyCounts) -> None:
    assert report(*outcomes).counts == counts


def test_a_report_is_good_only_if_everything_is_so_now() -> None:
    assert report().good
    assert report(outcome(StepKind.LETTER, Result.NOT_SENT)).good
    assert not report(outcome(StepKind.UPDATE, Result.MOVED)).good
    assert not report(interrupted=True).good


def test_outcomes_are_found_by_object_and_by_result() -> None:
    one = outcome(StepKind.UPDATE, Result.DONE)
    two = outcome(StepKind.UPDATE, Result.FAILED, address=Address.customer("b"))
    both = report(one, two)
    assert both.of(MUELLER) == (one,)
    assert both.with_result(Result.FAILED, Result.UNKNOWN) == (two,)


def test_only_what_is_so_now_is_good() -> None:
    assert {result for result in Result if result.good} == {Result.DONE, Result.ALREADY_DONE, Result.NOT_SENT}
