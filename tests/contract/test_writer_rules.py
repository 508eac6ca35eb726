"""What the writer refuses, cleans up after, and says: scope, proofs, letters, refusals, on every flavour."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from resellerplan.errors import CallForbidden, PanelAmbiguous, PanelError, PanelRefused
from resellerplan.model.address import Address
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import GroupTerms, HostingPlan
from resellerplan.model.lifecycle import Lifecycle
from resellerplan.model.space import Domain, Resources, Space
from resellerplan.model.values import NULL, Secret, Status
from resellerplan.panel.writer import Writer
from resellerplan.simpanel.chaos import Chaos
from resellerplan.simpanel.flavours import Defect
from tests.contract.test_writer_verdicts import plan, space, user
from tests.support.opened import FLAVOURS, WORLD, JumpingTime, Opened, opened

TABLES = (
    "users",
    "packages",
    "hosting_plans",
    "hosting_plan_quotas",
    "hosting_plan_resources",
    "package_addons",
    "package_quotas",
    "domains",
)


def state(panel: Opened) -> list[list[dict[str, object]]]:
    return [panel.rows(f"SELECT * FROM {table}") for table in TABLES]


OUTSIDE: dict[str, Callable[[Writer, Opened], object]] = {
    "a foreign customer": lambda w, p: w.update_customer(user(p, "fremd"), {"city": "x"}),
    "a customer's customer": lambda w, p: w.update_customer(user(p, "enkel"), {"city": "x"}),
    "a peer": lambda w, p: w.update_customer(user(p, "kollege"), {"city": "x"}),
    "the reseller himself": lambda w, p: w.update_customer(user(p, "brightweb"), {"city": "x"}),
    "the administrator": lambda w, p: w.update_customer(1, {"city": "x"}),
    "a foreign customer's status": lambda w, p: w.set_customer_status(user(p, "fremd"), Status.SUSPENDED),
    "a foreign customer's password": lambda w, p: w.change_password(user(p, "fremd"), Secret("x")),
    "a foreign customer's end": lambda w, p: w.delete_customer(user(p, "fremd"), wait_seconds=1),
    "a foreign customer's letter": lambda w, p: w.send_account_letter(user(p, "fremd")),
    "a foreign plan": lambda w, p: w.update_hosting_plan(plan(p, "Darkplan"), {"description": "x"}, addon=False),
    "the administrator's plan": lambda w, p: w.update_hosting_plan(plan(p, "Reseller L"), {"description": "x"}, addon=False),
    "a foreign plan's end": lambda w, p: w.delete_hosting_plan(plan(p, "Darkplan")),
    "a foreign space": lambda w, p: w.update_space(space(p, "Fremdraum"), {"comments": "x"}),
    "the own package": lambda w, p: w.update_space(space(p, "Reseller L"), {"comments": "x"}),
    "the root": lambda w, p: w.update_space(1, {"comments": "x"}),
    "a foreign space's status": lambda w, p: w.set_space_status(space(p, "Fremdraum"), Status.SUSPENDED),
    "a foreign space's end": lambda w, p: w.delete_space(space(p, "Fremdraum"), wait_seconds=1),
    "the own package's end": lambda w, p: w.delete_space(space(p, "Reseller L"), wait_seconds=1),
    "a domain in a foreign space": lambda w, p: w.add_domain(space(p, "Fremdraum"), Domain(name="x.example")),
    "an add-on of a foreign space": lambda w, p: w.set_addons(space(p, "Fremdraum"), {"Extra": 1}, {"Extra": plan(p, "Extra")}),
    "a space given to a foreign customer": lambda w, p: w.move_space(space(p, "Seite"), user(p, "fremd")),
    "a foreign space taken over": lambda w, p: w.move_space(space(p, "Fremdraum"), user(p, "leer")),
    "a space for a foreign customer": lambda w, p: w.create_space(
        Space(customer="fremd", name="N"), user(p, "fremd"), plan(p, "Start")
    ),
    "a space on a foreign plan": lambda w, p: w.create_space(
        Space(customer="leer", name="N"), user(p, "leer"), plan(p, "Darkplan")
    ),
    "a space on an add-on": lambda w, p: w.create_space(Space(customer="leer", name="N"), user(p, "leer"), plan(p, "Extra")),
    "a space moved to a foreign plan": lambda w, p: w.update_space(
        space(p, "Seite"), {"plan": "Darkplan"}, plan_id=plan(p, "Darkplan")
    ),
    "a plan as an add-on": lambda w, p: w.set_addons(space(p, "Seite"), {"Groß": 1}, {"Groß": plan(p, "Groß")}),
}


@pytest.mark.parametrize("flavour", [*FLAVOURS, "fusecp-2-ef-stock"])
@pytest.mark.parametrize("what", OUTSIDE)
def test_a_write_outside_the_scope_is_refused_before_it_is_sent(flavour: str, what: str) -> None:
    """On the stock panel every caller is the administrator, and on 1.x a refused write is carried out: only we stand between."""
    with opened(flavour) as panel:
        before = state(panel)
        # A sound panel does not even show the foreigner: then it is "not there". The stock one shows everybody everything.
        with pytest.raises((CallForbidden, PanelRefused)) as caught:
            OUTSIDE[what](panel.writer, panel)
        assert "nothing was sent" in caught.value.detail
        assert flavour != "fusecp-2-ef-stock" or isinstance(caught.value, CallForbidden)
        assert state(panel) == before


LEFT: dict[str, tuple[Callable[[Opened], int], str]] = {
    "with spaces": (lambda p: user(p, "mueller"), "user-has-spaces"),
    "with customers of its own": (lambda p: user(p, "leer"), "user-has-users"),
    "with plans of its own": (lambda p: user(p, "leer"), "user-has-plans"),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("what", LEFT)
def test_a_customer_with_something_left_is_not_deleted_and_the_panel_lives(flavour: str, what: str) -> None:
    with opened(flavour) as panel:
        find, slug = LEFT[what]
        number = find(panel)
        with panel.site.panel.store.writing() as db:
            if slug == "user-has-users":
                db.execute("UPDATE users SET owner_id = ? WHERE username = 'enkel'", (number,))
            if slug == "user-has-plans":
                db.execute("UPDATE hosting_plans SET user_id = ? WHERE plan_name = 'Darkplan'", (number,))
        with pytest.raises(PanelRefused) as caught:
            panel.writer.delete_customer(number, wait_seconds=5)
        assert caught.value.slug == slug
        assert panel.session.client.boolean("UserExists", username="mueller")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_plan_in_use_is_not_deleted(flavour: str) -> None:
    with opened(flavour) as panel:
        with pytest.raises(PanelRefused) as caught:
            panel.writer.delete_hosting_plan(plan(panel, "Start"))
        assert caught.value.slug == "plan-in-use"


RESOURCES: dict[str, tuple[dict[str, Any], Resources, str]] = {
    "no web": ({"DNS": {}, "OS": {"Domains": 2}}, Resources(website=True), "website-quota"),
    "no FTP": ({"DNS": {}, "OS": {"Domains": 2}, "Web": {"Sites": 2}}, Resources(ftp=True), "ftp-quota"),
    "no mail": ({"DNS": {}, "OS": {"Domains": 2}, "Web": {"Sites": 2}}, Resources(mail=True), "mail-account-quota"),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("what", RESOURCES)
def test_a_refused_resource_leaves_no_space_behind(flavour: str, what: str) -> None:
    groups, resources, slug = RESOURCES[what]
    world = {**WORLD, "plans": [*WORLD["plans"], {"name": "Karg", "owner": "brightweb", "groups": groups}]}
    with opened(flavour, world, panel={"delay": 0.05}) as panel:
        wanted = Space(customer="leer", name="N", domains=(Domain(name="n.example"),), resources=resources)
        with pytest.raises(PanelRefused) as caught:
            panel.writer.create_space(wanted, user(panel, "leer"), plan(panel, "Karg"))
        assert caught.value.slug == slug
        assert "`resources:" in caught.value.hint
        assert panel.rows("SELECT * FROM packages WHERE package_name = 'N'") == []
        assert panel.rows("SELECT * FROM domains WHERE domain_name = 'n.example'") == []


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_domain_that_is_taken_makes_no_space(flavour: str) -> None:
    with opened(flavour) as panel:
        wanted = Space(customer="leer", name="N", domains=(Domain(name="mueller.example"),))
        with pytest.raises(PanelRefused) as caught:
            panel.writer.create_space(wanted, user(panel, "leer"), plan(panel, "Start"))
        assert caught.value.slug == "domain-exists"
        assert panel.rows("SELECT * FROM packages WHERE package_name = 'N'") == []


def test_more_than_the_own_package_holds_is_told_by_quota() -> None:
    with opened("fusecp-2-ef") as panel:
        huge = panel.writer.create_hosting_plan(HostingPlan(name="Riesig", groups={"OS": GroupTerms(quotas={"OS.Domains": 999})}))
        with pytest.raises(PanelRefused) as caught:
            panel.writer.create_space(Space(customer="leer", name="N"), user(panel, "leer"), huge)
        assert caught.value.slug == "quota-exceeded"
        ((name, excess),) = caught.value.exceeding
        assert name == "OS.Domains"
        assert excess > 900
        assert caught.value.detail.splitlines()[-1].split() == ["OS.Domains", "50", str(50 + excess), str(excess)]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_quota_that_the_panel_does_not_have_is_not_dropped_in_silence(flavour: str) -> None:
    with opened(flavour) as panel:
        with pytest.raises(PanelRefused) as caught:
            panel.writer.create_hosting_plan(HostingPlan(name="N", groups={"OS": GroupTerms(quotas={"OS.Nope": 1})}))
        assert caught.value.slug == "unknown-quota"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_suspended_customer_is_activated_without_waking_everything(flavour: str) -> None:
    with opened(flavour) as panel:
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE packages SET override_quotas = 0")
        number = user(panel, "mueller")
        panel.writer.set_customer_status(number, Status.SUSPENDED)
        statuses = {str(r["package_name"]): r["status_id"] for r in panel.rows("SELECT * FROM packages")}
        assert statuses["Seite"] == statuses["Eigen"] == 2
        panel.writer.set_customer_status(number, Status.ACTIVE)
        statuses = {str(r["package_name"]): r["status_id"] for r in panel.rows("SELECT * FROM packages")}
        assert statuses["Seite"] == statuses["Eigen"] == 2
        panel.writer.set_space_status(space(panel, "Seite"), Status.ACTIVE)
        statuses = {str(r["package_name"]): r["status_id"] for r in panel.rows("SELECT * FROM packages")}
        assert (statuses["Seite"], statuses["Eigen"]) == (1, 2)


def test_a_half_done_suspension_is_unknown_and_says_what_was_left() -> None:
    with opened("fusecp-2-ef") as panel:  # a space with own terms faults there
        number = user(panel, "mueller")
        with pytest.raises(PanelAmbiguous) as caught:
            panel.writer.set_customer_status(number, Status.SUSPENDED)
        assert "have kept theirs" in caught.value.detail


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_fields_for_creation_only_are_used_and_the_status_is_left_for_later(flavour: str) -> None:
    wanted = Customer(
        username=" neu ",
        first_name=NULL,
        status=Status.SUSPENDED,
        lifecycle=Lifecycle(initial={"primary_phone": "+49 1", "city": "Ulm"}),
    )
    with opened(flavour) as panel:
        number = panel.writer.create_customer(wanted, Secret("Pw-1!"))
        base = panel.writer.read(Address.customer("neu"), number)
        assert base is not None
        made = base.resource
        assert isinstance(made, Customer)
        assert (made.username, made.primary_phone, made.city, made.status) == ("neu", "+49 1", "Ulm", Status.ACTIVE)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_password_that_the_panel_would_cut_is_not_sent(flavour: str) -> None:
    with opened(flavour) as panel, pytest.raises(PanelRefused, match="72 characters"):
        panel.writer.create_customer(Customer(username="neu"), Secret("x" * 72))


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_names_taken_out_of_reach_are_told(flavour: str) -> None:
    with opened(flavour) as panel:
        for name in ("fremd", "enkel", "kollege", "darkweb"):
            with pytest.raises(PanelRefused) as caught:
                panel.writer.find(Address.customer(name))
            assert caught.value.slug == "name-taken"


def test_a_name_is_found_where_the_look_up_by_name_faults() -> None:
    with opened("fusecp-2-ef", panel={"defects": {Defect.READER_IN_USE_FAULT}}) as panel:
        assert panel.writer.find(Address.customer("mueller")) == user(panel, "mueller")
        assert panel.writer.find(Address.customer("niemand")) is None


def test_a_stock_panel_that_faults_and_makes_the_space_is_told_from_one_that_does_not() -> None:
    """Stock FuseCP on SQLite answers every AddPackageWithResources with a fault, and the space is there (contract 7.6).

    Its fault says that something could not be translated; nobody waits for a space to go that stays.
    """
    clock = JumpingTime().clock
    with opened("fusecp-2-ef-stock", clock=clock) as panel:
        began = clock.monotonic()
        number = panel.writer.create_space(Space(customer="leer", name="N"), user(panel, "leer"), plan(panel, "Start"))
        assert clock.monotonic() - began < 20
        assert [r["package_id"] for r in panel.rows("SELECT * FROM packages WHERE package_name = 'N'")] == [number]


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("field", ["city", "first_name"])
def test_an_object_with_a_broken_text_is_not_rewritten_by_accident(flavour: str, field: str) -> None:
    with opened(flavour) as panel:
        number = user(panel, "leer")
        with panel.site.panel.store.writing() as db:
            db.execute("UPDATE users SET first_name = ? WHERE user_id = ?", ("L\x08eo", number))
        if flavour == "solidcp-1.5":
            with pytest.raises(PanelError):  # there the whole reply is a web page
                panel.writer.update_customer(number, {field: "neu"})
            return
        if field == "first_name":
            panel.writer.update_customer(number, {field: "neu"})
            assert panel.rows("SELECT first_name FROM users WHERE user_id = ?", number) == [{"first_name": "neu"}]
        else:
            with pytest.raises(CallForbidden, match="XML can't carry"):
                panel.writer.update_customer(number, {field: "neu"})


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_editor_between_the_base_and_the_write_is_seen_afterwards(flavour: str) -> None:
    """Nobody can stop him without locks or ETags; what is verified is what was asked for."""
    rules = {
        "rules": [
            {
                "what": "editor",
                "call": "UpdateUser",
                "occurrence": 1,
                "when": "after",
                "edit": {
                    "as": {"username": "brightweb", "password": "Reseller-Pw1!"},
                    "read": {"call": "esUsers.GetUserByUsername", "parameters": {"username": "leer"}},
                    "change": {"City": "Anderswo"},
                    "write": {"call": "esUsers.UpdateUser", "object": "user"},
                },
            }
        ]
    }
    chaos = Chaos.from_data(rules, ticks=time.monotonic)
    with opened(flavour, chaos=chaos, clock=JumpingTime().clock) as panel:
        number = user(panel, "leer")
        with pytest.raises(PanelAmbiguous, match="shows something else"):
            panel.writer.update_customer(number, {"city": "Bonn"})


LETTER = {"Subject": "Konto", "From": "a@b.example", "CC": "", "TextBody": "Hallo", "HtmlBody": "<p>Hallo</p>"}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_letters_go_out_on_demand_and_only_then(flavour: str) -> None:
    world = {**WORLD, "user_settings": {"brightweb": {"AccountSummaryLetter": LETTER, "PackageSummaryLetter": LETTER}}}
    with opened(flavour, world) as panel:

        def letters() -> int:
            return len(panel.rows("SELECT * FROM outbox"))

        customer = panel.writer.create_customer(Customer(username="neu", email="n@neu.example"), Secret("Pw-1!"))
        made = panel.writer.create_space(Space(customer="neu", name="N"), customer, plan(panel, "Start"))
        assert letters() == 0
        assert panel.writer.send_account_letter(customer).sent
        assert letters() == 1
        assert panel.writer.send_space_letter(made).sent
        assert letters() == 2


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_empty_letter_is_said_not_to_be_sent(flavour: str) -> None:
    world = {**WORLD, "user_settings": {"brightweb": {"PackageSummaryLetter": {**LETTER, "TextBody": "", "HtmlBody": ""}}}}
    with opened(flavour, world) as panel:
        receipt = panel.writer.send_space_letter(space(panel, "Seite"))
        assert not receipt.sent
        assert "empty" in receipt.remark
        assert panel.rows("SELECT * FROM outbox") == []


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_letter_whose_answer_is_lost_is_unknown(flavour: str) -> None:
    chaos = Chaos.from_data({"rules": [{"what": "reset_after_commit", "call": "SendAccountSummaryLetter"}]}, ticks=time.monotonic)
    with opened(flavour, chaos=chaos, clock=JumpingTime().clock) as panel, pytest.raises(PanelAmbiguous, match="cut"):
        panel.writer.send_account_letter(user(panel, "leer"))
