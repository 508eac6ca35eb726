"""Letters and templates: contract 2.4, 5.2, 6.9; real panel reports 6 and 11."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.lab import EF, PASSWORD, SP, Lab, checks

BRIGHTWEB, MUELLER, SCHMIDT, FINSTER = 2, 4, 5, 6
MUELLERS_SPACE, FINSTERS_SPACE = 4, 5
ADDRESS = "petra@mueller.example"


def own_letters(
    lab: Lab, text: str = "Hallo #user.FirstName#\nPasswort #user.Password#", html: str = "<p>#user.Username#</p>"
) -> None:
    """Letters of the reseller's own, without a CC."""
    for name in ("AccountSummaryLetter", "PackageSummaryLetter"):
        pairs = [
            ["From", "panel@brightweb.example"],
            ["CC", ""],
            ["Subject", "Für #user.Username#"],
            ["TextBody", text],
            ["HtmlBody", html],
            ["EnableLetter", "False"],
        ]
        given = lab.record("UserSettings", UserId=BRIGHTWEB, SettingsName=name, SettingsArray=pairs)
        lab.call("esUsers.UpdateUserSettings", settings=given)
    lab.write("UPDATE users SET html_mail = 0")


def send(lab: Lab, to: str | None = None, cc: str | None = None, user: int = MUELLER, as_: str = "brightweb") -> Any:
    return lab.call("esPackages.SendAccountSummaryLetter", as_, userId=user, to=to, cc=cc)


def sent(lab: Lab) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in lab.rows("SELECT recipient, bcc, subject, is_html, body FROM outbox ORDER BY letter_id")]


@checks("send_letter.demo", EF, SP)
def test_2_4_1_a_demo_caller_sends_no_letters(lab: Lab) -> None:
    lab.write("UPDATE users SET is_demo = 1 WHERE user_id = 2")
    assert send(lab) == -106
    assert lab.call("esPackages.SendPackageSummaryLetter", packageId=MUELLERS_SPACE) == -106


@checks("send_account_letter.visible", EF, SP)
def test_2_4_2_an_invisible_or_unknown_user_is_minus_101(lab: Lab) -> None:
    assert [send(lab, user=number) for number in (FINSTER, 4711)] == [-101, -101]


@checks("send_package_letter.known", EF, SP)
def test_2_4_an_unknown_space_is_minus_300(lab: Lab) -> None:
    assert lab.call("esPackages.SendPackageSummaryLetter", packageId=4711) == -300


@checks("send_package_letter.visible", EF, SP)
def test_2_4_a_foreign_space_is_minus_101(lab: Lab) -> None:
    assert lab.call("esPackages.SendPackageSummaryLetter", packageId=FINSTERS_SPACE) == -101


@checks("letters.empty_body", EF, SP)
def test_2_4_3_a_letter_without_a_body_is_0_and_not_sent(lab: Lab) -> None:
    assert lab.call("esPackages.SendPackageSummaryLetter", packageId=MUELLERS_SPACE) == 0
    assert sent(lab) == []
    assert lab.call("esPackages.GetEvaluatedPackageTemplateBody", packageId=MUELLERS_SPACE) is None


@checks("letters.html_body", EF, SP)
def test_2_4_3_html_mail_picks_the_html_body(lab: Lab) -> None:
    own_letters(lab)
    lab.write("UPDATE users SET html_mail = 1 WHERE user_id = 4")
    assert send(lab) == 0
    assert sent(lab)[0][3:] == (1, "<p>mueller</p>")


@checks("letters.null_recipient_is_the_user", EF, SP)
def test_2_4_4_no_recipient_means_the_users_address(lab: Lab) -> None:
    own_letters(lab)
    assert send(lab) == 0
    assert sent(lab)[0][:3] == (ADDRESS, None, "Für mueller")


@checks("letters.malformed_recipient", EF, SP)
def test_2_4_4_an_empty_recipient_is_minus_1921(lab: Lab) -> None:
    own_letters(lab)
    assert [send(lab, to) for to in ("", "no address", "a@b.example, c@d.example")] == [-1921] * 3
    assert sent(lab) == []


@checks("letters.one_bcc_address", EF, SP)
def test_2_4_4_two_addresses_in_bcc_are_minus_1921(lab: Lab) -> None:
    own_letters(lab)
    assert send(lab, cc="a@b.example,c@d.example") == -1921
    lab.write("UPDATE users SET secondary_email = 'zweite@mueller.example' WHERE user_id = 4")
    assert send(lab, cc="a@b.example") == -1921
    assert send(lab) == 0
    assert sent(lab)[0][1] == "zweite@mueller.example"


def test_2_4_4_with_the_installers_letter_a_second_address_fails() -> None:
    with Lab() as lab:
        assert send(lab) == 0
        lab.write("UPDATE users SET secondary_email = 'zweite@mueller.example' WHERE user_id = 4")
        assert send(lab) == -1921


@checks("letters.refused_recipient", EF, SP)
def test_2_4_5_a_refused_recipient_is_minus_1908(lab: Lab) -> None:
    own_letters(lab)
    assert send(lab, "bounce@x.example") == -1908


@checks("letters.password_by_right", EF, SP)
def test_5_2_only_who_may_get_the_password_sees_it_in_a_letter(lab: Lab) -> None:
    lab.write("UPDATE users SET html_mail = 0")
    template = "P #user.Password#"
    evaluate = "esPackages.EvaluateUserPackageTempate"
    assert lab.call(evaluate, userId=MUELLER, packageId=-1, template=template) == f"P {PASSWORD}"
    assert lab.call(evaluate, "mueller", userId=BRIGHTWEB, packageId=-1, template=template) == "P "


@checks("letters.text_breaks", EF, SP)
def test_2_4_a_shown_text_body_has_breaks_for_line_feeds(lab: Lab) -> None:
    own_letters(lab)
    found = lab.call("esPackages.GetEvaluatedAccountTemplateBody", userId=MUELLER)
    assert found == f"Hallo Petra<br/>Passwort {PASSWORD}"
    send(lab)
    assert sent(lab)[0][4] == f"Hallo Petra\nPasswort {PASSWORD}"


@checks("template_body.visible", EF, SP)
def test_2_4_the_body_for_an_invisible_user_or_space_is_a_null_reference(lab: Lab) -> None:
    for fault in (
        lab.fault("esPackages.GetEvaluatedAccountTemplateBody", userId=FINSTER),
        lab.fault("esPackages.GetEvaluatedPackageTemplateBody", packageId=FINSTERS_SPACE),
    ):
        assert fault.startswith("Object reference not set")


@checks("template_body.settings_rights", EF, SP)
def test_2_4_the_account_letter_of_ones_own_reseller_is_a_rights_fault(lab: Lab) -> None:
    text = lab.fault("esPackages.GetEvaluatedAccountTemplateBody", "mueller", userId=BRIGHTWEB)
    assert text == "You are not allowed to access this account"


def test_real_panel_11_a_faulty_template_is_mailed_as_its_error_with_result_0() -> None:
    with Lab() as lab:
        own_letters(lab, text="Hallo #user.Nope#")
        assert send(lab) == 0
        body = sent(lab)[0][4]
        assert body.startswith(
            "Error in template (Line 1, Column 8): Public property could not be found: Nope. Supported properties: Password,"
        )
        assert body.endswith(",MfaMode,AdditionalParams,Vlans")


def test_2_4_a_space_template_knows_the_space_and_its_quotas() -> None:
    with Lab() as lab:
        template = (
            "#space.Package.PackageName#: #space.Package.StatusId#"
            '<ad:foreach collection="#space.GroupsArray#" var="group"> #group.GroupName#</ad:foreach>'
            ' #space.Quotas["OS.Domains"].QuotaAllocatedValue#'
        )
        found = lab.call("esPackages.EvaluateUserPackageTempate", userId=MUELLER, packageId=MUELLERS_SPACE, template=template)
        assert found == "Web S: 1 OS Web FTP Mail DNS 5"
        error = lab.call(
            "esPackages.EvaluateUserPackageTempate", userId=MUELLER, packageId=MUELLERS_SPACE, template="#space.User.Username#"
        )
        assert error.endswith(
            "Public property could not be found: User. Supported properties: Package,GroupsArray,QuotasArray,Groups,Quotas"
        )


def test_6_9_the_installers_letters_are_there() -> None:
    for name in (EF, SP):
        with Lab(name) as lab:
            account = lab.call("esUsers.GetUserSettings", userId=BRIGHTWEB, settingsName="AccountSummaryLetter")
            space = lab.call("esUsers.GetUserSettings", userId=BRIGHTWEB, settingsName="PackageSummaryLetter")
            assert account["UserId"] == 1
            assert dict(account["SettingsArray"])["EnableLetter"] == "False"
            assert [pair[0] for pair in space["SettingsArray"]] == ["CC", "EnableLetter", "From", "Priority", "Subject"]
            assert dict(space["SettingsArray"])["EnableLetter"] == "True"


@pytest.mark.parametrize("name", [EF, SP])
def test_the_hand_over_gets_each_letter_once_it_is_kept(name: str) -> None:
    handed: list[int] = []
    with Lab(name, hand_over=handed.append) as lab:
        own_letters(lab)
        assert [send(lab), send(lab, "")] == [0, -1921]
        assert handed == [1]
