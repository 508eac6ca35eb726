"""HTTP and SOAP of the 1.x face beyond the recorded calls (contract 1.1, 1.6, 1.7.1; 1.x report 3.1)."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pytest

from resellerplan.simpanel.faces.asmx import MAXIMUM_BODY, SOAP_11, SOAP_12, AsmxFace
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.flavours import Defect, flavour
from resellerplan.simpanel.wire import ServiceFault
from resellerplan.simpanel.wsgi import App
from tests.support.fake_panel import FakePanel

FLAVOUR = flavour("solidcp-1.5")
SPACE = "http://smbsaas/solidcp/enterpriseserver"
BODY = f'<UserExists xmlns="{SPACE}"><username>anna</username></UserExists>'
AUTHORIZATION = "Basic " + base64.b64encode(b"res1:secret").decode()


def envelope(body: str = BODY, header: str = "", space: str = SOAP_11) -> bytes:
    """A request's envelope."""
    return f'<s:Envelope xmlns:s="{space}">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def ask(
    panel: FakePanel,
    body: bytes | None = None,
    *,
    action: str | None = f"{SPACE}/UserExists",
    content_type: str = "text/xml; charset=utf-8",
    authorization: str | None = AUTHORIZATION,
    path: str = "/esUsers.asmx",
    flavour_name: str = "solidcp-1.5",
    **options: object,
) -> Reply:
    """Post an envelope to the face."""
    headers = {"content-type": content_type}
    if action is not None:
        headers["soapaction"] = f'"{action}"'
    if authorization is not None:
        headers["authorization"] = authorization
    given: Mapping[str, object] = {"host": "panel.example:9002", **options}
    request = Request("POST", path, headers=headers, body=envelope() if body is None else body, **given)  # type: ignore[arg-type]  # options of a test
    return AsmxFace(panel, flavour(flavour_name)).answer(request)


def text(reply: Reply) -> str:
    """A reply's body."""
    return b"".join(reply.blocks).decode("utf-8")


def test_the_password_is_cut_at_the_first_colon() -> None:
    panel = FakePanel(True)
    ask(panel, authorization="Basic " + base64.b64encode(b"res1:sec:ret").decode())
    assert panel.asked[0][2].username == "res1"
    assert panel.asked[0][2].password == "sec"


def test_bytes_beyond_ascii_become_question_marks() -> None:
    panel = FakePanel(True)
    ask(panel, authorization="Basic " + base64.b64encode("rés:pä".encode()).decode())
    assert panel.asked[0][2].username == "r??s"
    assert panel.asked[0][2].password == "p??"


@pytest.mark.parametrize("stated", [None, "", "basic cmVzMTpw", "Bearer abc"])
def test_no_basic_credentials_is_a_401_in_plain_text(stated: str | None) -> None:
    reply = ask(FakePanel(True), authorization=stated)
    assert (reply.status, reply.reason, text(reply)) == (401, "Access Denied", "401 Access Denied")
    assert reply.header("WWW-Authenticate") == 'Basic Realm="SolidCP Enterprise Server"'


def test_the_authentication_service_asks_for_no_credentials() -> None:
    panel = FakePanel(0)
    body = envelope(f'<AuthenticateUser xmlns="{SPACE}"><username>u</username></AuthenticateUser>')
    reply = ask(panel, body, action=f"{SPACE}/AuthenticateUser", path="/esAuthentication.asmx", authorization=None)
    assert reply.status == 200
    assert panel.parameters == {"username": "u", "password": None, "ip": None}


def test_an_unknown_caller_learns_nothing_about_an_unreadable_body() -> None:
    body = envelope(f'<GetUserById xmlns="{SPACE}"><userId>abc</userId></GetUserById>')
    assert ask(FakePanel(None, password="other"), body, action=f"{SPACE}/GetUserById").status == 401
    assert ask(FakePanel(None), body, action=f"{SPACE}/GetUserById").status == 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<s:Envelope",
        envelope()[:-10],
        b"<!DOCTYPE x [<!ENTITY e 'v'>]>" + envelope(),
        envelope(BODY.replace("anna", "&undefined;")),
        envelope(BODY.replace("anna", "a\x01b")),
        envelope(BODY.replace("anna", "a<!-- c -->b")),
        b"<other/>",
    ],
)
def test_what_can_not_be_loaded_is_a_400_without_body(body: bytes) -> None:
    panel = FakePanel(True)
    reply = ask(panel, body)
    assert (reply.status, reply.header("Content-Type"), reply.length) == (400, "text/xml", 0)
    assert not panel.asked


@pytest.mark.parametrize("kind", ["application/xml", "text/plain", "", "application/json"])
def test_another_content_type_is_a_415_without_body(kind: str) -> None:
    reply = ask(FakePanel(True), content_type=kind)
    assert (reply.status, reply.length) == (415, 0)


def test_a_body_above_16_mb_is_refused_and_not_run() -> None:
    panel = FakePanel(True)
    big = envelope(BODY.replace("anna", "x" * MAXIMUM_BODY))
    assert ask(panel, big).status == 500
    assert not panel.asked
    just = envelope(BODY.replace("anna", "x" * (MAXIMUM_BODY - len(envelope()))))
    assert ask(panel, just).status == 200


def test_a_loopback_name_from_another_machine_is_refused() -> None:
    panel = FakePanel(True)
    assert ask(panel, host="localhost:9002", remote="192.0.2.7").status == 400
    assert ask(panel, host="127.0.0.1", remote="192.0.2.7").status == 400
    assert ask(panel, host="localhost:9002", remote="127.0.0.1").status == 200
    assert ask(panel, host="panel.example", remote="192.0.2.7").status == 200


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    panel = FakePanel(True)
    source = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + envelope(BODY.replace("anna", "jörg")).decode()
    reply = ask(panel, source.encode(encoding), content_type="text/xml")
    assert reply.status == 200
    assert panel.parameters == {"username": "jörg"}


def test_soap_12_takes_its_action_from_the_content_type() -> None:
    panel = FakePanel(True)
    kind = f'application/soap+xml; charset=utf-8; action="{SPACE}/UserExists"'
    reply = ask(panel, envelope(space=SOAP_12), action=None, content_type=kind)
    assert reply.status == 200
    assert reply.header("Content-Type") == "application/soap+xml; charset=utf-8"
    assert "<UserExistsResult>true</UserExistsResult>" in text(reply)


def test_an_envelope_of_the_other_soap_is_a_version_mismatch() -> None:
    assert "VersionMismatch" in text(ask(FakePanel(True), envelope(space=SOAP_12)))


def test_a_to_header_must_be_the_url_of_the_request() -> None:
    to = '<s:Header><a:To xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">{}</a:To></s:Header>'
    assert "WSE846" in text(ask(FakePanel(True), envelope(header=to.format("http://other.example/esUsers.asmx"))))
    same = to.format("http://panel.example:9002/esUsers.asmx")
    assert ask(FakePanel(True), envelope(header=same)).status == 200


def test_a_control_character_in_a_reply_is_a_page_of_html_with_status_500() -> None:
    user = {"UserId": 1, "RoleId": 3, "StatusId": 1, "FirstName": "a\x08b"}
    body = envelope(f'<GetUserById xmlns="{SPACE}"><userId>1</userId></GetUserById>')
    reply = ask(FakePanel(user), body, action=f"{SPACE}/GetUserById")
    assert reply.status == 500
    assert (reply.header("Content-Type") or "").startswith("text/html")


def test_with_the_defect_off_a_control_character_is_left_out() -> None:
    user = {"UserId": 1, "RoleId": 3, "StatusId": 1, "FirstName": "a\x08b &#x8; c"}
    face = AsmxFace(FakePanel(user), FLAVOUR.switched(off=[Defect.CONTROL_CHARACTERS]))
    headers = {"content-type": "text/xml", "soapaction": f"{SPACE}/GetUserById", "authorization": AUTHORIZATION}
    body = envelope(f'<GetUserById xmlns="{SPACE}"><userId>1</userId></GetUserById>')
    reply = face.answer(Request("POST", "/esUsers.asmx", headers=headers, body=body))
    assert reply.status == 200
    assert "<FirstName>ab &amp;#x8; c</FirstName>" in text(reply)


def test_a_fault_joins_its_chain_into_one_text() -> None:
    reply = ask(FakePanel(ServiceFault(("Error executing 'ADD' task on 'x' USER", "inner & last"))))
    expected = "Server was unable to process request. ---&gt; Error executing 'ADD' task on 'x' USER ---&gt; inner &amp; last"
    assert f"<faultcode>soap:Server</faultcode><faultstring>{expected}</faultstring><detail />" in text(reply)


def test_an_operation_that_the_flavour_lacks_is_not_recognised() -> None:
    body = envelope(f'<UpdateUserMfa xmlns="{SPACE}"/>')
    assert ask(FakePanel(True), body, action=f"{SPACE}/UpdateUserMfa").status == 200
    reply = ask(FakePanel(True), body, action=f"{SPACE}/UpdateUserMfa", flavour_name="solidcp-1.4.6")
    assert "did not recognize the value of HTTP Header SOAPAction" in text(reply)


def test_the_ancestor_has_its_own_namespace_realm_and_members() -> None:
    old = "http://smbsaas/websitepanel/enterpriseserver"
    body = envelope(f'<AddUser xmlns="{old}"><user><Username>u</Username></user><password>p</password></AddUser>')
    panel = FakePanel(7)
    reply = ask(panel, body, action=f"{old}/AddUser", flavour_name="websitepanel-2.1")
    assert f'<AddUserResponse xmlns="{old}"><AddUserResult>7</AddUserResult>' in text(reply)
    assert set(panel.parameters) == {"user", "sendLetter", "password"}
    user = panel.parameters["user"]
    assert isinstance(user, dict)
    assert "MfaMode" not in user
    refused = ask(FakePanel(None, password="x"), body, action=f"{old}/AddUser", flavour_name="websitepanel-2.1")
    assert refused.header("WWW-Authenticate") == 'Basic Realm="WebsitePanel Enterprise Server"'


def test_the_wsdl_names_the_host_that_was_asked() -> None:
    app = App(FakePanel(), FLAVOUR)
    reply = app.answer(Request("GET", "/esUsers.asmx", query="WSDL", host="panel.example:8443"))
    assert 'location="http://panel.example:8443/esUsers.asmx"' in text(reply)
    assert app.answer(Request("GET", "/esUsers.asmx")).status == 200
    assert app.answer(Request("GET", "/esNothing.asmx", query="WSDL")).status == 404
    assert app.answer(Request("PUT", "/esUsers.asmx")).status == 405
    assert app.answer(Request("POST", "/basic/esUsers")).status == 404
