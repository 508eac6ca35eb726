"""Calls that the real panel has and this one does not answer: a fault that names the call, never an invented success (2.6, 7.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from resellerplan.simpanel.flavours import FLAVOURS
from tests.contract.lab import SP, Lab, checks

SCHEDULER = sorted(set(FLAVOURS[SP].catalogue().services["esScheduler"].operations) - {"GetSchedulerTime"})


@checks("scheduler.server_time", SP)
def test_7_2_the_scheduler_tells_the_servers_time(lab: Lab) -> None:
    found = lab.call("esScheduler.GetSchedulerTime", "serveradmin")
    assert abs(found - lab.panel.clock.now()) < timedelta(minutes=1)
    assert found > datetime(2020, 1, 1)


@pytest.mark.parametrize("operation", SCHEDULER)
def test_7_2_what_is_not_known_of_the_scheduler_is_said_by_name(operation: str) -> None:
    with Lab(SP) as lab:
        before = [tuple(row) for row in lab.rows("SELECT * FROM schedules")]
        assert f"esScheduler.{operation} is a call of the real panel" in lab.fault(f"esScheduler.{operation}", "serveradmin")
        assert [tuple(row) for row in lab.rows("SELECT * FROM schedules")] == before
        assert len(before) == 2
