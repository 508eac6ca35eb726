"""Contract 2.2, 2.4, 2.5; 1.x database report 6.5-6.8: filters, sorting and windows of paged calls."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.simpanel.collation import like_pattern, sort_key
from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import add_domain, add_space

_ASKED = {"userId": 2, "filterColumn": "", "filterValue": "", "sortColumn": "PackageName", "startRow": 0, "maximumRows": 100}


def _names(lab: Lab, **given: object) -> list[str]:
    answer = lab.call("esPackages.GetPackagesPaged", parameters=_ASKED | given)
    return [row["packagename"] for row in lab.table(answer, 1)]


def _shop(lab: Lab) -> None:
    for name in ("alpha", "Beta", "gamma", "Delta"):
        add_space(lab, name=name)


@checks("paging.last_row_inclusive", SP, SP2)
def test_2_4_sp_pages_of_spaces_are_1_based_and_overlap_by_one(lab: Lab) -> None:
    _shop(lab)
    assert _names(lab, maximumRows=3) == ["alpha", "Beta", "Delta"]
    assert _names(lab, startRow=1, maximumRows=3) == ["alpha", "Beta", "Delta", "gamma"]
    assert _names(lab, startRow=3, maximumRows=3) == ["Delta", "gamma", "Web S"]
    assert _names(lab, maximumRows=0) == []


def test_2_4_ef_pages_are_exact_and_0_based_and_names_sort_by_bytes() -> None:
    with Lab(EF) as lab:
        _shop(lab)
        assert _names(lab) == ["Beta", "Delta", "Web S", "alpha", "gamma"]
        assert _names(lab, startRow=1, maximumRows=2) == ["Delta", "Web S"]
        assert _names(lab, startRow=5, maximumRows=2147483647) == []


@checks("paging.overflow", SP, SP2)
def test_2_2_sp_start_and_maximum_must_not_overflow(lab: Lab) -> None:
    fault = lab.fault("esPackages.GetPackagesPaged", parameters=_ASKED | {"startRow": 1, "maximumRows": 2147483647})
    assert fault == "Arithmetic overflow error converting expression to data type int."
    assert _names(lab, startRow=0, maximumRows=2147483647) == ["Web S"]


@checks("paging.ambiguous_column", SP, SP2)
def test_2_4_sp_columns_that_several_tables_have_are_faults_and_an_alias_helps(lab: Lab) -> None:
    for column in ("StatusID", "ServerID", "PlanID", "UserID", "Comments"):
        fault = lab.fault("esPackages.GetPackagesPaged", parameters=_ASKED | {"sortColumn": column})
        assert fault == f"Ambiguous column name '{column}'."
    fault = lab.fault("esPackages.GetPackagesPaged", parameters=_ASKED | {"filterColumn": "PackageID", "filterValue": "4"})
    assert fault == "Ambiguous column name 'PackageID'."
    assert _names(lab, sortColumn="P.StatusID") == ["Web S"]
    assert _names(lab, sortColumn="PackageID") == ["Web S"]
    domains = {"packageId": 2, "filterColumn": "", "filterValue": "", "sortColumn": "UserID", "startRow": 0, "maximumRows": 5}
    assert "Ambiguous" in lab.fault("esServers.GetDomainsPaged", parameters=domains)


@checks("paging.unknown_column", EF, SP)
def test_2_2_a_column_that_is_not_there_is_a_fault_unless_nothing_is_filtered_by_it(lab: Lab) -> None:
    assert "Nope" in lab.fault("esPackages.GetPackagesPaged", parameters=_ASKED | {"sortColumn": "Nope"})
    assert "Nope" in lab.fault("esPackages.GetPackagesPaged", parameters=_ASKED | {"filterColumn": "Nope", "filterValue": "x"})
    assert _names(lab, filterColumn="Nope") == ["Web S"]


@checks("paging.filter_value_without_column", SP, SP2)
def test_2_4_sp_a_value_without_a_column_is_ignored_in_the_list_of_all_spaces(lab: Lab) -> None:
    assert _names(lab, filterValue="nothing%") == ["Web S"]


def test_2_2_filters_are_patterns_without_case_and_brackets_are_sql_servers() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            _shop(lab)
            assert sorted(_names(lab, filterColumn="PackageName", filterValue="%ET%")) == ["Beta"]
            assert _names(lab, filterColumn="PackageName", filterValue="_lpha") == ["alpha"]
    with Lab(SP) as lab:
        _shop(lab)
        assert _names(lab, filterColumn="PackageName", filterValue="[a-b]%") == ["alpha", "Beta"]


def test_2_2_a_sort_column_takes_desc_and_is_cleaned_of_other_characters() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            _shop(lab)
            assert _names(lab, sortColumn="PackageID DESC")[0] == "Delta"
            assert _names(lab, sortColumn="Package[ID]; DESC")[0] == "Delta"


def test_2_5_pages_of_domains_are_exact_in_both_logics() -> None:
    for flavour in (EF, SP, SP2):
        with Lab(flavour) as lab:
            for name in ("c.example", "A.example", "b.example"):
                add_domain(lab, name)
            asked: dict[str, Any] = {
                "packageId": 2,
                "recursive": True,
                "filterColumn": "",
                "filterValue": "",
                "sortColumn": "",
                "startRow": 1,
                "maximumRows": 1,
            }
            answer = lab.call("esServers.GetDomainsPaged", parameters=asked)
            assert lab.table(answer)[0]["column1"] == 3
            assert [row["domainname"] for row in lab.table(answer, 1)] == ["b.example"]


def test_3_4_sp_a_filter_value_is_cut_at_50() -> None:
    with Lab(SP) as lab:
        add_space(lab, name="n" * 50)
        assert _names(lab, filterColumn="PackageName", filterValue="n" * 50 + "x") == ["n" * 50]


@pytest.mark.parametrize(("first", "second"), [("a", "B"), ("Å", "b"), ("2", "a"), ("_", "1"), ("a", "Å"), ("", " x")])
def test_the_collation_sorts_blanks_signs_digits_and_letters_with_accents_behind(first: str, second: str) -> None:
    assert (sort_key(first) or "") < (sort_key(second) or "")


def test_the_collation_ignores_case_and_trailing_blanks_and_nothing_else() -> None:
    assert sort_key("Müller ") == sort_key("MÜLLER")
    assert sort_key("Müller") != sort_key("Muller")
    assert sort_key(" a") != sort_key("a")


def test_a_like_pattern_of_sql_server_knows_sets_and_negated_sets() -> None:
    assert like_pattern("[^a]%").fullmatch("bc")
    assert not like_pattern("[^a]%").fullmatch("Abc")
    assert like_pattern("50[%]").fullmatch("50%")


def test_a_column_name_with_sql_in_it_is_only_an_unknown_column() -> None:
    with Lab(EF) as lab, pytest.raises(ServiceFault):
        lab.call("esPackages.GetPackagesPaged", parameters=_ASKED | {"sortColumn": "1); DROP TABLE packages; --"})
