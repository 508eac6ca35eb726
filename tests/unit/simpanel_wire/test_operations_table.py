"""The table of operations is what the recorded WSDL and XSD documents say."""

from __future__ import annotations

import hashlib

import pytest

from resellerplan.simpanel.operations import ClassType, EnumType, Face, catalogue
from tests.support import extract_operations


def test_the_packaged_table_equals_what_the_script_makes_of_the_recordings() -> None:
    packaged = extract_operations.TARGET.read_text("utf-8")
    assert packaged == extract_operations.render(extract_operations.extract())


def test_the_recordings_are_the_ones_that_were_taken() -> None:
    folder = extract_operations.RECORDINGS
    listed = {}
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name.removeprefix("./")] = digest
    present = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file() and p.name != "SHA256SUMS" and "__pycache__" not in p.parts
    }
    assert present == listed


@pytest.mark.parametrize(
    ("face", "counts"),
    [
        (
            "asmx",
            {
                "esUsers": 32,
                "esPackages": 65,
                "esServers": 141,
                "esAuthentication": 9,
                "esTasks": 7,
                "esComments": 3,
                "esAuditLog": 6,
                "esSystem": 7,
                "esScheduler": 13,
            },
        ),
        (
            "corewcf",
            {
                "esUsers": 32,
                "esPackages": 66,
                "esServers": 130,
                "esAuthentication": 9,
                "esTasks": 7,
                "esComments": 3,
                "esAuditLog": 6,
                "esSystem": 11,
                "esTest": 3,
            },
        ),
    ],
)
def test_each_service_has_as_many_operations_as_contract_7_2_counts(face: Face, counts: dict[str, int]) -> None:
    assert {n: len(s.operations) for n, s in catalogue(face).services.items()} == counts


def test_members_of_2x_carry_the_property_names_of_1x() -> None:
    old, new = catalogue("asmx"), catalogue("corewcf")
    names = [m.property for m in new.members("UserInfo")]
    assert names[:4] == ["AdditionalParams", "MfaMode", "Address", "Changed"]
    for name, found in new.types.items():
        if isinstance(found, ClassType) and isinstance(old.types.get(name), ClassType):
            known = {m.property.lower(): m.property for m in old.members(name)}
            for member in new.members(name):
                assert known.get(member.property.lower(), member.property) == member.property


def test_enumerations_say_the_numbers_that_the_schema_states() -> None:
    status = catalogue("corewcf").types["UserStatus"]
    assert isinstance(status, EnumType)
    assert dict(zip(status.values, status.numbers or (), strict=True)) == {
        "Active": 1,
        "Suspended": 2,
        "Cancelled": 3,
        "Pending": 4,
    }
