"""One walk through every kind of thing, for SOAP clients that are not ours: create, read, update, delete, AddServer included.

A client is a function ``call(actor, service, operation, parameters) -> value`` that takes and gives plain Python values whose
member names are those of its own face's WSDL; :class:`Names` says how a member is called there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from resellerplan.simpanel.operations import ArrayType, Catalogue, ClassType, EnumType, Face, catalogue

Call = Callable[[str, str, str, dict[str, Any]], Any]

ACTORS = {"admin": ("serveradmin", "Admin-Pw1!"), "reseller": ("brightweb", "Kunde-Pw1!")}

WORLD = """
administrator: {password: Admin-Pw1!}
servers:
  - {name: web01, virtual: true, services: [OS, Web, FTP, Mail, DNS]}
plans:
  - name: Reseller L
    owner: serveradmin
    server: web01
    groups:
      OS: {Diskspace: 100000, Domains: 50, SubDomains: 10}
      Web: {Sites: 50}
      FTP: {Accounts: 50}
      Mail: {Accounts: 50}
      DNS: {Editor: true}
users:
  - {username: brightweb, role: reseller, owner: serveradmin, password: Kunde-Pw1!, email: info@brightweb.example}
spaces:
  - {user: brightweb, plan: Reseller L, name: Reseller L}
"""

DEFAULTS: dict[str, Any] = {
    "xs:int": 0,
    "xs:boolean": False,
    "xs:decimal": Decimal(0),
    "xs:dateTime": datetime(2026, 1, 1),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Member names of one face, and objects with every member that its schema asks for."""

    panel: Catalogue

    @classmethod
    def of(cls, face: Face) -> Names:
        """Of a face's recorded WSDL."""
        return cls(catalogue(face))

    def record(self, class_name: str, **members: Any) -> dict[str, Any]:
        """An object by property names, as a dictionary by wire names; what is not given is its type's default, or null."""
        made = {}
        for member in self.panel.members(class_name):
            found = self.panel.types.get(member.type)
            default = DEFAULTS.get(member.type)
            if isinstance(found, EnumType):
                default = found.values[0]
            if member.nillable and member.type != "xs:string":
                default = None
            value = members.get(member.property, default)
            if isinstance(found, ArrayType) and value is not None:
                inner = found.type
                items = [self.record(inner, **v) if isinstance(self.panel.types.get(inner), ClassType) else v for v in value]
                value = {found.item: items}
            if value is not None or self.panel.face == "corewcf":
                made[member.name] = value
        return made

    def get(self, value: Any, class_name: str, name: str) -> Any:
        """A member of a received object, by its property name."""
        wire = next(m.name for m in self.panel.members(class_name) if m.property == name)
        return value.get(wire) if isinstance(value, Mapping) else getattr(value, wire, None)


def walk(call: Call, names: Names) -> list[str]:
    """Walk through everything; returns what was shown, in order. Fails by assertion."""
    shown: list[str] = []

    def reseller(service: str, operation: str, **parameters: Any) -> Any:
        return call("reseller", service, operation, parameters)

    def show(what: str, condition: bool) -> None:
        assert condition, what
        shown.append(what)

    # a server, by the administrator
    server = names.record("ServerInfo", ServerName="web02", ServerUrl="", VirtualServer=True, Comments="", Password="x")
    server_id = int(call("admin", "esServers", "AddServer", {"server": server, "autoDiscovery": False}))
    show("AddServer gives a number", server_id > 1)
    read = call("admin", "esServers", "GetServerById", {"serverId": server_id})
    show("the server reads back", names.get(read, "ServerInfo", "ServerName") == "web02")

    # a customer
    user = names.record(
        "UserInfo", Username="anna", OwnerId=2, RoleId=3, Role="User", StatusId=1, Status="Active", FirstName="Änne",
        LastName="Groß & Söhne", Email="anna@kunden.example", HtmlMail=True,
    )  # fmt: skip
    parameters = {"user": user, "sendLetter": False, "password": "Kunde-Pw1!"}
    user_id = int(reseller("esUsers", "AddUser", **parameters))
    show("AddUser gives a number", user_id > 2)
    show("the same name again is -100", int(reseller("esUsers", "AddUser", **parameters)) == -100)
    found = reseller("esUsers", "GetUserById", userId=user_id)
    show("the customer reads back", names.get(found, "UserInfo", "LastName") == "Groß & Söhne")
    members = {m.property: names.get(found, "UserInfo", m.property) for m in names.panel.members("UserInfo")}
    members.pop("Vlans", None)
    members["City"] = "Ulm"
    reseller("esUsers", "UpdateUser", user=names.record("UserInfo", **members))
    again = reseller("esUsers", "GetUserByUsername", username="anna")
    show("UpdateUser changes the city", names.get(again, "UserInfo", "City") == "Ulm")
    show("UpdateUser keeps the name", names.get(again, "UserInfo", "FirstName") == "Änne")
    show("ChangeUserStatus answers 0", int(reseller("esUsers", "ChangeUserStatus", userId=user_id, status="Suspended")) == 0)
    held = reseller("esUsers", "GetUserById", userId=user_id)
    show("the customer is suspended", int(names.get(held, "UserInfo", "StatusId")) == 2)
    reseller("esUsers", "ChangeUserStatus", userId=user_id, status="Active")
    show("ChangeUserPassword answers 0", int(reseller("esUsers", "ChangeUserPassword", userId=user_id, password="Neu-Pw1!")) == 0)
    table = str(reseller("esUsers", "GetRawUsers", ownerId=2, recursive=True))
    show("a DataSet holds the customer or its markup", "anna" in table or "Element" in table)

    # settings
    item = {"ArrayOfString": "ArrayOfString", "ArrayOfstring": "ArrayOfstring"}
    pair = item["ArrayOfString" if names.panel.face == "asmx" else "ArrayOfstring"]
    settings = {
        "UserId": user_id,
        "SettingsName": "ResellerPlan",
        "SettingsArray": {pair: [{"string": ["key", "value ß"]}]},
    }
    reseller("esUsers", "UpdateUserSettings", settings=settings)
    stored = reseller("esUsers", "GetUserSettings", userId=user_id, settingsName="ResellerPlan")
    show("settings read back", "value ß" in str(names.get(stored, "UserSettings", "SettingsArray")))

    # hosting plans
    def plan(name: str, addon: bool = False, **members: Any) -> dict[str, Any]:
        groups = [{"GroupId": 1, "Enabled": True, "CalculateDiskSpace": True, "CalculateBandwidth": True}]
        quotas = [{"QuotaId": 52, "QuotaValue": 100}, {"QuotaId": 53, "QuotaValue": 5}]
        return names.record(
            "HostingPlanInfo", PlanName=name, PlanDescription="", UserId=2, PackageId=2, Available=True, IsAddon=addon,
            RecurrenceUnit=2, RecurrenceLength=1, Groups=groups, Quotas=quotas, **members,
        )  # fmt: skip

    plan_id = int(reseller("esPackages", "AddHostingPlan", plan=plan("Web S")))
    addon_id = int(reseller("esPackages", "AddHostingPlan", plan=plan("Extra", addon=True)))
    show("AddHostingPlan gives numbers", 1 < plan_id < addon_id)
    read = reseller("esPackages", "GetHostingPlan", planId=plan_id)
    show("the plan reads back", names.get(read, "HostingPlanInfo", "PlanName") == "Web S")
    server_of_plan = int(names.get(read, "HostingPlanInfo", "ServerId"))
    changed = plan("Web M", PlanId=plan_id, SetupPrice=Decimal("4.5"), ServerId=server_of_plan)
    result = reseller("esPackages", "UpdateHostingPlan", plan=changed)
    show("UpdateHostingPlan answers 0", int(names.get(result, "PackageResult", "Result")) == 0)
    read = reseller("esPackages", "GetHostingPlan", planId=plan_id)
    show("the plan has its new name", names.get(read, "HostingPlanInfo", "PlanName") == "Web M")
    show("the plan has its price", Decimal(str(names.get(read, "HostingPlanInfo", "SetupPrice"))) == Decimal("4.5"))

    # a space
    result = reseller(
        "esPackages", "AddPackageWithResources", userId=user_id, planId=plan_id, spaceName="main", statusId=1, sendLetter=False,
        createResources=False, domainName="", tempDomain=False, createWebSite=False, createFtpAccount=False, ftpAccountName="",
        createMailAccount=False, hostName="",
    )  # fmt: skip
    space_id = int(names.get(result, "PackageResult", "Result"))
    show("AddPackageWithResources gives a number", space_id > 2)
    read = reseller("esPackages", "GetPackage", packageId=space_id)
    show("the space reads back", names.get(read, "PackageInfo", "PackageName") == "main")
    parameters = {"packageId": space_id, "packageName": "renamed", "packageComments": "c"}
    show("UpdatePackageName answers 0", int(reseller("esPackages", "UpdatePackageName", **parameters)) == 0)
    context = reseller("esPackages", "GetPackageContext", packageId=space_id)
    package = names.get(context, "PackageContext", "Package")
    show("the context has the new name", names.get(package, "PackageInfo", "PackageName") == "renamed")
    code = reseller("esPackages", "ChangePackageStatus", packageId=space_id, status="Suspended")
    show("ChangePackageStatus answers 0", int(code) == 0)
    reseller("esPackages", "ChangePackageStatus", packageId=space_id, status="Active")

    # an add-on
    result = reseller("esPackages", "AddPackageAddonById", packageId=space_id, addonPlanId=addon_id, quantity=2)
    package_addon = int(names.get(result, "PackageResult", "Result"))
    show("AddPackageAddonById gives a number", package_addon > 0)
    read = reseller("esPackages", "GetPackageAddon", packageAddonId=package_addon)
    show("the add-on reads back", int(names.get(read, "PackageAddonInfo", "Quantity")) == 2)
    addon = names.record(
        "PackageAddonInfo", PackageAddonId=package_addon, PackageId=space_id, PlanId=addon_id, Quantity=3, StatusId=1,
        PurchaseDate=datetime(2026, 2, 3), Comments="",
    )  # fmt: skip
    result = reseller("esPackages", "UpdatePackageAddon", addon=addon)
    show("UpdatePackageAddon answers 0", int(names.get(result, "PackageResult", "Result")) == 0)
    show("DeletePackageAddon answers 0", int(reseller("esPackages", "DeletePackageAddon", packageAddonId=package_addon)) == 0)

    # a domain
    domain_id = int(
        reseller(
            "esServers", "AddDomainWithProvisioning", packageId=space_id, domainName="anna.example", domainType="Domain",
            createWebSite=False, pointWebSiteId=0, pointMailDomainId=0, createDnsZone=False, createPreviewDomain=False,
            allowSubDomains=False, hostName="",
        )
    )  # fmt: skip
    show("AddDomainWithProvisioning gives a number", domain_id > 0)
    read = reseller("esServers", "GetDomain", domainId=domain_id)
    show("the domain reads back", names.get(read, "DomainInfo", "DomainName") == "anna.example")
    show("DeleteDomain answers 0", int(reseller("esServers", "DeleteDomain", domainId=domain_id)) == 0)

    # and away with everything
    show("DeletePackage answers 0", int(reseller("esPackages", "DeletePackage", packageId=space_id)) == 0)
    for number in (plan_id, addon_id):
        show("DeleteHostingPlan answers 0", int(reseller("esPackages", "DeleteHostingPlan", planId=number)) == 0)
    show("DeleteUser answers 0", int(reseller("esUsers", "DeleteUser", userId=user_id)) == 0)
    gone = reseller("esUsers", "UserExists", username="anna")
    show("the customer is gone", str(gone).lower() == "false")
    return shown
