"""What letters and templates know besides the user and the space: contract 2.4 letters."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks

ADMIN, BRIGHTWEB, MUELLER, SCHMIDT = 1, 2, 4, 5
MUELLERS_SPACE = 4
EVERY = (EF, SP, SP2)


def text(lab: Lab, template: str, as_: str = "brightweb", user: int = MUELLER, space: int = -1) -> Any:
    return lab.call("esPackages.EvaluateUserPackageTempate", as_, userId=user, packageId=space, template=template)


@checks("letters.reseller_known", *EVERY)
def test_2_4_a_template_knows_the_reseller_without_its_password(lab: Lab) -> None:
    template = "#reseller.FirstName# #reseller.Email# [#reseller.Password#]"
    for space in (-1, MUELLERS_SPACE):
        assert text(lab, template, space=space) == "Bert info@brightweb.example []"
    assert text(lab, "#reseller.Username#", user=BRIGHTWEB) == "serveradmin"
    assert text(lab, "#reseller.Username#", "mueller") == "brightweb"


def test_2_4_a_reseller_whom_the_caller_can_not_see_is_no_variable() -> None:
    with Lab(EF) as lab:
        assert text(lab, "#reseller.Username#", "kollege").endswith("Variable could not be found: reseller")
    with Lab(SP) as lab:
        assert text(lab, "#reseller.Username#", "kollege") == "brightweb"
        assert text(lab, "#reseller.Username#", "serveradmin", ADMIN).endswith("Variable could not be found: reseller")


@checks("letters.mailed_or_shown", *EVERY)
def test_2_4_a_template_is_told_whether_it_is_mailed_or_shown(lab: Lab) -> None:
    lab.write("UPDATE user_settings SET property_value = '' WHERE property_name = 'CC'")
    for name in ("AccountSummaryLetter", "PackageSummaryLetter"):
        for body in ("TextBody", "HtmlBody"):
            lab.write("REPLACE INTO user_settings VALUES (1, ?, ?, '#Email#')", name, body)
    assert lab.call("esPackages.GetEvaluatedAccountTemplateBody", userId=MUELLER) == "False"
    assert lab.call("esPackages.GetEvaluatedPackageTemplateBody", packageId=MUELLERS_SPACE) == "False"
    assert text(lab, "#Email#") == text(lab, "#Email#", space=MUELLERS_SPACE) == "False"
    assert lab.call("esPackages.SendAccountSummaryLetter", userId=MUELLER) == 0
    assert lab.call("esPackages.SendPackageSummaryLetter", packageId=MUELLERS_SPACE) == 0
    assert [row[0] for row in lab.rows("SELECT body FROM outbox")] == ["True", "True"]


def test_2_4_an_account_template_walks_over_the_users_spaces_and_plans() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            walk = '<ad:foreach collection="#Spaces#" var="s">#s.PackageName#: #Plans[s.PlanId].PlanName#;</ad:foreach>'
            assert text(lab, walk) == "Web S: Web S;"
            assert text(lab, walk, user=SCHMIDT) == ""


def test_2_4_a_space_template_walks_over_what_is_in_the_space() -> None:
    for name in EVERY:
        with Lab(name) as lab:
            lab.call(
                "esPackages.AddPackageWithResources",
                parameters={
                    "userId": MUELLER,
                    "planId": 2,
                    "spaceName": "voll",
                    "statusId": 1,
                    "createResources": True,
                    "domainName": "voll.example",
                    "createWebSite": True,
                    "createFtpAccount": True,
                    "ftpAccountName": "vollftp",
                    "createMailAccount": True,
                    "hostName": "www",
                },
            )
            number = lab.value("SELECT package_id FROM packages WHERE package_name = 'voll'")
            walks = {
                "Domains": "DomainName",
                "WebSites": "Name",
                "FtpAccounts": "Name",
                "MailAccounts": "Name",
            }
            found = {
                many: text(lab, f'<ad:foreach collection="#{many}#" var="x">#x.{member}#;</ad:foreach>', space=number)
                for many, member in walks.items()
            }
            assert "voll.example;" in found["Domains"]
            assert found["WebSites"] == "www.voll.example;"
            assert found["FtpAccounts"] == "vollftp;"
            assert found["MailAccounts"].endswith("@voll.example;")
            assert text(lab, "#plan.PlanName#", space=number) == "Web S"
