"""The frontier: who may start, who waits, who is skipped because of whom."""

from __future__ import annotations

from resellerplan.applying.frontier import Frontier, Skip
from resellerplan.applying.outcome import StepKind
from resellerplan.applying.step import Step
from resellerplan.applying.writes import CreateCustomer, SendLetter
from resellerplan.model.address import Address
from resellerplan.planning.change import Action
from tests.support.estates import customer


def step(name: str, *, parallel: bool = False, needs: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> Step:
    address = Address.customer(name)
    return Step(
        name=name,
        address=address,
        target=address,
        kind=StepKind.CREATE,
        action=Action.CREATE,
        work=CreateCustomer(customer(name)) if parallel else SendLetter(),
        needs=needs,
        after=after,
    )


def started(frontier: Frontier, parallelism: int = 4) -> list[str]:
    return [one.name for one in frontier.start(parallelism)]


def test_creations_of_customers_run_together_and_everything_else_alone() -> None:
    frontier = Frontier([step("a", parallel=True), step("b", parallel=True), step("plan"), step("c", parallel=True)])
    assert started(frontier) == ["a", "b"]
    assert started(frontier) == []
    one, two = frontier.running
    frontier.finish(one, good=True)
    assert started(frontier) == []
    frontier.finish(two, good=True)
    assert started(frontier) == ["plan"]
    assert started(frontier) == []
    frontier.finish(frontier.running[0], good=True)
    assert started(frontier) == ["c"]


def test_no_more_run_together_than_allowed() -> None:
    frontier = Frontier([step(str(number), parallel=True) for number in range(5)])
    assert len(started(frontier, 3)) == 3
    assert started(frontier, 1) == []
    assert len(frontier.left) == 2
    assert not frontier.over


def test_what_waits_is_passed_over_until_its_time() -> None:
    frontier = Frontier([step("late", needs=("early",)), step("early")])
    assert started(frontier) == ["early"]
    assert frontier.finish(frontier.running[0], good=True) == ()
    assert started(frontier) == ["late"]
    frontier.finish(frontier.running[0], good=True)
    assert frontier.over


def test_what_needs_a_step_that_went_wrong_is_skipped_with_the_first_cause() -> None:
    first, second = step("b", needs=("a",)), step("c", needs=("b",))
    frontier = Frontier([step("a"), first, second, step("free")])
    (failed,) = frontier.start(1)
    assert frontier.finish(failed, good=False) == (Skip(first, failed.address), Skip(second, failed.address))
    assert started(frontier) == ["free"]


def test_what_only_comes_after_a_step_does_not_care_how_it_ended() -> None:
    frontier = Frontier([step("a"), step("b", after=("a",))])
    (failed,) = frontier.start(1)
    assert frontier.finish(failed, good=False) == ()
    assert started(frontier) == ["b"]


def test_a_step_that_depends_twice_is_skipped_once() -> None:
    both = step("d", needs=("b", "c"))
    frontier = Frontier([step("a"), step("b", needs=("a",)), step("c", needs=("a",)), both])
    (failed,) = frontier.start(1)
    assert [skip.step.name for skip in frontier.finish(failed, good=False)] == ["b", "c", "d"]
    assert frontier.over


def test_a_need_that_is_not_in_the_run_is_taken_for_granted() -> None:
    assert started(Frontier([step("a", needs=("elsewhere",))])) == ["a"]


def test_a_step_that_is_given_up_takes_its_dependents_along() -> None:
    blocked = step("a")
    frontier = Frontier([blocked, step("b", needs=("a",)), step("c")])
    assert [skip.step.name for skip in frontier.give_up(blocked)] == ["b"]
    assert [one.name for one in frontier.drain()] == ["c"]
    assert frontier.over
