"""The shipped catalogue: complete, equal to the embedded panel's own copy, and how its numbers are written."""

from __future__ import annotations

import pytest

from resellerplan.model.quotas import (
    ALWAYS_IN,
    Catalogue,
    Flavour,
    Group,
    Quota,
    SizeUnit,
    quota_text,
    shipped_catalogue,
)
from resellerplan.model.values import QuotaType
from resellerplan.simpanel.catalogue import catalogue_of


@pytest.mark.parametrize(("flavour", "groups", "quotas"), [(Flavour.SOLIDCP1, 39, 325), (Flavour.FUSECP2, 40, 338)])
def test_a_fresh_installation_has_so_many_groups_and_quotas(flavour: Flavour, groups: int, quotas: int) -> None:
    catalogue = shipped_catalogue(flavour)
    assert (len(catalogue.groups), len(catalogue.quotas)) == (groups, quotas)


@pytest.mark.parametrize("flavour", list(Flavour))
def test_ours_and_the_embedded_panels_catalogue_are_equal(flavour: Flavour) -> None:
    theirs = catalogue_of(int(flavour), "SolidCP")
    ours = shipped_catalogue(flavour)
    assert {group.id: group.name for group in theirs.groups} == {group.panel_id: name for name, group in ours.groups.items()}
    names = {group.id: group.name for group in theirs.groups}
    assert {
        (quota.id, quota.name, names[quota.group_id], quota.type, quota.hidden, quota.per_organization) for quota in theirs.quotas
    } == {
        (quota.panel_id, quota.name, quota.group, quota.type, quota.hidden, quota.per_organization)
        for quota in ours.quotas.values()
    }


def test_without_a_flavour_a_name_that_either_knows_is_known() -> None:
    both = shipped_catalogue()
    assert set(both.quotas) == set(shipped_catalogue(Flavour.SOLIDCP1).quotas) | set(shipped_catalogue(Flavour.FUSECP2).quotas)


def test_a_quota_is_found_by_its_short_and_its_full_name() -> None:
    os = shipped_catalogue().groups["OS"]
    assert os.find("Diskspace") is os.find("OS.Diskspace") is not None
    assert os.find("diskspace") is None
    assert shipped_catalogue().groups["RDS"].find("DriveMaps") is not None


def test_short_names_are_unambiguous_in_their_group() -> None:
    for group in shipped_catalogue().groups.values():
        shorts = [quota.short for quota in group.quotas]
        assert len(shorts) == len(set(shorts))


def test_hidden_quotas_are_not_visible() -> None:
    assert "OS.DomainPointers" not in {quota.name for quota in shipped_catalogue().visible("OS")}
    assert list(shipped_catalogue().visible("no such group")) == []


def test_os_and_dns_are_always_in() -> None:
    assert [shipped_catalogue().groups[name].panel_id for name in ALWAYS_IN] == [1, 7]


def test_a_panels_own_catalogue_keeps_its_order() -> None:
    made = Catalogue.of([Group(name="B", order=2), Group(name="A", order=1)], source="the panel", from_panel=True)
    assert list(made.groups) == ["A", "B"]
    assert made.from_panel


def test_sizes_count_1024() -> None:
    assert [unit.in_mb for unit in (SizeUnit.MB, SizeUnit.GB, SizeUnit.TB)] == [1, 1024, 1048576]


DISK = Quota(name="OS.Diskspace", group="OS", type=QuotaType.COUNTED, unit=SizeUnit.MB)
SWITCH = Quota(name="Web.Asp", group="Web", type=QuotaType.SWITCH)


@pytest.mark.parametrize(
    ("quota", "number", "text"),
    [
        (DISK, 5120, "5 GB"),
        (DISK, 1048576, "1 TB"),
        (DISK, 512, "512 MB"),
        (DISK, 0, "0"),
        (DISK, -1, "unlimited"),
        (SWITCH, 1, "true"),
        (SWITCH, 0, "false"),
        (None, 7, "7"),
        (None, -1, "unlimited"),
    ],
)
def test_a_quotas_number_is_written_as_the_manifest_writes_it(quota: Quota | None, number: int, text: str) -> None:
    assert quota_text(quota, number) == text
