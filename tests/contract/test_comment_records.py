"""Comment records of every caller, and as the Comments column of lists joins them: contract 2.2, 2.6, 3.4, 5.1, 5.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB, MUELLER, KOLLEGE = 2, 4, 7
ACCOUNTS = [("is_demo = 1", -106), ("status_id = 2", -104), ("status_id = 3", -105), ("status_id = 4", -103)]


def comment(lab: Lab, text: str | None = "Text", as_: str = "brightweb", item: int = MUELLER, kind: str | None = "USER") -> Any:
    return lab.call("esComments.AddComment", as_, itemTypeId=kind, itemId=item, commentText=text, severityId=1)


def column(lab: Lab, as_: str = "brightweb") -> dict[str, str]:
    page = lab.call("esUsers.GetUsersPaged", as_, userId=BRIGHTWEB, maximumRows=9)
    return {row["username"]: row["comments"] for row in lab.table(page, 1)}


@checks("add_comment.account", EF, SP, SP2)
def test_5_1_a_comment_is_added_by_an_active_account_that_is_no_demo(lab: Lab) -> None:
    for change, code in ACCOUNTS:
        lab.write(f"UPDATE users SET {change} WHERE user_id = 2")
        assert comment(lab) == code
        lab.write("UPDATE users SET is_demo = 0, status_id = 1 WHERE user_id = 2")
    assert lab.value("SELECT count(*) FROM comments") == 0
    assert comment(lab) == 0


@checks("delete_comment.account", EF, SP, SP2)
def test_5_1_a_comment_is_deleted_by_an_active_account_that_is_no_demo(lab: Lab) -> None:
    comment(lab)
    number = lab.value("SELECT max(comment_id) FROM comments")
    for change, code in ACCOUNTS:
        lab.write(f"UPDATE users SET {change} WHERE user_id = 2")
        assert lab.call("esComments.DeleteComment", commentId=number) == code
        lab.write("UPDATE users SET is_demo = 0, status_id = 1 WHERE user_id = 2")
    assert lab.value("SELECT count(*) FROM comments") == 1
    assert lab.call("esComments.DeleteComment", commentId=number) == 0


@checks("add_comment.type_given", EF, SP)
def test_2_6_a_comment_without_a_type_is_a_fault(lab: Lab) -> None:
    assert "ItemTypeID" in lab.fault("esComments.AddComment", itemId=MUELLER, commentText="x", severityId=1)
    assert lab.value("SELECT count(*) FROM comments") == 0


def test_2_6_an_unknown_comment_and_one_of_a_null_text_are_taken() -> None:
    for name in (EF, SP, SP2):
        with Lab(name) as lab:
            assert lab.call("esComments.DeleteComment", commentId=4711) == 0
            assert comment(lab, None) == 0
            assert column(lab)["mueller"].count("\n") == 3


@checks("item_comments.newest_first", SP, SP2)
def test_2_2_by_stored_procedure_the_newest_comment_comes_first(lab: Lab) -> None:
    comment(lab, "erst")
    comment(lab, "dann")
    lab.write("UPDATE comments SET created_date = '2026-11-24T12:00:00.123000' WHERE comment_text = 'erst'")
    lab.write("UPDATE comments SET created_date = '2026-11-25T12:00:00.123000' WHERE comment_text = 'dann'")
    text = column(lab)["mueller"]
    assert text.index("dann") < text.index("erst")


def test_2_2_by_ef_comments_come_as_they_were_written() -> None:
    with Lab(EF) as lab:
        comment(lab, "erst")
        comment(lab, "dann")
        text = column(lab)["mueller"]
        assert text.index("erst") < text.index("dann")


@checks("item_comments.text_cut", SP)
def test_3_4_the_joined_comments_are_cut_at_3000(lab: Lab) -> None:
    for _ in range(4):
        comment(lab, "x" * 1000)
    assert len(column(lab)["mueller"]) == 3000


def test_5_2_a_peer_sees_its_owners_comments_and_a_customer_does_not() -> None:
    for name in (EF, SP, SP2):
        with Lab(name) as lab:
            comment(lab, "vom Reseller")
            comment(lab, "vom Kollegen", "kollege")
            comment(lab, "vom Kunden", "mueller")
            assert all(text in column(lab, "kollege")["mueller"] for text in ("vom Reseller", "vom Kollegen", "vom Kunden"))
            own = lab.call("esUsers.GetUsersPaged", "brightweb", userId=BRIGHTWEB, maximumRows=9)
            assert "vom Kollegen" in {row["username"]: row["comments"] for row in lab.table(own, 1)}["mueller"]


@pytest.mark.parametrize("as_", ["brightweb", "kollege", "serveradmin"])
def test_5_2_comments_of_a_peers_id_are_those_of_its_owners_tree(as_: str) -> None:
    for name in (SP, SP2):
        with Lab(name) as lab:
            comment(lab, "vom Reseller")
            comment(lab, "vom Kunden", "mueller")
            found = lab.call("esComments.GetComments", as_, userId=KOLLEGE, itemTypeId="USER", itemId=MUELLER)
            assert [row["commenttext"] for row in lab.table(found)] == ["vom Reseller", "vom Kunden"]
