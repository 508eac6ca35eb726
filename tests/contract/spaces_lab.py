"""Short forms for contract tests of plans, spaces, add-ons and domains, over :mod:`tests.contract.lab`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.contract.lab import Lab

__all__ = [
    "AGENT_DOWN",
    "DAY",
    "DOMAINS",
    "WITHOUT_SERVICES",
    "account",
    "add_domain",
    "add_plan",
    "add_space",
    "package",
    "plan_record",
    "quota",
    "result",
    "update_package",
    "update_plan",
]

DAY = datetime(2026, 3, 1)
DOMAINS, SUB_DOMAINS, SITES = 53, 54, 13
ACCOUNT = "You are not allowed to access this account"
PACKAGE = "You are not allowed to access this package"
NULL = "Object reference not set to an instance of an object."

WITHOUT_SERVICES = """
servers: [{name: bare, virtual: true}]
plans:
  - name: Reseller
    owner: serveradmin
    server: bare
    groups: {OS: {Domains: 50}, Web: {Sites: 50}, FTP: {Accounts: 50}, Mail: {Accounts: 50}}
  - {name: Web S, owner: brightweb, groups: {OS: {Domains: 5}, Web: {Sites: 5}, FTP: {Accounts: 5}, Mail: {Accounts: 5}}}
users:
  - {username: brightweb, role: reseller, owner: serveradmin, password: Kunde-Pw1!}
  - {username: mueller, owner: brightweb, password: Kunde-Pw1!}
spaces:
  - {user: brightweb, plan: Reseller, name: Reseller}
  - {user: mueller, plan: Web S, name: Web S}
"""
"""Users: brightweb 2, mueller 3. Plans: 1, Web S 2. Spaces: 2, mueller's 3. The server has no service of any group."""


AGENT_DOWN = (
    WITHOUT_SERVICES.replace(
        "{name: bare, virtual: true}", "{name: bare, virtual: false, url: 'http://127.0.0.1:9', services: [DNS]}"
    )
    .replace("OS: {Domains: 5}", "DNS: {}, OS: {Domains: 5}")
    .replace("OS: {Domains: 50}", "DNS: {}, OS: {Domains: 50}")
)
"""The same, but its server has a DNS service and an agent that does not answer."""


def plan_record(
    lab: Lab, name: str | None = "P", groups: Sequence[int] | None = (1,), quotas: Mapping[int, int] | None = None, **members: Any
) -> dict[str, Any]:
    """A HostingPlanInfo of brightweb on its own space; ``groups`` None means a null array, and so does ``quotas``."""
    listed = {
        "Groups": None
        if groups is None
        else [
            lab.record("HostingPlanGroupInfo", GroupId=number, Enabled=True, CalculateDiskSpace=True, CalculateBandwidth=True)
            for number in groups
        ],
        "Quotas": None
        if quotas is None
        else [lab.record("HostingPlanQuotaInfo", QuotaId=number, QuotaValue=value) for number, value in quotas.items()],
    }
    given: dict[str, Any] = {
        "PlanName": name,
        "UserId": 2,
        "PackageId": 2,
        "Available": True,
        "RecurrenceUnit": 2,
        "RecurrenceLength": 1,
    }
    return lab.record("HostingPlanInfo", **given | {"SetupPrice": Decimal(0), "RecurringPrice": Decimal(0)} | listed | members)


def add_plan(
    lab: Lab,
    name: str | None = "P",
    quotas: Mapping[int, int] | None = None,
    groups: Sequence[int] | None = (1,),
    as_: str = "brightweb",
    **members: Any,
) -> Any:
    """AddHostingPlan: the new id or what else it answers."""
    plan = plan_record(lab, name, groups, {} if quotas is None else quotas, **members)
    return lab.call("esPackages.AddHostingPlan", as_, plan=plan)


def update_plan(lab: Lab, plan: Mapping[str, Any], as_: str = "brightweb") -> Any:
    return lab.call("esPackages.UpdateHostingPlan", as_, plan=dict(plan))


def add_space(lab: Lab, user: int = 4, plan: int = 2, name: str | None = "S", as_: str = "brightweb", **given: Any) -> Any:
    """AddPackageWithResources of an active space: its Result."""
    answer = lab.call(
        "esPackages.AddPackageWithResources",
        as_,
        userId=user,
        planId=plan,
        spaceName=name,
        statusId=given.pop("statusId", 1),
        **given,
    )
    return answer["Result"]


def package(lab: Lab, number: int, **changes: Any) -> dict[str, Any]:
    """GetPackage with changes."""
    return dict(lab.call("esPackages.GetPackage", "serveradmin", packageId=number)) | changes


def update_package(lab: Lab, number: int, as_: str = "brightweb", **changes: Any) -> Any:
    """UpdatePackage of what GetPackage says with changes: its Result."""
    return lab.call("esPackages.UpdatePackage", as_, package=package(lab, number, **changes))["Result"]


def overrides(lab: Lab, quotas: Mapping[int, int], groups: Sequence[int] = (1,)) -> dict[str, Any]:
    """The members of a PackageInfo that set overrides."""
    plan = plan_record(lab, groups=groups, quotas=quotas)
    return {"OverrideQuotas": True, "Groups": plan["Groups"], "Quotas": plan["Quotas"]}


def quota(lab: Lab, number: int, name: str = "OS.Domains", as_: str = "serveradmin") -> dict[str, Any]:
    """GetPackageQuota."""
    return dict(lab.call("esPackages.GetPackageQuota", as_, packageId=number, quotaName=name))


def allocated(lab: Lab, number: int, name: str = "OS.Domains") -> Any:
    return quota(lab, number, name)["QuotaAllocatedValue"]


def result(answer: Mapping[str, Any]) -> Any:
    return answer["Result"]


def add_domain(lab: Lab, name: str | None, space: int = 4, kind: str = "Domain", as_: str = "brightweb", **given: Any) -> Any:
    """AddDomainWithProvisioning."""
    return lab.call("esServers.AddDomainWithProvisioning", as_, packageId=space, domainName=name, domainType=kind, **given)


def addon(lab: Lab, space: int, plan: int, quantity: int = 1, as_: str = "brightweb") -> Any:
    """AddPackageAddonById: its Result."""
    return lab.call("esPackages.AddPackageAddonById", as_, packageId=space, addonPlanId=plan, quantity=quantity)["Result"]


def account(lab: Lab, user_id: int, **columns: int) -> None:
    """Change columns of a user behind the panel's back."""
    for column, value in columns.items():
        lab.write(f"UPDATE users SET {column} = ? WHERE user_id = ?", value, user_id)


def item(lab: Lab, space: int, group: int, kind: str, name: str) -> None:
    """A service item behind the panel's back."""
    columns = "package_id, group_id, item_type, item_name, item_key"
    lab.write(f"INSERT INTO service_items ({columns}) VALUES (?, ?, ?, ?, ?)", space, group, kind, name, name)
