"""Contract 2.4, CreateUserWizard: a customer with a space and resources in one call."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import account, add_domain, add_plan, add_space


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
