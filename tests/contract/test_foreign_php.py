"""PHP's SoapClient, as the WHMCS module uses it (contract 8), against both faces. Needs php-cli and php-soap."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.foreign_walk import ACTORS, WORLD, Names, walk
from tests.support.served import on_socket, site

pytestmark = [pytest.mark.loopback, pytest.mark.foreign]

SCRIPT = Path(__file__).resolve().parents[1] / "foreign" / "soap_client.php"


class PhpFault(Exception):
    """A SoapFault: its code and its text."""


def plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value))


class Php:
    """A PHP process that makes calls."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def call(self, actor: str, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        """One call. Raises :class:`PhpFault`."""
        return self.call_as(ACTORS.get(actor, (actor, "")), service, operation, parameters)

    def call_as(self, actor: tuple[str, str], service: str, operation: str, parameters: dict[str, Any]) -> Any:
        """One call with these credentials."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = {"actor": actor, "service": service, "operation": operation, "parameters": parameters}
        self._process.stdin.write(json.dumps(line, default=plain) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "fault" in answer:
            raise PhpFault(*answer["fault"])
        return answer["value"]


@contextmanager
def php(url: str, face: str, form: str = "plain") -> Iterator[Php]:
    """A running PHP process."""
    process = subprocess.Popen(
        ["php", str(SCRIPT), url, face, form], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        yield Php(process)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("flavour_name", "face", "form"),
    [("solidcp-1.5", "asmx", "plain"), ("fusecp-2-ef", "corewcf", "plain"), ("fusecp-2-ef", "corewcf", "single")],
)
def test_php_walks_through_every_kind(flavour_name: str, face: Any, form: str) -> None:
    with site(flavour_name, WORLD) as found, on_socket(found) as front, php(front.url, face, form) as client:
        shown = walk(client.call, Names.of(face))
    assert len(shown) > 30


def test_the_whmcs_module_creates_suspends_changes_and_terminates() -> None:
    """The module's sequences (contract 8.2): CreateAccount, Suspend, ChangePassword, ChangePackage, UsageUpdate, Terminate."""
    with site("solidcp-1.5", WORLD) as found, on_socket(found) as front, php(front.url, "asmx") as client:
        names = Names.of("asmx")

        def call(service: str, operation: str, **parameters: Any) -> Any:
            return client.call("reseller", service, operation, parameters)

        group = {"HostingPlanGroupInfo": [{"GroupId": 1, "Enabled": True, "CalculateDiskSpace": True, "CalculateBandwidth": True}]}
        quotas = {"HostingPlanQuotaInfo": [{"QuotaId": 52, "QuotaValue": 100}, {"QuotaId": 53, "QuotaValue": 5}]}
        plan = names.record("HostingPlanInfo", PlanName="Basic", PlanDescription="", UserId=2, PackageId=2, RecurrenceUnit=2)
        plan.update({"Groups": group, "Quotas": quotas, "RecurrenceLength": 1, "Available": True})
        first, second = (int(call("esPackages", "AddHostingPlan", plan={**plan, "PlanName": n})) for n in ("Basic", "Pro"))
        addon = int(call("esPackages", "AddHostingPlan", plan={**plan, "PlanName": "Extra", "IsAddon": True}))

        wizard = {
            "parentPackageId": 2, "username": "kunde1", "password": "Kunde-Pw1!", "roleId": 3, "firstName": "Kim",
            "lastname": "Keller", "email": "kim@kunden.example", "secondaryEmail": "", "htmlMail": True,
            "sendAccountLetter": False, "createPackage": True, "planId": first, "sendPackageLetter": False,
            "domainName": "kim.example", "tempDomain": False, "createWebSite": False, "createFtpAccount": False,
            "ftpAccountName": "kunde1", "createMailAccount": False, "hostName": "", "createZoneRecord": False,
        }  # fmt: skip
        user_id = int(call("esPackages", "CreateUserWizard", **wizard))
        assert user_id > 0
        user = call("esUsers", "GetUserByUsername", username="kunde1")
        assert user["UserId"] == user_id
        assert "LastName" not in user  # the module spells the key `lastname`, which PHP drops
        details = {
            **{k: v for k, v in user.items() if k != "Vlans"}, "LastName": "Keller", "Password": "x", "InstantMessenger": "",
            "Fax": "", "SecondaryPhone": "", "SecondaryEmail": "", "City": "Bonn", "SubscriberNumber": "",
        }  # fmt: skip
        assert int(call("esUsers", "UpdateUser", user=details)) == 0
        assert call("esUsers", "GetUserByUsername", username="kunde1")["LastName"] == "Keller"

        assert int(call("esUsers", "ChangeUserStatus", userId=user_id, status="Suspended")) == 0
        assert call("esUsers", "GetUserByUsername", username="kunde1")["Status"] == "Suspended"
        assert int(call("esUsers", "ChangeUserStatus", userId=user_id, status="Active")) == 0
        assert int(call("esUsers", "ChangeUserPassword", userId=user_id, password="Neu-Pw1!")) == 0
        assert client.call_as(("kunde1", "Neu-Pw1!"), "esUsers", "GetUserById", {"userId": user_id})["Username"] == "kunde1"

        space = call("esPackages", "GetMyPackages", userId=user_id)["PackageInfo"]
        assert isinstance(space, dict)  # one space is an object, not a list
        added = call("esPackages", "AddPackageAddonById", packageId=space["PackageId"], addonPlanId=addon, quantity=1)
        assert added["Result"] > 0
        listed = call("esPackages", "GetPackageAddons", packageId=space["PackageId"])["any"]
        assert f"<PackageAddonID>{added['Result']}</PackageAddonID>" in listed
        assert int(call("esPackages", "DeletePackageAddon", packageAddonId=added["Result"])) == 0
        changed = call(
            "esPackages", "UpdatePackageLiteral", packageId=space["PackageId"], statusId=1, planId=second,
            purchaseDate=space["PurchaseDate"], packageName=space["PackageName"], packageComments="",
        )  # fmt: skip
        assert changed["Result"] >= 0
        assert call("esPackages", "GetPackage", packageId=space["PackageId"])["PlanId"] == second

        parameters = {"packageId": space["PackageId"], "startDate": "2026-11-01", "endDate": "2026-11-30"}
        assert "diffgram" in call("esPackages", "GetPackageBandwidth", **parameters)["any"]
        assert "diffgram" in call("esPackages", "GetPackageDiskspace", packageId=space["PackageId"])["any"]
        with pytest.raises(PhpFault, match="unable to read request"):
            call(
                "esUsers", "GetUsersPagedRecursive", userId=2, filterColumn="", filterValue="", statusId=0, roleId=0,
                sortColumn="", startRow=0, maximumRows=9223372036854775807,
            )  # fmt: skip

        assert int(call("esUsers", "DeleteUser", userId=user_id)) == 0
        assert call("esUsers", "GetUserByUsername", username="kunde1") is None
        with pytest.raises(PhpFault) as refused:
            client.call_as(("brightweb", "wrong"), "esUsers", "GetUserById", {"userId": 2})
        assert refused.value.args == ("HTTP", "Access Denied")


def test_php_loads_every_service_of_both_faces() -> None:
    for flavour_name, face in (("solidcp-1.5", "asmx"), ("fusecp-2-ef", "corewcf")):
        with site(flavour_name, WORLD) as found, on_socket(found) as front, php(front.url, face) as client:
            for service in found.app.flavour.catalogue().services:
                with pytest.raises(PhpFault, match="valid method for this service"):
                    client.call("reseller", service, "NoSuchMethodAtAll", {})
