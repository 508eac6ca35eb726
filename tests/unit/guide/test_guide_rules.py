"""The reseller guide's rules in the model and in planning: what a manifest of the guide becomes before a byte is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from resellerplan.applying.outcome import StepKind
from resellerplan.applying.step import Step, lower
from resellerplan.applying.writes import CreateSpace
from resellerplan.manifest.load import load
from resellerplan.model.address import Address
from resellerplan.model.estate import Estate, OwnPackage
from resellerplan.model.hosting_plan import HostingPlan
from resellerplan.model.space import Space
from resellerplan.planning.plan import Plan, make_plan
from resellerplan.planning.policy import Policy
from resellerplan.planning.scope import EVERYTHING
from resellerplan.planning.terms import wanted_terms

GUIDE = Path(__file__).parents[3] / "examples" / "webpanel-guide" / "resellerplan.yaml"
EMPTY = Estate(reseller="brightweb", reseller_id=2, own=OwnPackage(panel_id=7, name="Reseller L", server_id=1))


def planned(folder: Path, *edits: tuple[str, str]) -> Plan:
    text = GUIDE.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    file = folder / "resellerplan.yaml"
    file.write_text(text, encoding="utf-8")
    return make_plan(load([str(file)]).demand().estate, EMPTY, EVERYTHING, Policy())


def letters(plan: Plan) -> list[Step]:
    return [step for step in lower(plan) if step.kind is StepKind.LETTER]


def test_customers_come_before_plans_and_plans_before_spaces(tmp_path: Path) -> None:
    kinds = [address.kind.value for wave in planned(tmp_path).waves for address in wave]
    assert kinds == sorted(kinds, key=["customer", "plan", "space"].index)


@pytest.mark.parametrize("listed", ["Web: {Sites: 1}", "Mail: {Accounts: 1}"])
def test_os_and_dns_are_in_every_plan_whatever_is_listed(tmp_path: Path, listed: str) -> None:
    file = tmp_path / "resellerplan.yaml"
    file.write_text(f"version: 1\nplans: [{{name: P, groups: {{{listed}}}}}]\n", encoding="utf-8")
    plan = load([str(file)]).demand().estate.resources[Address.plan("P")]
    assert isinstance(plan, HostingPlan)
    assert {"OS", "DNS"} <= set(wanted_terms(plan, None))


def test_no_letter_is_a_step_unless_it_is_wished(tmp_path: Path) -> None:
    assert letters(planned(tmp_path)) == []


def test_a_wished_letter_is_a_step_of_its_own_after_the_object_is_made(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        ("email: petra@mueller.example", "email: petra@mueller.example\n    summary_letter: true"),
        ("        name: Schmidt privat", "        name: Schmidt privat\n        summary_letter: true"),
    )
    found = letters(plan)
    assert [str(step.address) for step in found] == ["customer.mueller", 'space["schmidt/Schmidt privat"]']
    names = [step.name for step in lower(plan)]
    for step in found:
        made = next(each.name for each in lower(plan) if each.address == step.address and each.kind is StepKind.CREATE)
        assert made in step.needs
        assert names.index(made) < names.index(step.name)


def test_resources_are_made_only_with_a_domain(tmp_path: Path) -> None:
    spaces = {step.address.name: step.work for step in lower(planned(tmp_path)) if step.kind is StepKind.CREATE}
    with_domain, without = spaces["Müller Fliesen"], spaces["Schmidt privat"]
    assert isinstance(with_domain, CreateSpace)
    assert isinstance(without, CreateSpace)
    first, second = with_domain.space, without.space
    assert isinstance(first, Space)
    assert isinstance(first.domains, tuple)
    assert [domain.name for domain in first.domains] == ["mueller.example"]
    assert first.resources is not None
    assert not second.domains or not isinstance(second.domains, tuple)
    assert second.resources is None
