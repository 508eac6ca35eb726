"""Deletions that meet each other, and background work that fails: contract 6.5, 2.6 (its audit trace)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from resellerplan.simpanel.background import Background
from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, Lab

MUELLERS_SPACE, FINSTERS_SPACE, NO_PLAN = 4, 5, 4711
TEXT = "was deadlocked on lock resources with another process and has been chosen as the deadlock victim"


class Held(Background):
    """A worker that works only when a test says so, in order of what is due."""

    def __init__(self) -> None:
        super().__init__(1.0)
        self.jobs: list[tuple[float, int, Callable[[], None]]] = []
        self.pauses: list[float] = []
        self._order = 0

    def submit(self, job: Callable[[], None], pause: float = 0.0) -> None:
        self._order += 1
        self.pauses.append(pause)
        self.jobs.append((pause, self._order, job))

    def work(self) -> None:
        while self.jobs:
            self.jobs.sort(key=lambda due: due[:2])
            self.jobs.pop(0)[2]()


def lab_that_holds(flavour: str, *defects: Defect) -> tuple[Lab, Held]:
    lab, held = Lab(flavour, defects=defects), Held()
    lab.panel.background = held
    return lab, held


def delete_both(lab: Lab) -> None:
    assert lab.call("esPackages.DeletePackage", packageId=MUELLERS_SPACE) == 0
    assert lab.call("esPackages.DeletePackage", "darkweb", packageId=FINSTERS_SPACE) == 0


def spaces(lab: Lab) -> list[int]:
    return [row[0] for row in lab.rows("SELECT package_id FROM packages WHERE package_id IN (4, 5)")]


def failures(lab: Lab) -> list[tuple[str, str, str, int, bool]]:
    rows = lab.rows("SELECT source_name, task_name, item_name, severity_id, execution_log FROM audit_log WHERE severity_id = 2")
    return [(row[0], row[1], row[2], row[3], TEXT in row[4]) for row in rows]


def test_6_5_of_two_deletions_at_once_one_is_done_after_a_pause() -> None:
    for name in (EF, SP):
        lab, held = lab_that_holds(name, Defect.DEADLOCKS)
        with lab:
            delete_both(lab)
            held.work()
            assert held.pauses == [0.0, 0.0, 5.0]
            assert (spaces(lab), failures(lab)) == ([], [])


def test_6_5_without_the_defect_no_deletion_waits() -> None:
    for name in (EF, SP):
        lab, held = lab_that_holds(name)
        with lab:
            delete_both(lab)
            held.work()
            assert held.pauses == [0.0, 0.0]
            assert spaces(lab) == []


def test_6_5_deletions_one_after_the_other_meet_no_deadlock() -> None:
    lab, held = lab_that_holds(SP, Defect.DEADLOCKS)
    with lab:
        lab.call("esPackages.DeletePackage", packageId=MUELLERS_SPACE)
        held.work()
        lab.call("esPackages.DeletePackage", "darkweb", packageId=FINSTERS_SPACE)
        held.work()
        assert held.pauses == [0.0, 0.0]
        assert spaces(lab) == []


def test_6_5_a_deletion_that_loses_every_time_leaves_an_error_and_the_space() -> None:
    lab, held = lab_that_holds(SP, Defect.DEADLOCKS)
    with lab:
        lab.panel.deadlock_pauses = ()
        delete_both(lab)
        held.work()
        assert spaces(lab) == [MUELLERS_SPACE]
        assert failures(lab) == [("SPACE", "DELETE_ITEMS", "Web S", 2, True)]


def test_6_5_the_pauses_are_5_10_15_and_20_seconds() -> None:
    lab, held = lab_that_holds(SP, Defect.DEADLOCKS)
    with lab:
        users = [lab.add_user(f"neu{number}") for number in range(6)]
        for user in users:
            assert lab.call("esUsers.DeleteUser", userId=user) == 0
        held.work()
        assert sorted(set(held.pauses)) == [0.0, 5.0, 10.0, 15.0, 20.0]
        # The first one lost five times, and is still there.
        assert [row[0] for row in lab.rows("SELECT user_id FROM users WHERE username LIKE 'neu%'")] == users[:1]


def second_of_two_calls(lab: Lab) -> str:
    """The fault of a call that deletes while another one is on its way; "" where it has none."""
    first: list[object] = []
    # The first waits for the store, and so is on its way while the second comes.
    thread = threading.Thread(target=lambda: first.append(lab.call("esPackages.DeleteHostingPlan", planId=NO_PLAN)))
    with lab.panel.store.writing():
        thread.start()
        deadline = time.monotonic() + 10
        while not lab.panel.deletions and time.monotonic() < deadline:
            time.sleep(0.005)
        assert lab.panel.deletions == 1
        found = ""
        if lab.panel.flavour.has(Defect.DEADLOCKS):
            found = lab.fault("esPackages.DeleteHostingPlan", planId=NO_PLAN)
    if not found:
        lab.call("esPackages.DeleteHostingPlan", planId=NO_PLAN)
    thread.join(10)
    assert len(first) == 1
    return found


def test_6_5_a_call_that_deletes_while_another_does_is_the_victim_of_a_deadlock() -> None:
    with Lab(SP, defects=[Defect.DEADLOCKS]) as lab:
        assert TEXT in second_of_two_calls(lab)
    with Lab(SP) as lab:
        assert second_of_two_calls(lab) == ""


def test_2_6_background_work_that_fails_is_in_the_audit_log() -> None:
    for name in (EF, SP):
        lab, held = lab_that_holds(name)
        with lab:
            held.fault = f"Transaction {TEXT}."
            delete_both(lab)
            held.work()
            assert spaces(lab) == [MUELLERS_SPACE, FINSTERS_SPACE]
            assert failures(lab) == [("SPACE", "DELETE_ITEMS", "Web S", 2, True), ("SPACE", "DELETE_ITEMS", "Dark S", 2, True)]
            held.fault = None
            delete_both(lab)
            held.work()
            assert spaces(lab) == []
