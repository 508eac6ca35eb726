"""Contract 2.4, CreateUserWizard: a customer with a space and resources in one call."""

from __future__ import annotations

from typing import Any

import pytest

from resellerplan.simpanel.wire import ServiceFault
from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import AGENT_DOWN, NULL, account, add_domain, add_plan, add_space


def _wizard(lab: Lab, username: str = "wiz", as_: str = "brightweb", parent: int = 2, **given: Any) -> Any:
    asked: dict[str, Any] = {
        "parentPackageId": parent,
        "username": username,
        "password": "Kunde-Pw1!",
        "roleId": 3,
        "createPackage": True,
        "planId": 2,
    }
    return lab.call(
        "esPackages.CreateUserWizard", as_, parameters=asked | {"email": "w@w.example", "firstName": "W", "lastName": "W"} | given
    )


@checks("create_user_wizard.account", EF, SP, SP2)
def test_2_4_a_customer_has_no_wizard(lab: Lab) -> None:
    assert _wizard(lab, as_="mueller") == -112
    account(lab, 2, status_id=2)
    assert _wizard(lab) == -104


@checks("create_user_wizard.parent", EF, SP)
def test_2_4_the_parent_space_must_be_there_and_active(lab: Lab) -> None:
    assert _wizard(lab, parent=4711) == -300
    lab.write("UPDATE packages SET status_id = 2 WHERE package_id = 2")
    assert _wizard(lab) == -303
    lab.write("UPDATE packages SET status_id = 3 WHERE package_id = 2")
    assert _wizard(lab) == -304


@checks("create_user_wizard.user_exists", EF, SP)
def test_2_4_a_user_that_exists_answers_1100(lab: Lab) -> None:
    assert _wizard(lab, "mueller") == -1100


@checks("create_user_wizard.domain_taken", EF, SP)
def test_2_4_a_domain_that_exists_answers_502(lab: Lab) -> None:
    add_domain(lab, "taken.example")
    assert _wizard(lab, domainName="taken.example") == -502


@checks("create_user_wizard.ftp_taken", EF, SP)
def test_2_4_an_ftp_name_that_exists_answers_1101_wanted_or_not(lab: Lab) -> None:
    add_space(lab, createResources=True, createFtpAccount=True, ftpAccountName="wiz")
    assert _wizard(lab) == -1101


@checks("create_user_wizard.owner_of_parent", EF, SP)
def test_2_4_the_owner_is_the_owner_of_the_parent_space(lab: Lab) -> None:
    user = _wizard(lab, as_="serveradmin")
    assert lab.value("SELECT owner_id FROM users WHERE user_id = ?", user) == 2
    rows = lab.rows("SELECT package_name, parent_package_id, status_id FROM packages WHERE user_id = ?", user)
    assert [tuple(row) for row in rows] == [("Web S", 2, 1)]


@checks("create_user_wizard.rollback", EF, SP)
def test_2_4_a_step_that_fails_takes_user_and_space_with_it(lab: Lab) -> None:
    plan = add_plan(lab, "Bare", {53: 5}, groups=(1, 7))
    assert _wizard(lab, planId=plan, domainName="w.example", createWebSite=True) == -600
    assert lab.value("SELECT count(*) FROM users WHERE username = 'wiz'") == 0
    assert lab.value("SELECT count(*) FROM packages WHERE plan_id = ?", plan) == 0


@checks("create_user_wizard.letters", EF, SP)
def test_2_4_letters_go_out_whatever_enable_letter_says_and_a_mail_code_undoes_the_user(lab: Lab) -> None:
    pairs = [["From", "a@b.example"], ["Subject", "s"], ["HtmlBody", "h"], ["TextBody", "t"], ["EnableLetter", "False"]]
    for name in ("AccountSummaryLetter", "PackageSummaryLetter"):
        lab.call("esUsers.UpdateUserSettings", settings={"UserId": 2, "SettingsName": name, "SettingsArray": pairs})
    assert _wizard(lab, sendAccountLetter=True, sendPackageLetter=True) > 0
    assert lab.value("SELECT count(*) FROM outbox") == 2
    assert _wizard(lab, "bad", sendAccountLetter=True, email="no address") == -1921
    assert lab.value("SELECT count(*) FROM users WHERE username = 'bad'") == 0


@checks("create_user_wizard.domain_when", EF, SP)
def test_2_4_a_domain_is_made_only_for_a_site_a_mailbox_or_a_zone_record(lab: Lab) -> None:
    assert _wizard(lab, "one", domainName="one.example") > 0
    assert lab.value("SELECT count(*) FROM domains") == 0
    assert _wizard(lab, "two", domainName="two.example", createZoneRecord=True, createMailAccount=True, createFtpAccount=True) > 0
    assert lab.value("SELECT count(*) FROM domains") == 1


def test_2_4_the_codes_of_add_user_come_through() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert _wizard(lab, "ba/d") == -111
            assert _wizard(lab, "foreign", parent=3) == -2


@checks("create_user_wizard.plan_unknown", EF, SP, SP2)
def test_2_4_an_unknown_plan_is_a_null_reference_and_the_user_goes_again(lab: Lab) -> None:
    with pytest.raises(ServiceFault) as refused:
        _wizard(lab, planId=4711)
    assert str(refused.value) == NULL
    assert lab.value("SELECT count(*) FROM users WHERE username = 'wiz'") == 0


@checks("create_user_wizard.faults_told", EF, SP, world=AGENT_DOWN.replace("services: [DNS]", "services: [DNS, Web, FTP, Mail]"))
def test_2_4_a_resource_that_faults_is_told_and_takes_the_user_with_it(lab: Lab) -> None:
    cases: dict[str, Any] = {
        "Could not create web site": {"createWebSite": True},
        "Could not create FTP account": {"createFtpAccount": True},
        "Could not create mail account": {"createMailAccount": True},
    }
    for text, asked in cases.items():
        with pytest.raises(ServiceFault) as refused:
            _wizard(lab, domainName="w.example", **asked)
        assert str(refused.value).startswith(f"{text} ---> ")
        assert lab.value("SELECT count(*) FROM users WHERE username = 'wiz'") == 0
        assert lab.value("SELECT count(*) FROM domains") == 0


@checks("create_user_wizard.zone_last", EF, SP, world=AGENT_DOWN)
def test_2_4_a_zone_that_faults_leaves_user_space_and_domain(lab: Lab) -> None:
    with pytest.raises(ServiceFault) as refused:
        _wizard(lab, domainName="w.example", createZoneRecord=True)
    assert str(refused.value).startswith("Error executing 'ENABLE_DNS' task on 'w.example' DOMAIN ---> ")
    assert lab.value("SELECT count(*) FROM users WHERE username = 'wiz'") == 1
    assert lab.value("SELECT domain_name FROM domains WHERE zone_item_id IS NULL") == "w.example"


@checks("create_user_wizard.preview_domain", EF, SP)
def test_2_4_a_preview_name_that_is_refused_undoes_the_user(lab: Lab) -> None:
    assert _wizard(lab, domainName="w.example", createZoneRecord=True, tempDomain=True) == -511
    assert lab.value("SELECT count(*) FROM users WHERE username = 'wiz'") == 0
    pairs = [["PreviewDomain", "preview.example"]]
    lab.call("esPackages.UpdatePackageSettings", settings={"PackageId": 2, "SettingsName": "PreviewDomain", "SettingsArray": pairs})
    assert _wizard(lab, domainName="w.example", createZoneRecord=True, tempDomain=True) > 0
    names = [tuple(row) for row in lab.rows("SELECT domain_name, is_preview_domain FROM domains ORDER BY domain_id")]
    assert names == [("w.example", 0), ("w.example.preview.example", 1)]
    assert lab.value("SELECT count(*) FROM service_items WHERE item_type = 'dns_zone'") == 2


@checks("mail_account.policy", EF, SP)
def test_2_4_the_mailbox_is_named_as_the_effective_mail_policy_says(lab: Lab) -> None:
    lab.call(
        "esUsers.UpdateUserSettings",
        settings={"UserId": 2, "SettingsName": "MailPolicy", "SettingsArray": [["CatchAllName", "alles"]]},
    )
    assert _wizard(lab, domainName="w.example", createMailAccount=True) > 0
    assert add_space(lab, createResources=True, domainName="x.example", createMailAccount=True) > 0
    boxes = [row[0] for row in lab.rows("SELECT item_name FROM service_items WHERE item_type = 'mail_account' ORDER BY item_id")]
    assert boxes == ["alles@w.example", "alles@x.example"]


def test_2_4_resources_are_made_only_with_a_space() -> None:
    for flavour in (EF, SP):
        with Lab(flavour) as lab:
            assert _wizard(lab, createPackage=False, domainName="w.example", createWebSite=True, sendPackageLetter=True) > 0
            assert lab.value("SELECT count(*) FROM domains") == 0
