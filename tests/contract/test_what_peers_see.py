"""What a peer sees of its owner, by each logic: contract 2.2, 5.2, 5.4; recordings 439, 440, 452, 453.

By EF CanGetUserDetails looks for the acting owner above the user that is asked for, and so not at the owner itself.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.lab import EF, SP, SP2, Lab, checks

ADMIN, BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, KOLLEGE = 1, 2, 3, 4, 5, 7


def listed(lab: Lab, owner: int, as_: str = "kollege", recursive: bool = True) -> list[int]:
    return [user["UserId"] for user in lab.call("esUsers.GetUsers", as_, ownerId=owner, recursive=recursive)]


def seen(lab: Lab, user: int, as_: str = "kollege") -> bool:
    return lab.call("esUsers.GetUserById", as_, userId=user) is not None


@pytest.mark.parametrize("flavour", [EF, SP, SP2])
def test_5_4_a_peer_reads_its_owner_by_stored_procedure_only(flavour: str) -> None:
    with Lab(flavour) as lab:
        by_procedure = flavour != EF
        assert seen(lab, BRIGHTWEB) is by_procedure
        assert (lab.call("esUsers.GetUserByUsername", "kollege", username="brightweb") is not None) is by_procedure
        assert [seen(lab, number) for number in (ADMIN, MUELLER, KOLLEGE, DARKWEB)] == [True, True, True, False]


def test_5_4_by_ef_a_peer_lists_its_customers_own_users_and_nobody_by_its_owners_id() -> None:
    with Lab(EF) as lab:
        child = lab.add_user("kind", MUELLER)
        assert listed(lab, BRIGHTWEB) == []
        assert listed(lab, MUELLER) == [child]
        assert sorted(listed(lab, KOLLEGE)) == [BRIGHTWEB, MUELLER, SCHMIDT, child]


def test_5_4_by_ef_what_a_peer_does_to_its_owner_is_a_null_reference_or_minus_101() -> None:
    with Lab(EF) as lab:
        user = lab.user("x", UserId=BRIGHTWEB)
        assert "Object reference not set" in lab.fault("esUsers.UpdateUser", "kollege", user=user)
        assert lab.call("esPackages.SendAccountSummaryLetter", "kollege", userId=BRIGHTWEB) == -101
    with Lab(SP) as lab:
        user = lab.user("x", UserId=BRIGHTWEB, RoleId=2)
        assert lab.call("esUsers.UpdateUser", "kollege", user=user) == 0


@checks("user_peers.rights", EF, SP, SP2)
def test_5_2_the_peers_of_ones_own_owner_are_listed_and_those_of_a_stranger_not(lab: Lab) -> None:
    def peers(owner: int, as_: str) -> list[int]:
        found = [user["UserId"] for user in lab.call("esUsers.GetUserPeers", as_, userId=owner)]
        assert [row["userid"] for row in lab.table(lab.call("esUsers.GetRawUserPeers", as_, userId=owner))] == found
        return found

    assert peers(BRIGHTWEB, "brightweb") == peers(BRIGHTWEB, "mueller") == [KOLLEGE]
    assert peers(BRIGHTWEB, "darkweb") == peers(MUELLER, "brightweb") == []
    assert peers(BRIGHTWEB, "kollege") == ([] if lab.panel.flavour.logic == "ef" else [KOLLEGE])


@checks("user_domains_paged.peer_stands_for_nobody", EF, SP, SP2)
def test_2_2_the_domains_by_a_peers_id_are_those_of_users_below_the_peer_itself(lab: Lab) -> None:
    def names(user: int, as_: str = "brightweb") -> set[Any]:
        given = {"userId": user, "startRow": 0, "maximumRows": 99, "sortColumn": "UserID"}
        return {row["username"] for row in lab.table(lab.call("esUsers.GetUserDomainsPaged", as_, parameters=given), 1)}

    assert names(BRIGHTWEB) == {"mueller", "schmidt"}
    assert names(KOLLEGE) == set()
    assert lab.add_user("unter.kollege", KOLLEGE, "kollege") > 0
    assert names(KOLLEGE) == {"unter.kollege"}
