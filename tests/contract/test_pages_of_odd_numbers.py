"""Pages of users and records by numbers below zero: contract 2.2, 2.6."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB = 2
EVERY = (EF, SP, SP2)


def page(lab: Lab, call: str = "GetUsersPaged", **given: Any) -> tuple[int, list[str]]:
    found = lab.call(f"esUsers.{call}", parameters={"userId": BRIGHTWEB, "maximumRows": 9, "sortColumn": "Username"} | given)
    return lab.table(found)[0]["column1"], [row["username"] for row in lab.table(found, 1)]


def records(lab: Lab, start: int, maximum: int) -> list[str]:
    given = {
        "userId": BRIGHTWEB,
        "startDate": datetime(2000, 1, 1),
        "endDate": datetime(2100, 1, 1),
        "severityId": -1,
        "taskName": "ADD",
        "startRow": start,
        "maximumRows": maximum,
    }
    return [row["itemname"] for row in lab.table(lab.call("esAuditLog.GetAuditLogRecordsPaged", parameters=given), 1)]


@checks("get_users_paged.negative_is_none", *EVERY)
def test_2_2_a_status_or_role_below_zero_fits_nobody(lab: Lab) -> None:
    for call in ("GetUsersPaged", "GetUsersPagedRecursive"):
        assert page(lab, call) == (2, ["mueller", "schmidt"])
        assert page(lab, call, statusId=-1) == page(lab, call, roleId=-3) == (0, [])
        assert page(lab, call, statusId=1, roleId=3) == (2, ["mueller", "schmidt"])


@checks("paging.negative_numbers", *EVERY)
def test_2_2_pages_of_numbers_below_zero(lab: Lab) -> None:
    for name in "ab":
        lab.add_user(name)
    if lab.panel.flavour.logic == "ef":
        assert page(lab, maximumRows=-1)[1] == ["a", "b", "mueller", "schmidt"]
        assert page(lab, maximumRows=0)[1] == []
        assert records(lab, -5, 1) == ["b"]
    else:
        assert page(lab, maximumRows=-1)[1] == []
        assert records(lab, -1, 2) == ["b"]
        assert records(lab, -2, 2) == []
    assert records(lab, 0, 2) == ["b", "a"]
