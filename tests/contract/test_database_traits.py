"""What the database below a panel shows on the wire, switched one by one: real panel report 12.

Each trait is seen with its switch and is not there without it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from resellerplan.simpanel.asking import Asker
from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.flavours import Defect
from resellerplan.simpanel.wire import Credentials, ServiceFault
from resellerplan.simpanel.wsgi import make_app
from tests.contract.lab import EF, PASSWORD, SP, Lab

MUELLER, SCHMIDT = 4, 5


def names_are_blind(lab: Lab) -> bool:
    return bool(lab.call("esUsers.UserExists", username="MUELLER "))


def a_new_name_is_compared_blindly(lab: Lab) -> bool:
    return bool(lab.add_user("Mueller") == -100)


def first_name_stored(lab: Lab, first_name: str) -> str | None:
    user = lab.add_user("neu", FirstName=first_name)
    found: str = lab.value("SELECT first_name FROM users WHERE user_id = ?", user)
    return found


def long_text_is_cut(lab: Lab) -> bool:
    return first_name_stored(lab, "ä" * 60) == "ä" * 50


def long_text_faults(lab: Lab) -> bool:
    try:
        lab.add_user("neu", FirstName="ä" * 51)
    except ServiceFault as fault:
        stored = lab.value("SELECT 1 FROM users WHERE username = 'neu'")
        return "22001: value too long for type character varying(50)" in str(fault) and stored is None
    return False


def prices(lab: Lab) -> list[str]:
    shown = []
    for price in ("4.9", "0", "12.5"):
        plan = lab.record(
            "HostingPlanInfo", UserId=2, PackageId=2, PlanName=price, SetupPrice=Decimal(price), Groups=[], Quotas=[]
        )
        plan_id = lab.call("esPackages.AddHostingPlan", plan=plan)
        shown.append(format(lab.call("esPackages.GetHostingPlan", planId=plan_id)["SetupPrice"], "f"))
    return shown


def prices_have_four_decimals(lab: Lab) -> bool:
    return prices(lab) == ["4.9000", "0.0000", "12.5000"]


def prices_have_29_digits(lab: Lab) -> bool:
    found = prices(lab)
    return [len(text.replace(".", "")) for text in found] == [29, 29, 29] and [Decimal(t) for t in found] == [
        Decimal("4.9"),
        Decimal(0),
        Decimal("12.5"),
    ]


def an_updated_row_goes_to_the_end(lab: Lab) -> bool:
    def listed() -> list[list[int]]:
        typed = [user["UserId"] for user in lab.call("esUsers.GetUsers", ownerId=2, recursive=True)]
        raw = [row["userid"] for row in lab.table(lab.call("esUsers.GetRawUsers", ownerId=2, recursive=True))]
        page = {"filterColumn": "", "filterValue": "", "sortColumn": "", "startRow": 0, "maximumRows": 100}
        paged = lab.call("esUsers.GetUsersPaged", userId=2, statusId=0, roleId=0, parameters=page)
        return [typed, raw, [row["userid"] for row in lab.table(paged, 1)]]

    assert listed() == [[MUELLER, SCHMIDT]] * 3
    user = lab.call("esUsers.GetUserById", userId=MUELLER)
    assert lab.call("esUsers.UpdateUser", user=user) == 0
    return listed() == [[SCHMIDT, MUELLER]] * 3


def typed_dates_carry_an_offset(lab: Lab) -> bool:
    app, asker = make_app(lab.panel), Asker(lab.flavour)
    asked = asker.request("esUsers", "GetUserById", {"userId": MUELLER}, Credentials("brightweb", PASSWORD, "header"))
    headers = {name.lower(): value for name, value in asked.headers.items()}
    reply = app.answer(Request("POST", asked.path, headers=headers, body=asked.body))
    body = b"".join(reply.blocks).decode()
    created = body.partition("created>")[2].partition("<")[0]
    assert reply.status == 200
    assert created.startswith("20")
    return created.endswith("+00:00")


def the_reader_is_in_use(lab: Lab) -> bool:
    try:
        lab.call("esUsers.GetUserByUsername", username="mueller")
    except ServiceFault:
        return True
    return False


TRAITS: list[tuple[Defect, Callable[[Lab], bool]]] = [
    (Defect.USER_NAME_COLLATION, names_are_blind),
    (Defect.USER_NAME_COLLATION, a_new_name_is_compared_blindly),
    (Defect.OVER_LONG_CUT, long_text_is_cut),
    (Defect.OVER_LONG_FAULT, long_text_faults),
    (Defect.MONEY_SCALE, prices_have_four_decimals),
    (Defect.MONEY_SCALE_LONG, prices_have_29_digits),
    (Defect.ROW_ORDER, an_updated_row_goes_to_the_end),
    (Defect.DATE_OFFSET, typed_dates_carry_an_offset),
    (Defect.READER_IN_USE_FAULT, the_reader_is_in_use),
]
BY_NAME = pytest.mark.parametrize(("defect", "shown"), TRAITS, ids=[shown.__name__ for _, shown in TRAITS])


@BY_NAME
def test_12_a_trait_shows_with_its_switch(defect: Defect, shown: Callable[[Lab], bool]) -> None:
    with Lab(EF, defects=[defect]) as lab:
        assert shown(lab)


@BY_NAME
def test_12_a_trait_does_not_show_without_its_switch(defect: Defect, shown: Callable[[Lab], bool]) -> None:
    with Lab(EF) as lab:
        assert not shown(lab)


@pytest.mark.parametrize(
    ("defect", "shown"),
    [
        (Defect.USER_NAME_COLLATION, names_are_blind),
        (Defect.OVER_LONG_CUT, long_text_is_cut),
        (Defect.MONEY_SCALE, prices_have_four_decimals),
    ],
)
def test_12_what_sql_server_does_can_be_switched_off(defect: Defect, shown: Callable[[Lab], bool]) -> None:
    with Lab(SP) as lab:
        assert shown(lab)
    with Lab(SP, without=[defect]) as lab:
        assert not shown(lab)


def test_12_without_a_cut_a_long_text_is_stored_whole() -> None:
    for name, without in ((EF, []), (SP, [Defect.OVER_LONG_CUT])):
        with Lab(name, without=without) as lab:
            assert first_name_stored(lab, "ä" * 60) == "ä" * 60


def test_12_a_log_in_is_blind_where_names_are() -> None:
    with Lab(EF, defects=[Defect.USER_NAME_COLLATION]) as lab:
        assert lab.panel.authenticate(lab.credentials("MUELLER", PASSWORD)).user_id == MUELLER
