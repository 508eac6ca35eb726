"""Reading users: contract 2.2 (reads), 5.2, 5.3, 7.4."""

from __future__ import annotations

from typing import Any

from resellerplan.simpanel.flavours import Defect
from tests.contract.lab import EF, SP, SP2, Lab, checks

BRIGHTWEB, DARKWEB, MUELLER, SCHMIDT, FINSTER, KOLLEGE = 2, 3, 4, 5, 6, 7


def names(listed: list[dict[str, object]]) -> list[object]:
    """The user names of a typed list or of a table."""
    return [row.get("Username", row.get("username")) for row in listed]


def rows(lab: Lab, operation: str, number: int = 0, as_: str = "brightweb", **given: Any) -> list[dict[str, object]]:
    return lab.table(lab.call(f"esUsers.{operation}", as_, **given), number)


@checks("user_exists.unchecked", EF, SP)
def test_2_2_user_exists_knows_the_users_of_other_resellers(lab: Lab) -> None:
    assert lab.call("esUsers.UserExists", username="finster") is True
    assert lab.call("esUsers.UserExists", username="nobody") is False


@checks("get_user.rights", EF, SP)
def test_2_2_a_foreign_user_reads_as_null(lab: Lab) -> None:
    assert lab.call("esUsers.GetUserById", userId=FINSTER) is None
    assert lab.call("esUsers.GetUserByUsername", username="finster") is None
    assert lab.call("esUsers.GetUserById", userId=99) is None


def test_5_2_ones_own_owner_may_be_read() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            assert lab.call("esUsers.GetUserById", "mueller", userId=BRIGHTWEB)["Username"] == "brightweb"
            assert lab.call("esUsers.GetUserById", "brightweb", userId=1)["Username"] == "serveradmin"
            assert lab.call("esUsers.GetUserById", "mueller", userId=1) is None
            # A peer acts as its owner, so it may read its owner's owner too.
            assert lab.call("esUsers.GetUserById", "kollege", userId=1)["Username"] == "serveradmin"


def test_2_2_a_single_read_has_the_contact_data_and_no_additional_params() -> None:
    with Lab() as lab:
        lab.write("UPDATE users SET additional_params = 'vlans' WHERE user_id = 4")
        found = lab.call("esUsers.GetUserById", userId=MUELLER)
        assert found["City"] == "Ulm"
        assert found["AdditionalParams"] is None
        assert found["Vlans"] == []


@checks("get_user.name_cut", SP)
def test_3_4_the_name_that_is_looked_up_is_cut_at_50(lab: Lab) -> None:
    long = "n" * 50
    lab.add_user(long)
    assert lab.call("esUsers.GetUserByUsername", username=long + "tail")["Username"] == long
    assert lab.call("esUsers.UserExists", username=long + "tail") is False


@checks("get_users.rights", EF, SP)
def test_2_2_the_users_of_somebody_out_of_reach_are_an_empty_list(lab: Lab) -> None:
    assert lab.call("esUsers.GetUsers", ownerId=DARKWEB, recursive=True) == []
    assert rows(lab, "GetRawUsers", ownerId=DARKWEB, recursive=True) == []


def test_5_2_ones_own_owners_tree_is_listed_as_a_whole() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            listed = names(lab.call("esUsers.GetUsers", "brightweb", ownerId=1, recursive=True))
            assert listed == ["brightweb", "darkweb", "mueller", "schmidt", "finster"]


@checks("get_users.without_peers", EF, SP)
def test_2_2_lists_leave_out_peers(lab: Lab) -> None:
    assert names(lab.call("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=True)) == ["mueller", "schmidt"]


@checks("get_users.without_contacts", EF, SP)
def test_2_2_typed_lists_carry_no_contact_data(lab: Lab) -> None:
    row = lab.call("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=True)[0]
    assert (row["City"], row["HtmlMail"], row["Email"]) == (None, False, "petra@mueller.example")


@checks("get_users.direct_is_empty", EF)
def test_7_4_2_a_list_that_is_not_recursive_is_empty_by_ef(lab: Lab) -> None:
    assert lab.call("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=False) == []


def test_2_2_a_list_that_is_not_recursive_has_the_direct_children_by_stored_procedure() -> None:
    with Lab(SP) as lab:
        lab.add_user("kind", owner=MUELLER)
        assert names(lab.call("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=False)) == ["mueller", "schmidt"]
        assert names(lab.call("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=True)) == ["mueller", "schmidt", "kind"]


@checks("get_users.level_by_level", EF)
def test_2_2_by_ef_a_recursive_list_goes_level_by_level(lab: Lab) -> None:
    lab.add_user("enkel", owner=MUELLER)
    lab.add_user("spaet")
    assert names(lab.call("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=True)) == ["mueller", "schmidt", "spaet", "enkel"]
    assert names(rows(lab, "GetRawUsers", ownerId=BRIGHTWEB, recursive=True)) == ["mueller", "schmidt", "spaet", "enkel"]


@checks("get_users.peer_stands_for_owner", SP, SP2)
def test_5_2_a_peers_id_lists_its_owners_tree_with_the_owner(lab: Lab) -> None:
    assert names(lab.call("esUsers.GetUsers", "kollege", ownerId=KOLLEGE, recursive=True)) == ["brightweb", "mueller", "schmidt"]
    assert lab.call("esUsers.GetUsers", "kollege", ownerId=KOLLEGE, recursive=False) == []


def test_5_4_by_ef_a_peer_lists_by_its_own_id_only_and_that_is_a_switch() -> None:
    with Lab(EF) as lab:
        assert lab.call("esUsers.GetUsers", "kollege", ownerId=BRIGHTWEB, recursive=True) == []
        assert names(lab.call("esUsers.GetUsers", "kollege", ownerId=KOLLEGE, recursive=True)) == [
            "brightweb",
            "mueller",
            "schmidt",
        ]
        paged = rows(lab, "GetUsersPagedRecursive", 1, "kollege", userId=BRIGHTWEB, maximumRows=9)
        assert names(paged) == ["mueller", "schmidt"]
    with Lab(EF, without=[Defect.PEER_GETUSERS_REVERSED]) as lab:
        assert names(lab.call("esUsers.GetUsers", "kollege", ownerId=BRIGHTWEB, recursive=True)) == ["mueller", "schmidt"]


def test_7_6_3_recursive_walks_fault_where_that_defect_is_on() -> None:
    with Lab(EF, defects=[Defect.RECURSIVE_FAULT]) as lab:
        text = "SQLite Error 1: 'near \")\": syntax error'."
        assert lab.fault("esUsers.GetUsers", ownerId=BRIGHTWEB, recursive=True) == text
        assert lab.fault("esUsers.GetUsersPagedRecursive", userId=BRIGHTWEB, maximumRows=9) == text
        assert lab.call("esUsers.GetUsers", "mueller", ownerId=MUELLER, recursive=True) == []
        assert len(rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, maximumRows=9)) == 2


def test_2_2_the_full_name_of_a_nameless_user_is_null_or_a_blank() -> None:
    for name, expected in ((EF, " "), (SP, None)):
        with Lab(name) as lab:
            lab.add_user("neu")
            assert rows(lab, "GetRawUsers", ownerId=BRIGHTWEB, recursive=True)[-1]["fullname"] == expected


@checks("get_users_paged.rights", EF, SP)
def test_2_2_a_page_of_somebody_out_of_reach_has_count_0(lab: Lab) -> None:
    for operation in ("GetUsersPaged", "GetUsersPagedRecursive"):
        assert rows(lab, operation, 0, userId=DARKWEB, maximumRows=9) == [{"column1": 0}]
        assert rows(lab, operation, 1, userId=DARKWEB, maximumRows=9) == []


@checks("get_users_paged.comment_records", EF, SP)
def test_2_2_a_page_shows_comment_records_not_the_users_own_field(lab: Lab) -> None:
    lab.write("UPDATE users SET comments = 'own' WHERE user_id = 4")
    lab.call("esComments.AddComment", itemTypeId="USER", itemId=MUELLER, commentText="record", severityId=1)
    page = rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, sortColumn="Username", maximumRows=9)
    assert "record" in str(page[0]["comments"])
    assert page[1]["comments"] == ""
    assert rows(lab, "GetRawUsers", ownerId=BRIGHTWEB, recursive=True)[0]["comments"] == "own"


def test_2_2_pages_are_exact_by_ef_and_one_too_long_by_stored_procedure() -> None:
    expected = {EF: [["mueller"], ["schmidt"]], SP: [["mueller", "schmidt"], ["schmidt"]]}
    for name, pages in expected.items():
        with Lab(name) as lab:
            found = [
                names(rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, sortColumn="Username", startRow=start, maximumRows=1))
                for start in (0, 1)
            ]
            assert found == pages


def test_2_2_a_filter_is_a_like_pattern_over_a_column_or_over_names_and_address() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            for column, value in (("Username", "MUE%"), ("", "%UELLER.example"), ("Email", "petra%"), ("FullName", "petra m%")):
                page = rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, filterColumn=column, filterValue=value, maximumRows=9)
                assert names(page) == ["mueller"], (name, column)
            assert len(rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, filterColumn="Nope", maximumRows=9)) == 2
            lab.fault("esUsers.GetUsersPaged", userId=BRIGHTWEB, filterColumn="Nope", filterValue="x", maximumRows=9)


def test_2_2_status_and_role_narrow_a_page() -> None:
    with Lab() as lab:
        lab.write("UPDATE users SET status_id = 2 WHERE user_id = 5")
        assert names(rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, statusId=2, maximumRows=9)) == ["schmidt"]
        assert names(rows(lab, "GetUsersPaged", 1, userId=BRIGHTWEB, roleId=2, maximumRows=9)) == []


@checks("users_summary.rights", EF, SP)
def test_2_2_a_summary_of_somebody_out_of_reach_is_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esUsers.GetUsersSummary", userId=DARKWEB) == "You are not allowed to access this account"


@checks("users_summary.without_peers", EF, SP)
def test_2_2_a_summary_counts_direct_children_without_peers(lab: Lab) -> None:
    lab.write("UPDATE users SET status_id = 3 WHERE user_id = 5")
    result = lab.call("esUsers.GetUsersSummary", userId=BRIGHTWEB)
    assert lab.table(result, 0) == [{"usersnumber": 2}]
    assert [row["statusid"] for row in lab.table(result, 1)] == [1, 3]
    assert lab.table(result, 2) == [{"roleid": 3, "usersnumber": 2}]


@checks("user_peers.rights", EF, SP)
def test_2_2_the_peers_of_somebody_out_of_reach_are_nobody(lab: Lab) -> None:
    assert lab.call("esUsers.GetUserPeers", "darkweb", userId=BRIGHTWEB) == []
    assert names(lab.call("esUsers.GetUserPeers", userId=BRIGHTWEB)) == ["kollege"]


def test_2_2_raw_peers_have_the_full_name_twice_by_stored_procedure() -> None:
    for name, twice in ((EF, False), (SP, True)):
        with Lab(name) as lab:
            row = rows(lab, "GetRawUserPeers", userId=BRIGHTWEB)[0]
            assert ("fullname1" in row) is twice
            assert row["fullname"] == "Kurt Kollege"


@checks("user_parents.rights", EF, SP2)
def test_2_2_the_parents_of_somebody_not_below_are_a_fault(lab: Lab) -> None:
    assert lab.fault("esUsers.GetUserParents", userId=FINSTER) == "You are not allowed to access this account"


def test_2_2_on_1x_the_parents_of_somebody_not_below_loop_until_the_time_out() -> None:
    waited: list[float] = []
    with Lab(SP, pause=waited.append) as lab:
        assert "Timeout expired" in lab.fault("esUsers.GetUserParents", userId=FINSTER)
    assert waited == [15.0]
    with Lab(SP, without=[Defect.GETUSERPARENTS_LOOPS], pause=waited.append) as lab:
        assert lab.fault("esUsers.GetUserParents", userId=FINSTER) == "You are not allowed to access this account"
    assert waited == [15.0]


@checks("user_parents.from_caller", SP)
def test_2_2_on_1x_the_parents_begin_at_the_caller(lab: Lab) -> None:
    assert names(lab.call("esUsers.GetUserParents", userId=MUELLER)) == ["brightweb", "mueller"]
    assert names(lab.call("esUsers.GetUserParents", "mueller", userId=MUELLER)) == ["mueller"]


def test_7_3_on_2x_the_parents_begin_at_the_administrator() -> None:
    for name in (EF, SP2):
        with Lab(name) as lab:
            assert names(lab.call("esUsers.GetUserParents", "mueller", userId=MUELLER)) == ["serveradmin", "brightweb", "mueller"]


@checks("user_domains_paged.rights", EF, SP)
def test_2_2_the_domains_of_users_out_of_reach_have_count_0(lab: Lab) -> None:
    assert rows(lab, "GetUserDomainsPaged", 0, userId=DARKWEB, maximumRows=9) == [{"column1": 0}]


@checks("user_domains_paged.ignores_maximum", EF)
def test_real_panel_11_get_user_domains_paged_ignores_the_maximum(lab: Lab) -> None:
    assert len(rows(lab, "GetUserDomainsPaged", 1, userId=BRIGHTWEB, maximumRows=1)) == 2


def test_2_2_there_is_a_row_per_user_space_and_domain() -> None:
    with Lab(SP) as lab:
        lab.write("INSERT INTO domains (package_id, domain_name, domain_key) VALUES (4, 'a.example', 'a.example')")
        lab.write("INSERT INTO domains (package_id, domain_name, domain_key) VALUES (4, 'b.example', 'b.example')")
        found = rows(lab, "GetUserDomainsPaged", 1, userId=BRIGHTWEB, maximumRows=9)
        assert [(row["username"], row["domainname"]) for row in found] == [
            ("mueller", "a.example"),
            ("mueller", "b.example"),
            ("schmidt", None),
        ]


def test_real_panel_12_get_user_by_username_of_somebody_else_faults_where_a_reader_is_in_use() -> None:
    with Lab(EF, defects=[Defect.READER_IN_USE_FAULT]) as lab:
        assert "already in use" in lab.fault("esUsers.GetUserByUsername", username="mueller")
        assert lab.call("esUsers.GetUserByUsername", username="brightweb")["UserId"] == BRIGHTWEB


def test_6_1_user_names_differ_by_case_on_sqlite_only() -> None:
    with Lab(EF) as lab:
        assert lab.call("esUsers.GetUserByUsername", username="MUELLER") is None
    with Lab(SP) as lab:
        assert lab.call("esUsers.GetUserByUsername", username="MUELLER ")["UserId"] == MUELLER
