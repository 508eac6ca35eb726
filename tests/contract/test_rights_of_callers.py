"""The account check and the ownership functions themselves: contract 5.1, 5.2. What calls make of them stands with the calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from resellerplan.simpanel import rights
from resellerplan.simpanel.call import Call
from resellerplan.simpanel.panel import caller_of
from resellerplan.simpanel.rights import Demand
from tests.contract.lab import EF, SP, SP2, Lab, checks

ADMIN, BRIGHTWEB, DARKWEB, MUELLER, FINSTER, KOLLEGE = 1, 2, 3, 4, 6, 7
ROOT, BRIGHT_SPACE, MUELLERS_SPACE, NOWHERE = 1, 2, 4, 4711
SCHMIDT = 5

T = TypeVar("T")


def asked(lab: Lab, actor: int, question: Callable[[Call], T]) -> T:
    """What the panel's function answers when this user calls."""
    with lab.panel.store.reading() as db:
        row = db.execute("SELECT * FROM users WHERE user_id = ?", (actor,)).fetchone()
        return question(Call(panel=lab.panel, flavour=lab.flavour, db=db, caller=caller_of(row)))


def code(lab: Lab, actor: int, *demands: Demand) -> int:
    return asked(lab, actor, lambda call: rights.account_check(call, *demands))


def reached(lab: Lab, actor: int, function: Callable[[Call, int], bool]) -> set[int]:
    """The users, of all and of one unknown, for whom the function says yes."""
    return asked(lab, actor, lambda call: {user for user in (*range(1, 8), NOWHERE) if function(call, user)})


def become(lab: Lab, user: int, **columns: int) -> None:
    for column, value in columns.items():
        lab.write(f"UPDATE users SET {column} = ? WHERE user_id = ?", value, user)


@checks("account_check.demo", EF, SP)
def test_5_1_a_demo_account_is_minus_106(lab: Lab) -> None:
    become(lab, BRIGHTWEB, is_demo=1)
    assert code(lab, BRIGHTWEB, Demand.NOT_DEMO) == -106
    assert code(lab, BRIGHTWEB, Demand.IS_ACTIVE) == 0


@checks("account_check.pending", EF, SP)
def test_5_1_a_pending_account_is_minus_103(lab: Lab) -> None:
    become(lab, BRIGHTWEB, status_id=4)
    assert code(lab, BRIGHTWEB, Demand.IS_ACTIVE) == -103


@checks("account_check.suspended", EF, SP)
def test_5_1_a_suspended_account_is_minus_104(lab: Lab) -> None:
    become(lab, BRIGHTWEB, status_id=2)
    assert code(lab, BRIGHTWEB, Demand.IS_ACTIVE) == -104
    assert code(lab, BRIGHTWEB, Demand.IS_RESELLER) == 0


@checks("account_check.cancelled", EF, SP)
def test_5_1_a_cancelled_account_is_minus_105(lab: Lab) -> None:
    become(lab, BRIGHTWEB, status_id=3)
    assert code(lab, BRIGHTWEB, Demand.IS_ACTIVE) == -105


@checks("account_check.administrator", EF, SP)
def test_5_1_a_reseller_is_no_administrator(lab: Lab) -> None:
    assert code(lab, BRIGHTWEB, Demand.IS_ADMIN) == -107
    assert code(lab, ADMIN, Demand.IS_ADMIN) == 0


@checks("account_check.staff_role", EF, SP)
def test_5_1_a_customer_is_no_reseller(lab: Lab) -> None:
    assert code(lab, MUELLER, Demand.IS_RESELLER) == -112
    assert code(lab, BRIGHTWEB, Demand.IS_RESELLER) == 0


@checks("account_check.role_sets", EF, SP)
def test_5_1_csr_and_helpdesk_have_their_own_sets(lab: Lab) -> None:
    staff = (
        Demand.IS_RESELLER,
        Demand.IS_RESELLER_CSR,
        Demand.IS_PLATFORM_CSR,
        Demand.IS_RESELLER_HELPDESK,
        Demand.IS_PLATFORM_HELPDESK,
    )
    fulfilled = {}
    for role in (4, 5, 6, 7):
        become(lab, KOLLEGE, role_id=role)
        fulfilled[role] = {demand for demand in staff if code(lab, KOLLEGE, demand) == 0}
    assert fulfilled == {
        4: {Demand.IS_RESELLER_CSR},
        5: {Demand.IS_RESELLER_CSR, Demand.IS_PLATFORM_CSR},
        6: {Demand.IS_RESELLER_HELPDESK},
        7: {Demand.IS_RESELLER_HELPDESK, Demand.IS_PLATFORM_HELPDESK},
    }


@checks("account_check.order", EF, SP)
def test_5_1_the_first_failure_wins(lab: Lab) -> None:
    become(lab, MUELLER, is_demo=1, status_id=2)
    everything = (Demand.IS_RESELLER, Demand.IS_ADMIN, Demand.IS_ACTIVE, Demand.NOT_DEMO)
    assert [code(lab, MUELLER, *everything[:n]) for n in (4, 3, 2, 1)] == [-106, -104, -107, -112]


@checks("access_user.self", EF, SP)
def test_5_2_everybody_has_rights_to_itself(lab: Lab) -> None:
    assert reached(lab, MUELLER, rights.may_access_user) == {MUELLER}


@checks("access_user.below", EF, SP)
def test_5_2_rights_go_down_the_chain_of_owners(lab: Lab) -> None:
    assert reached(lab, ADMIN, rights.may_access_user) == set(range(1, 8))
    assert reached(lab, BRIGHTWEB, rights.may_access_user) == {BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE}
    assert reached(lab, DARKWEB, rights.may_access_user) == {DARKWEB, FINSTER}


@checks("access_user.peer_acts_as_owner", EF, SP)
def test_5_2_a_peer_acts_as_its_owner(lab: Lab) -> None:
    assert reached(lab, KOLLEGE, rights.may_access_user) == {BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE}


@checks("access_user.null", EF, SP)
def test_5_2_everybody_has_rights_to_the_null_user(lab: Lab) -> None:
    assert asked(lab, MUELLER, lambda call: rights.may_access_user(call, None))


@checks("access_user.zero_by_ef", EF)
def test_5_2_ef_gives_rights_to_user_0(lab: Lab) -> None:
    assert asked(lab, MUELLER, lambda call: rights.may_access_user(call, 0))


def test_5_2_the_procedure_gives_no_rights_to_user_0() -> None:
    for name in (SP, SP2):
        with Lab(name) as lab:
            assert not asked(lab, MUELLER, lambda call: rights.may_access_user(call, 0))


@checks("see_user.own_owner", EF, SP)
def test_5_2_the_own_owner_may_be_read(lab: Lab) -> None:
    assert reached(lab, MUELLER, rights.may_see_user) == {BRIGHTWEB, MUELLER}
    assert reached(lab, BRIGHTWEB, rights.may_see_user) == {ADMIN, BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE}
    # By EF a peer sees its owner's owner and not its owner (5.4).
    owner = set() if lab.panel.flavour.logic == "ef" else {BRIGHTWEB}
    assert reached(lab, KOLLEGE, rights.may_see_user) == {ADMIN, MUELLER, SCHMIDT, KOLLEGE} | owner


@checks("see_user.null", EF, SP)
def test_5_2_nobody_sees_the_null_user(lab: Lab) -> None:
    assert not asked(lab, BRIGHTWEB, lambda call: rights.may_see_user(call, None))


@checks("update_user.peer_not_its_owner", EF, SP)
def test_5_2_a_peer_may_not_change_its_owner(lab: Lab) -> None:
    assert reached(lab, BRIGHTWEB, rights.may_update_user) == {BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE}
    assert reached(lab, KOLLEGE, rights.may_update_user) == {MUELLER, SCHMIDT, KOLLEGE}


@checks("update_user.peer_not_fellows", EF, SP)
def test_5_2_a_peer_may_not_change_its_fellow_peers(lab: Lab) -> None:
    become(lab, SCHMIDT, is_peer=1)
    assert reached(lab, KOLLEGE, rights.may_update_user) == {MUELLER, KOLLEGE}


@checks("see_password.reach", EF, SP)
def test_5_2_a_password_is_never_ones_owners(lab: Lab) -> None:
    seen = {actor: reached(lab, actor, rights.may_see_password) for actor in (BRIGHTWEB, MUELLER, KOLLEGE)}
    assert seen == {
        BRIGHTWEB: {BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE},
        MUELLER: {MUELLER},
        KOLLEGE: {MUELLER, SCHMIDT, KOLLEGE},
    }


@checks("create_user.below", EF, SP)
def test_5_2_users_are_made_under_oneself_or_anybody_below(lab: Lab) -> None:
    assert reached(lab, BRIGHTWEB, rights.may_create_user) == {BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE}
    assert reached(lab, MUELLER, rights.may_create_user) == {MUELLER}


@checks("create_user.under_a_peer", EF, SP)
def test_5_2_a_peer_makes_users_under_its_owner_and_under_itself(lab: Lab) -> None:
    assert reached(lab, KOLLEGE, rights.may_create_user) == {BRIGHTWEB, MUELLER, SCHMIDT, KOLLEGE}


def spaces(lab: Lab, actor: int, function: Callable[[Call, int], bool]) -> set[int]:
    return asked(lab, actor, lambda call: {space for space in (0, 1, 2, 3, 4, 5, NOWHERE) if function(call, space)})


@checks("access_package.root", EF, SP)
def test_5_2_spaces_0_and_1_are_the_administrators(lab: Lab) -> None:
    assert spaces(lab, ADMIN, rights.may_access_package) == {0, 1, 2, 3, 4, 5, NOWHERE}
    assert not {0, 1} & spaces(lab, BRIGHTWEB, rights.may_access_package)


@checks("access_package.unknown", EF, SP)
def test_5_2_an_unknown_space_is_anybodys(lab: Lab) -> None:
    assert asked(lab, MUELLER, lambda call: rights.may_access_package(call, NOWHERE))
    assert asked(lab, MUELLER, lambda call: rights.may_access_package(call, -7))


@checks("access_package.owner", EF, SP)
def test_5_2_a_space_is_for_whoever_has_rights_to_its_owner(lab: Lab) -> None:
    assert spaces(lab, BRIGHTWEB, rights.may_access_package) == {BRIGHT_SPACE, MUELLERS_SPACE, NOWHERE}
    assert spaces(lab, MUELLER, rights.may_access_package) == {MUELLERS_SPACE, NOWHERE}


@checks("access_parent_package.seen", EF, SP)
def test_5_2_whoever_may_see_the_owner_may_look_at_a_space_as_a_parent(lab: Lab) -> None:
    assert spaces(lab, MUELLER, rights.may_access_parent_package) - {0} == {BRIGHT_SPACE, MUELLERS_SPACE, NOWHERE}
    assert spaces(lab, BRIGHTWEB, rights.may_access_parent_package) - {0} == {ROOT, BRIGHT_SPACE, MUELLERS_SPACE, NOWHERE}


@checks("access_parent_package.unknown", EF, SP)
def test_5_2_an_unknown_parent_space_is_anybodys(lab: Lab) -> None:
    assert asked(lab, MUELLER, lambda call: rights.may_access_parent_package(call, NOWHERE))
