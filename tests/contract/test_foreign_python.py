"""zeep and suds, built from our WSDL with no patches, do create, read, update and delete of every kind on both faces."""

from __future__ import annotations

import base64
import warnings
from importlib import import_module
from typing import Any

import pytest
import requests

from tests.support.foreign_walk import ACTORS, WORLD, Names, walk
from tests.support.served import on_socket, site

pytestmark = pytest.mark.loopback

# These have no types; imported so, they are Any without a complaint per call.
zeep: Any = import_module("zeep")
zeep_helpers: Any = import_module("zeep.helpers")
zeep_transports: Any = import_module("zeep.transports")
suds_client: Any = import_module("suds.client")
suds_element: Any = import_module("suds.sax.element")
etree: Any = import_module("lxml.etree")

FLAVOURS = {"solidcp-1.5": "asmx", "fusecp-2-ef": "corewcf", "fusecp-2-sql": "corewcf"}
WSDL = {"asmx": ("{}/{}.asmx?WSDL",), "corewcf": ("{}/{}?wsdl", "{}/{}?singleWsdl")}
CREDENTIALS = "http://fusecp.com/headers/Credentials"
MEMBERS = "http://fusecp/credentials"


class Zeep:
    """zeep's clients, one per service and actor."""

    def __init__(self, url: str, face: str, wsdl: str) -> None:
        self._url, self._face, self._wsdl = url, face, wsdl
        self._clients: dict[tuple[str, str], Any] = {}

    def _client(self, actor: str, service: str) -> Any:
        if (actor, service) not in self._clients:
            session = requests.Session()
            if self._face == "asmx":
                session.auth = ACTORS[actor]
            transport = zeep_transports.Transport(session=session)
            self._clients[actor, service] = zeep.Client(self._wsdl.format(self._url, service), transport=transport)
        return self._clients[actor, service]

    def call(self, actor: str, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        """Call by keyword arguments."""
        options = {}
        if self._face == "corewcf":
            header = etree.Element(f"{{{CREDENTIALS}}}Credentials")
            name, password = ACTORS[actor]
            for tag, value in (("Password", password), ("Username", name)):
                etree.SubElement(header, f"{{{MEMBERS}}}{tag}").text = value
            options["_soapheaders"] = [header]
        result = getattr(self._client(actor, service).service, operation)(**parameters, **options)
        return zeep_helpers.serialize_object(result, dict)

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.transport.session.close()


class Suds:
    """suds's clients, one per service and actor."""

    def __init__(self, url: str, face: str, wsdl: str) -> None:
        self._url, self._face, self._wsdl = url, face, wsdl
        self._clients: dict[tuple[str, str], Any] = {}

    def call(self, actor: str, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        """Call by keyword arguments."""
        if (actor, service) not in self._clients:
            self._clients[actor, service] = self._make(actor, service)
        return getattr(self._clients[actor, service].service, operation)(**parameters)

    def _make(self, actor: str, service: str) -> Any:
        client = suds_client.Client(self._wsdl.format(self._url, service), cache=None)
        name, password = ACTORS[actor]
        if self._face == "asmx":
            stated = base64.b64encode(f"{name}:{password}".encode()).decode()
            client.set_options(headers={"Authorization": f"Basic {stated}"})
            return client
        header = suds_element.Element("Credentials", ns=("h", CREDENTIALS))
        for tag, value in (("Password", password), ("Username", name)):
            header.append(suds_element.Element(tag, ns=("c", MEMBERS)).setText(value))
        client.set_options(soapheaders=header)
        return client


@pytest.mark.parametrize(("flavour_name", "face"), FLAVOURS.items())
@pytest.mark.parametrize("form", [0, 1])
def test_zeep_walks_through_every_kind(flavour_name: str, face: Any, form: int) -> None:
    wsdl = WSDL[face][form % len(WSDL[face])]
    with site(flavour_name, WORLD) as found, on_socket(found) as front:
        client = Zeep(front.url, face, wsdl)
        try:
            shown = walk(client.call, Names.of(face))
        finally:
            client.close()
    assert len(shown) > 30


def test_suds_walks_through_every_kind_on_1x() -> None:
    with warnings.catch_warnings(), site("solidcp-1.5", WORLD) as found, on_socket(found) as front:
        warnings.simplefilter("ignore")  # suds's own, under this Python
        shown = walk(Suds(front.url, "asmx", WSDL["asmx"][0]).call, Names.of("asmx"))
    assert len(shown) > 30


@pytest.mark.parametrize("form", WSDL["corewcf"])
def test_suds_calls_2x_but_for_classes_whose_members_it_can_not_name(form: str) -> None:
    """suds takes a member that starts with an underscore for an attribute, so it can send no UserInfo and no DomainInfo to 2.x."""
    with warnings.catch_warnings(), site("fusecp-2-ef", WORLD) as found, on_socket(found) as front:
        warnings.simplefilter("ignore")  # suds's own, under this Python
        client = Suds(front.url, "corewcf", form)
        names = Names.of("corewcf")

        def call(service: str, operation: str, **parameters: Any) -> Any:
            return client.call("reseller", service, operation, parameters)

        user_id = int(
            call(
                "esUsers", "AddUserLiteral", ownerId=2, roleId=3, statusId=1, isPeer=False, isDemo=False, username="anna",
                password="Kunde-Pw1!", firstName="Änne", lastName="Groß", email="anna@kunden.example", htmlMail=True,
            )
        )  # fmt: skip
        assert names.get(call("esUsers", "GetUserById", userId=user_id), "UserInfo", "FirstName") == "Änne"
        groups = [{"GroupId": 1, "Enabled": True, "CalculateDiskSpace": True, "CalculateBandwidth": True}]
        plan = names.record(
            "HostingPlanInfo", PlanName="Web S", PlanDescription="", UserId=2, PackageId=2, Available=True, RecurrenceUnit=2,
            RecurrenceLength=1, Groups=groups, Quotas=[{"QuotaId": 52, "QuotaValue": 100}],
        )  # fmt: skip
        plan_id = int(call("esPackages", "AddHostingPlan", plan=plan))
        assert names.get(call("esPackages", "GetHostingPlan", planId=plan_id), "HostingPlanInfo", "PlanName") == "Web S"
        result = call(
            "esPackages", "AddPackageWithResources", userId=user_id, planId=plan_id, spaceName="main", statusId=1,
            sendLetter=False, createResources=False, domainName="", tempDomain=False, createWebSite=False,
            createFtpAccount=False, ftpAccountName="", createMailAccount=False, hostName="",
        )  # fmt: skip
        space_id = int(names.get(result, "PackageResult", "Result"))
        assert int(call("esPackages", "UpdatePackageName", packageId=space_id, packageName="new", packageComments="")) == 0
        assert names.get(call("esPackages", "GetPackage", packageId=space_id), "PackageInfo", "PackageName") == "new"
        assert int(call("esPackages", "DeletePackage", packageId=space_id)) == 0
        assert int(call("esPackages", "DeleteHostingPlan", planId=plan_id)) == 0
        assert int(call("esUsers", "DeleteUser", userId=user_id)) == 0


@pytest.mark.parametrize(("flavour_name", "face"), FLAVOURS.items())
def test_zeep_loads_every_service(flavour_name: str, face: Any) -> None:
    names = Names.of(face)
    with site(flavour_name, WORLD) as found, on_socket(found) as front, requests.Session() as session:
        transport = zeep_transports.Transport(session=session)
        for service, about in names.panel.services.items():
            for form in WSDL[face]:
                client = zeep.Client(form.format(front.url, service), transport=transport)
                port = next(iter(client.wsdl.services[service].ports.values()))
                assert set(port.binding.all()) == set(about.operations)
