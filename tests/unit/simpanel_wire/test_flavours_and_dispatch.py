"""The table of flavours with their defects, and the register of operations."""

from __future__ import annotations

import pytest

from resellerplan.simpanel.asking import Asker, NoSuchCall
from resellerplan.simpanel.dispatch import arguments, handler, operation, registered
from resellerplan.simpanel.flavours import DEFAULT_FLAVOUR, FLAVOURS, Defect, flavour
from resellerplan.simpanel.operations import catalogue
from resellerplan.simpanel.services import load_all
from resellerplan.simpanel.wire import Credentials
from tests.support.foreign_walk import WORLD
from tests.support.served import site

TABLE = {
    ("identity_lost", "sqlite_untranslatable", "recursive_fault", "vlan_single_fault", "db_locked"): (0, 1, 0, 0),
    ("leaf_usage_zero", "null_server_breaks_paged", "peer_getusers_reversed", "status_faults_on_overrides"): (1, 1, 0, 0),
    ("control_characters", "deleteuser_ends_process"): (1, 1, 1, 1),
    ("commits_after_rights_fault",): (0, 0, 1, 1),
    ("getuserparents_loops",): (0, 0, 0, 1),
}
COLUMNS = ("fusecp-2-ef", "fusecp-2-ef-stock", "fusecp-2-sql", "solidcp-1.5")


@pytest.mark.parametrize("column", range(4))
def test_each_flavour_has_the_defects_of_the_table(column: int) -> None:
    expected = {Defect(name) for names, marks in TABLE.items() for name in names if marks[column]}
    assert flavour(COLUMNS[column]).defects == expected


def test_defects_are_switched_one_by_one() -> None:
    found = flavour("solidcp-1.5").switched(on=[Defect.DB_LOCKED], off=[Defect.CONTROL_CHARACTERS])
    assert found.has(Defect.DB_LOCKED)
    assert not found.has(Defect.CONTROL_CHARACTERS)
    assert found.has(Defect.GETUSERPARENTS_LOOPS)


def test_an_unknown_flavour_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(KeyError, match="fusecp-2-ef"):
        flavour("solidcp-9")
    assert DEFAULT_FLAVOUR in FLAVOURS


def test_the_oldest_flavours_are_marked_as_never_compared() -> None:
    assert {f.name for f in FLAVOURS.values() if not f.tested} == {"solidcp-1.4.6", "websitepanel-2.1"}


@pytest.mark.parametrize("name", ["solidcp-1.4.6", "websitepanel-2.1"])
def test_what_an_older_flavour_lacks_is_lacking_in_its_table(name: str) -> None:
    found, whole = flavour(name), catalogue("asmx")
    mine = found.catalogue()
    for service, missing in found.missing_operations:
        assert missing in whole.services[service].operations
        assert missing not in mine.services[service].operations
    for service, called, parameter in found.missing_parameters:
        assert parameter in [p.name for p in whole.services[service].operations[called].parameters]
        assert parameter not in [p.name for p in mine.services[service].operations[called].parameters]
    for class_name, member in found.missing_members:
        assert member in [m.property for m in whole.members(class_name)]
        assert member not in [m.property for m in mine.members(class_name)]
    for (class_name, member), wire in found.renamed_members.items():
        assert next(m.name for m in mine.members(class_name) if m.property == member) == wire


def test_an_operation_has_one_function() -> None:
    load_all()
    assert handler("esUsers", "AddUser") is not None
    with pytest.raises(ValueError, match="registered twice"):
        operation("esUsers", "AddUser")(lambda call: None)


def test_every_registered_operation_exists_on_a_face() -> None:
    load_all()
    known = {(s.name, o) for face in ("asmx", "corewcf") for s in catalogue(face).services.values() for o in s.operations}
    assert registered() <= known


def test_parameters_that_are_words_of_python_get_an_underscore() -> None:
    assert arguments({"class": 1, "userId": 2}) == {"class_": 1, "userId": 2}


@pytest.mark.parametrize("name", ["solidcp-1.5", "fusecp-2-ef"])
def test_a_call_that_only_the_real_panel_has_answers_a_fault_that_names_it(name: str) -> None:
    asker = Asker(flavour(name))
    form = "basic" if asker.flavour.face == "asmx" else "header"
    credentials = Credentials("brightweb", "Kunde-Pw1!", "basic" if form == "basic" else "header")
    with site(name, WORLD) as found:
        operations = asker.flavour.catalogue().services["esServers"].operations
        unanswered = next(operation for operation in operations if handler("esServers", operation) is None)
        reply = found.app.answer(asker.request("esServers", unanswered, {}, credentials))
    assert reply.status == 500
    text = b"".join(reply.blocks).decode()
    assert f"esServers.{unanswered} is a call of the real panel that the embedded panel does not have" in text


def test_asking_for_what_a_flavour_lacks_is_refused() -> None:
    nobody = Credentials()
    with pytest.raises(NoSuchCall, match=r"has no esUsers\.UpdateUserMfa"):
        Asker(flavour("solidcp-1.4.6")).request("esUsers", "UpdateUserMfa", {}, nobody)
    with pytest.raises(NoSuchCall, match="no parameter userID"):
        Asker(flavour("solidcp-1.5")).request("esUsers", "GetUserById", {"userID": 1}, nobody)
