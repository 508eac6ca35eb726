"""HTTP and SOAP of the 2.x face beyond the recorded calls (contract 1.2, 1.6, 1.7.3; real panel report 2)."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from resellerplan.simpanel.faces.corewcf import MAXIMUM_BODY, SOAP_11, CoreWcfFace
from resellerplan.simpanel.faces.corewcf_reading import LARGEST_STRING
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.flavours import Defect, flavour
from resellerplan.simpanel.wire import Column, DataSet, ServiceFault, Table
from resellerplan.simpanel.wsgi import App
from tests.support.fake_panel import FakePanel

FLAVOUR = flavour("fusecp-2-ef")
SPACE = "http://smbsaas/fusecp/enterpriseserver/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DATA = "http://schemas.datacontract.org/2004/07/FuseCP.EnterpriseServer"
CREDENTIALS = (
    '<s:Header><h:Credentials xmlns:h="http://fusecp.com/headers/Credentials" xmlns="http://fusecp/credentials">'
    "<Password>pw:1</Password><Username>res1</Username></h:Credentials></s:Header>"
)


def envelope(body: str, header: str = CREDENTIALS) -> bytes:
    """A request's envelope."""
    return (
        f'<s:Envelope xmlns:s="{SOAP_11}" xmlns:i="{XSI}" xmlns:d="{DATA}">{header}<s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def call(operation: str, inner: str = "") -> str:
    """A body."""
    return f'<{operation} xmlns="{SPACE}">{inner}</{operation}>'


def ask(panel: FakePanel, operation: str, body: bytes | str, *, path: str = "/basic/esUsers", **headers: str) -> Reply:
    """Post an envelope to the face."""
    service = path.rpartition("/")[2]
    sent = {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{SPACE}I{service}/{operation}"'}
    sent.update({k.replace("_", "-"): v for k, v in headers.items()})
    data = envelope(body) if isinstance(body, str) else body
    return CoreWcfFace(panel, FLAVOUR).answer(Request("POST", path, headers=sent, body=data))


def text(reply: Reply) -> str:
    """A reply's body."""
    return b"".join(reply.blocks).decode("utf-8")


@pytest.mark.parametrize("path", ["/esUsers", "/basic/esUsers", "/BASIC/esusers", "/ESUSERS"])
def test_both_paths_answer_in_any_letter_case(path: str) -> None:
    panel = FakePanel(True)
    body = envelope(call("UserExists", "<username>anna</username>"))
    request = Request(
        "POST",
        path,
        headers={"content-type": "text/xml", "soapaction": f"{SPACE}IesUsers/UserExists"},
        body=body,
    )
    assert "<UserExistsResult>true</UserExistsResult>" in text(CoreWcfFace(panel, FLAVOUR).answer(request))
    assert panel.asked[0][2].password == "pw:1"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "No anonymous access allowed."),
        (CREDENTIALS.replace("pw:1", ""), "Invalid user or password"),
        (
            '<s:Header><h:Credentials xmlns:h="http://fusecp.com/headers/Credentials" xmlns="http://fusecp/credentials">'
            "<Username>res1</Username><Password>pw:1</Password></h:Credentials></s:Header>",
            "Invalid user or password",
        ),
        (CREDENTIALS.replace('xmlns="http://fusecp/credentials"', 'xmlns="urn:other"'), "Invalid user or password"),
    ],
)
def test_the_header_counts_only_as_the_panel_reads_it(header: str, message: str) -> None:
    reply = ask(FakePanel(True, password="pw:1"), "UserExists", envelope(call("UserExists"), header))
    assert reply.status == 500
    assert f"<faultcode>s:Client</faultcode><faultstring>{message}</faultstring></s:Fault>" in text(reply)


def test_http_basic_is_ignored() -> None:
    reply = ask(FakePanel(True), "UserExists", envelope(call("UserExists"), ""), authorization="Basic cmVzMTpwdw==")
    assert "No anonymous access allowed." in text(reply)


@pytest.mark.parametrize(
    ("inner", "read"),
    [
        ("<ownerId>12</ownerId><recursive>true</recursive>", {"ownerId": 12, "recursive": True}),
        ("<recursive>true</recursive><ownerId>12</ownerId>", {"ownerId": 0, "recursive": True}),
        ("<OwnerId>12</OwnerId><recursive>1</recursive>", {"ownerId": 0, "recursive": True}),
        ("<x/><ownerId>12</ownerId><y/>", {"ownerId": 12, "recursive": False}),
        ("<ownerId>1</ownerId><ownerId>2</ownerId>", {"ownerId": 1, "recursive": False}),
        ("", {"ownerId": 0, "recursive": False}),
    ],
)
def test_parameters_out_of_order_missing_or_misspelt_are_silently_defaults(inner: str, read: dict[str, Any]) -> None:
    panel = FakePanel([])
    assert ask(panel, "GetUsers", call("GetUsers", inner)).status == 200
    assert panel.parameters == read


def test_a_member_of_a_kind_b_class_in_a_wrong_place_is_lost() -> None:
    panel = FakePanel(0)
    settings = "<d:SettingsName>N</d:SettingsName><d:SettingsArray i:nil='true'/><d:UserId>3</d:UserId>"
    ask(panel, "UpdateUserSettings", call("UpdateUserSettings", f"<settings>{settings}</settings>"))
    read = panel.parameters["settings"]
    assert read == {"SettingsArray": None, "SettingsName": "N", "UserId": 3}


def test_nil_on_a_number_is_refused() -> None:
    reply = ask(FakePanel(None), "GetUserById", call("GetUserById", "<userId i:nil='true'/>"))
    assert "ValueType 'System.Int32' cannot be null." in text(reply)
    assert "a:DeserializationFailed" in text(reply)


@pytest.mark.parametrize("value", ["99999999999", "1.0", " x ", "0x10"])
def test_a_text_that_is_no_number_is_named_with_its_type(value: str) -> None:
    reply = ask(FakePanel(None), "GetUserById", call("GetUserById", f"<userId>{value}</userId>"))
    assert f"The value '{value}' cannot be parsed as the type 'Int32'." in text(reply)


def test_positions_count_lines_and_bytes() -> None:
    body = "\n" + call("AddUser", "<user>\n<d:ä/></user>")
    reply = ask(FakePanel(None), "AddUser", body)
    line = body.encode().count(b"\n", 0, body.encode().index(b"</user>")) + 1
    column = len("<d:ä/></user>".encode()) + 1
    expected = f"Error in line {line} position {column}. 'EndElement' 'user' from namespace '{SPACE}' is not expected."
    assert expected in text(reply)


@pytest.mark.parametrize("cut", [1, 12, 30])
def test_a_document_that_breaks_off_is_a_fault_and_not_run(cut: int) -> None:
    panel = FakePanel(None)
    whole = envelope(call("GetUserById", "<userId>2</userId>"))
    end = whole.index(b"</userId>") + len(b"</userId>")
    reply = ask(panel, "GetUserById", whole[: end + cut])
    assert reply.status == 500
    assert "Unexpected end of file. Following elements are not closed:" in text(reply)
    assert not panel.asked


@pytest.mark.parametrize("body", [b"", b"plain", b"<a/>", b"<!DOCTYPE x><x/>", envelope("")[:60], b"\xff\xfe\xfd"])
def test_what_has_no_envelope_is_a_400_without_body(body: bytes) -> None:
    reply = ask(FakePanel(None), "GetUserById", body)
    assert (reply.status, reply.length) == (400, 0)


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    body = bomb.encode() + envelope(call("UserExists", "<username>&b;</username>"))
    assert ask(FakePanel(True), "UserExists", body).status == 400
    inside = ask(FakePanel(True), "UserExists", call("UserExists", "<username>&b;</username>"))
    assert "Reference to undeclared entity" in text(inside)


def test_compressed_requests_are_refused() -> None:
    body = gzip.compress(envelope(call("UserExists")))
    assert ask(FakePanel(True), "UserExists", body, content_encoding="gzip").status == 400


def test_a_body_above_32_mib_ends_the_connection_without_a_status() -> None:
    panel = FakePanel(True)
    assert ask(panel, "UserExists", b"x" * (MAXIMUM_BODY + 1)).close
    assert not panel.asked


def test_one_string_above_16_mib_is_a_fault_and_below_it_passes() -> None:
    panel = FakePanel(True)
    reply = ask(panel, "UserExists", call("UserExists", f"<username>{'x' * (LARGEST_STRING + 1)}</username>"))
    assert "MaxStringContentLength" in text(reply)
    assert not panel.asked
    big = call("UserExists", f"<username>{'x' * (LARGEST_STRING - 1)}</username>")
    assert ask(panel, "UserExists", big).status == 200


def test_elements_below_the_depth_of_1024_are_refused() -> None:
    deep = "<d:a>" * 1100 + "</d:a>" * 1100
    reply = ask(FakePanel(True), "UserExists", call("UserExists", f"<username>{deep}</username>"))
    assert reply.status == 500


def test_the_chain_of_a_fault_stands_in_its_detail_and_only_the_outermost_is_the_text() -> None:
    fault = ServiceFault(("outer <1>", "inner"), ("System.Exception", "System.AccessViolationException"))
    found = text(ask(FakePanel(fault), "UserExists", call("UserExists")))
    assert "<faultstring>outer &lt;1&gt;</faultstring>" in found
    assert found.index("<Message>inner</Message>") < found.index("<Message>outer &lt;1&gt;</Message>")
    assert "<Type>System.AccessViolationException</Type></InnerException>" in found


def test_a_control_character_is_written_back_as_a_reference() -> None:
    user = {"UserId": 1, "RoleId": 3, "StatusId": 1, "FirstName": "a\x08b"}
    body = call("GetUserById", "<userId>1</userId>")
    assert "<a:firstName>a&#x8;b</a:firstName>" in text(ask(FakePanel(user), "GetUserById", body))
    face = CoreWcfFace(FakePanel(user), FLAVOUR.switched(off=[Defect.CONTROL_CHARACTERS]))
    headers = {"content-type": "text/xml", "soapaction": f"{SPACE}IesUsers/GetUserById"}
    reply = face.answer(Request("POST", "/esUsers", headers=headers, body=envelope(body)))
    assert "<a:firstName>ab</a:firstName>" in text(reply)


def test_only_the_plain_path_has_a_wsdl_and_its_addresses_are_configured() -> None:
    app = App(FakePanel(), FLAVOUR, base_url="http://configured.example:9004")
    reply = app.answer(Request("GET", "/esUsers", query="wsdl", host="127.0.0.1:1"))
    assert 'location="http://configured.example:9004/basic/esUsers"' in text(reply)
    for query in ("singleWsdl", "wsdl=wsdl0", "xsd=xsd0", "SINGLEWSDL"):
        assert app.answer(Request("GET", "/esUsers", query=query)).status == 200
    assert app.answer(Request("GET", "/esUsers", query="xsd=xsd77")).status == 400
    refused = app.answer(Request("GET", "/basic/esUsers", query="wsdl"))
    assert (refused.status, refused.length) == (400, 0)
    assert app.answer(Request("GET", "/esUsers.asmx", query="WSDL")).status == 404


def test_the_flavour_on_sql_server_writes_data_sets_as_stored_procedures_do() -> None:
    data = DataSet((Table((Column("PlanID", "int", False),), [(1,)]),))
    body = call("GetHostingPlans", "<userId>1</userId>")
    headers = {"content-type": "text/xml", "soapaction": f"{SPACE}IesPackages/GetHostingPlans"}
    request = Request("POST", "/esPackages", headers=headers, body=envelope(body))
    by_procedure = text(CoreWcfFace(FakePanel(data), flavour("fusecp-2-sql")).answer(request))
    by_entities = text(CoreWcfFace(FakePanel(data), FLAVOUR).answer(request))
    assert '<Table diffgr:id="Table1" msdata:rowOrder="0"><PlanID>1</PlanID></Table>' in by_procedure
    assert '<xs:element name="PlanID" type="xs:int" minOccurs="0"/>' in by_procedure
    assert '<Table1 diffgr:id="Table11" msdata:rowOrder="0" diffgr:hasChanges="inserted">' in by_entities
    assert '<xs:element name="PlanID" type="xs:int"/>' in by_entities
