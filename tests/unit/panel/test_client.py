"""The client: what is sent, what is refused before it is sent, what is repeated, and what each failure says is certain."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from resellerplan.errors import (
    CallForbidden,
    PanelAmbiguous,
    PanelFault,
    PanelNotUnderstood,
    PanelUnauthorised,
    PanelUnreachable,
)
from resellerplan.model.values import Secret
from resellerplan.panel.answers import certainly_not_done
from resellerplan.panel.calls import CALLS, TYPED_LISTS, Access
from resellerplan.panel.client import PanelClient
from resellerplan.panel.connection import Connection, Credentials, TimeOuts
from resellerplan.panel.dialects.fusecp2 import FUSECP2
from resellerplan.panel.dialects.solidcp1 import SOLIDCP1
from resellerplan.panel.network import Answer
from tests.support.panel_client import URL, FakeTime, FakeTransport, Sent, client_with

XML = {"content-type": "text/xml; charset=utf-8"}
Reply = tuple[int, Mapping[str, str], bytes]


def ok(operation: str, result: str = "5") -> Reply:
    text = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation}Response xmlns="urn:x"><{operation}Result>{result}</{operation}Result></{operation}Response>'
        "</s:Body></s:Envelope>"
    )
    return 200, XML, text.encode()


def fault(text: str, code: str = "s:Server") -> Reply:
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        f"<faultcode>{code}</faultcode><faultstring>{text}</faultstring></s:Fault></s:Body></s:Envelope>"
    )
    return 500, XML, body.encode()


class Script:
    """Gives one answer after the other, the last one for ever; an exception is raised."""

    def __init__(self, *answers: Reply | Exception) -> None:
        self.answers = list(answers)

    def __call__(self, _sent: Sent) -> Reply:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


DIALECTS = ("fusecp2", "solidcp1")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", [call.name for call in CALLS.values() if call.access is Access.WRITE])
def test_a_client_that_only_reads_refuses_every_write_before_a_byte_is_sent(dialect: str, name: str) -> None:
    transport = FakeTransport(Script(ok(name)))
    client = client_with(dialect, transport, may_write=False)
    with pytest.raises(CallForbidden, match="would write"):
        client.send_any(name)
    assert transport.sent == []


@pytest.mark.parametrize("name", ["AuthenticateUser", "GetCryptoKey", "AddPackage", "NoSuchCall"])
def test_a_call_that_is_not_in_the_table_can_not_be_sent(name: str) -> None:
    transport = FakeTransport(Script(ok(name)))
    with pytest.raises(KeyError):
        client_with("fusecp2", transport).integer(name)
    assert transport.sent == []


def test_credentials_for_another_panel_are_not_taken() -> None:
    with pytest.raises(CallForbidden, match="another panel"):
        PanelClient(
            connection=Connection(url=URL),
            credentials=Credentials(username="a", password=Secret("b"), url="https://elsewhere.example"),
            dialect=FUSECP2,
            transport=FakeTransport(Script(ok("Echo"))),
            clock=FakeTime().clock,
            jitter=lambda: 0.5,
            may_write=False,
        )


def test_on_1x_the_password_goes_as_a_digest_that_takes_colons_and_umlauts() -> None:
    transport = FakeTransport(Script(ok("UserExists", "true")))
    assert client_with("solidcp1", transport).boolean("UserExists", username="x") is True
    digest = base64.b64encode(hashlib.sha1("log-in:päss".encode()).digest()).decode()
    expected = base64.b64encode(f"brightweb:{digest}".encode()).decode()
    assert transport.sent[0].headers["Authorization"] == f"Basic {expected}"
    assert b"p\xc3\xa4ss" not in transport.sent[0].body


def test_on_2x_the_password_stands_before_the_name_in_a_header_of_the_envelope() -> None:
    transport = FakeTransport(Script(ok("UserExists", "true")))
    client_with("fusecp2", transport).boolean("UserExists", username="x")
    body = transport.sent[0].body.decode()
    assert (
        '<h:Credentials xmlns:h="http://fusecp.com/headers/Credentials" xmlns="http://fusecp/credentials">'
        "<Password>log-in:päss</Password><Username>brightweb</Username></h:Credentials>"
    ) in body
    assert "Authorization" not in transport.sent[0].headers


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("name", "password"), [("brightweb", "p\udce4ss"), ("b\udce4", "x"), ("bright\x07", "x")])
def test_a_log_in_that_is_no_text_is_refused_and_not_shown(dialect: str, name: str, password: str) -> None:
    """A variable of the environment may hold bytes that are no UTF-8."""
    with pytest.raises(PanelUnauthorised, match="can't be sent") as caught:
        PanelClient(
            connection=Connection(url=URL),
            credentials=Credentials(username=name, password=Secret(password), url=URL),
            dialect=FUSECP2 if dialect == "fusecp2" else SOLIDCP1,
            transport=FakeTransport(Script(ok("UserExists"))),
            clock=FakeTime().clock,
            jitter=lambda: 0.5,
            may_write=False,
        )
    assert password not in repr(vars(caught.value)) or password == "x"


@pytest.mark.parametrize("name", ["a:b", "ümlaut"])
def test_on_1x_a_name_that_basic_can_not_carry_is_refused(name: str) -> None:
    with pytest.raises(PanelUnauthorised, match="colon"):
        PanelClient(
            connection=Connection(url=URL),
            credentials=Credentials(username=name, password=Secret("x"), url=URL),
            dialect=client_with("solidcp1", FakeTransport(Script(ok("Echo")))).dialect,
            transport=FakeTransport(Script(ok("Echo"))),
            clock=FakeTime().clock,
            jitter=lambda: 0.5,
            may_write=False,
        )


@pytest.mark.parametrize(
    ("dialect", "path", "action"),
    [
        ("solidcp1", "/esUsers.asmx", '"http://smbsaas/solidcp/enterpriseserver/UserExists"'),
        ("fusecp2", "/basic/esUsers", '"http://smbsaas/fusecp/enterpriseserver/IesUsers/UserExists"'),
    ],
)
def test_where_a_call_goes_and_what_it_is_called(dialect: str, path: str, action: str) -> None:
    transport = FakeTransport(Script(ok("UserExists", "true")))
    client_with(dialect, transport).boolean("UserExists", username="x")
    assert transport.sent[0].url == URL + path
    assert transport.sent[0].headers["SOAPAction"] == action


def test_each_kind_of_call_has_its_own_time_out() -> None:
    times = TimeOuts(connect=1, read=2, bulk=3, create=4)
    for name, expected in (("UserExists", 2.0), ("GetDomains", 3.0), ("AddPackageWithResources", 4.0)):
        transport = FakeTransport(Script(ok(name, "" if name != "UserExists" else "true")))
        client_with("fusecp2", transport, time_outs=times).send_any(name)
        assert transport.sent[0].read == expected


def test_a_control_character_is_not_sent() -> None:
    transport = FakeTransport(Script(ok("UserExists", "true")))
    with pytest.raises(CallForbidden, match="control character"):
        client_with("fusecp2", transport).boolean("UserExists", username="a\x08b")
    assert transport.sent == []


# -- what is repeated ----------------------------------------------------------------------------------------------------------


def unreachable() -> PanelUnreachable:
    return PanelUnreachable("no connection")


def cut() -> PanelAmbiguous:
    return PanelAmbiguous("the connection to the panel was cut before its answer was complete")


def timed_out() -> PanelAmbiguous:
    return PanelAmbiguous("the panel did not answer within 60 s")


@pytest.mark.parametrize(
    "failure", [unreachable, cut, lambda: (503, {}, b""), lambda: (429, {}, b""), lambda: fault("database is locked")]
)
def test_a_read_is_asked_again(failure: object) -> None:
    assert callable(failure)
    time = FakeTime()
    transport = FakeTransport(Script(failure(), failure(), ok("UserExists", "true")))
    assert client_with("fusecp2", transport, may_write=False, time=time).boolean("UserExists", username="x")
    assert len(transport.sent) == 3
    assert time.slept == sorted(time.slept)
    assert len(time.slept) == 2


def test_a_read_is_not_asked_for_ever() -> None:
    transport = FakeTransport(Script(unreachable()))
    with pytest.raises(PanelUnreachable):
        client_with("fusecp2", transport, may_write=False).boolean("UserExists", username="x")
    assert len(transport.sent) == 4


def test_a_bulk_read_that_timed_out_is_not_asked_again_as_a_whole() -> None:
    transport = FakeTransport(Script(timed_out()))
    with pytest.raises(PanelAmbiguous):
        client_with("fusecp2", transport, may_write=False).rows("GetRawUsers", ("userid",), ownerId=1, recursive=True)
    assert len(transport.sent) == 1


def test_rows_of_an_attempt_that_failed_are_forgotten() -> None:
    taken: list[object] = []
    status, headers, data = ok("GetMyDomains", "<Item><domainId>1</domainId></Item>")

    class CutOnce(FakeTransport):
        @contextmanager
        def send(
            self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
        ) -> Iterator[Answer]:
            with super().send(method, url, headers, body, connect=connect, read=read) as answer:
                if len(self.sent) == 1:
                    answer.pieces = cut_pieces(data)
                yield answer

    def cut_pieces(whole: bytes) -> Iterator[bytes]:
        yield whole[:-30]
        raise cut()

    transport = CutOnce(Script((status, headers, data)))
    client = client_with("fusecp2", transport, may_write=False)
    client.rows("GetMyDomains", ("domainid",), lambda _t, row: taken.append(row), taken.clear, packageId=1)
    assert len(transport.sent) == 2
    assert taken == [["1"]]


def test_retry_after_is_honoured() -> None:
    time = FakeTime()
    transport = FakeTransport(Script((503, {"retry-after": "17"}, b""), ok("UserExists", "true")))
    client_with("fusecp2", transport, may_write=False, time=time).boolean("UserExists", username="x")
    assert time.slept == [17.0]


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0.5),
        ("²", 0.5),
        ("soon", 0.5),
        ("Mon, 1 Jan 99999999999999999999 00:00:00 GMT", 0.5),
    ],
)
def test_retry_after_may_be_a_date_and_nonsense_is_none(header: str, pause: float) -> None:
    time = FakeTime()
    transport = FakeTransport(Script((429, {"retry-after": header}, b""), ok("UserExists", "true")))
    client_with("fusecp2", transport, may_write=False, time=time).boolean("UserExists", username="x")
    assert time.slept == [pause]


def test_a_panel_that_wants_long_to_be_left_alone_is_left_alone() -> None:
    time = FakeTime()
    transport = FakeTransport(Script((503, {"retry-after": "3600"}, b"")))
    with pytest.raises(PanelUnreachable, match="too busy") as caught:
        client_with("fusecp2", transport, may_write=False, time=time).boolean("UserExists", username="x")
    assert (len(transport.sent), time.slept, caught.value.hint) == (1, [], "try again in 3600 s")
    assert caught.value.given_up


@pytest.mark.parametrize("failure", [cut, timed_out, lambda: (503, {}, b""), lambda: (502, {}, b""), lambda: (504, {}, b"")])
def test_a_write_that_was_sent_is_never_sent_again(failure: object) -> None:
    assert callable(failure)
    transport = FakeTransport(Script(failure()))
    with pytest.raises(PanelAmbiguous):
        client_with("fusecp2", transport).integer("DeleteHostingPlan", planId=1)
    assert len(transport.sent) == 1


def test_a_write_that_was_not_sent_says_so() -> None:
    transport = FakeTransport(Script(unreachable()))
    with pytest.raises(PanelUnreachable):
        client_with("fusecp2", transport).integer("DeleteHostingPlan", planId=1)


def test_a_dying_panel_is_left_alone_for_a_while() -> None:
    time = FakeTime()
    transport = FakeTransport(Script(unreachable()))
    client = client_with("fusecp2", transport, may_write=False, time=time)
    for _ in range(3):
        with pytest.raises(PanelUnreachable):
            client.boolean("UserExists", username="x")
    sent = len(transport.sent)
    with pytest.raises(PanelUnreachable, match="left alone"):
        client.boolean("UserExists", username="x")
    assert len(transport.sent) == sent
    time.seconds += 60
    transport.answer = Script(ok("UserExists", "true"))
    assert client.boolean("UserExists", username="x")


def test_a_run_asks_no_more_often_than_it_may() -> None:
    transport = FakeTransport(Script(ok("UserExists", "true")))
    client = client_with("fusecp2", transport, may_write=False, max_calls=3)
    for _ in range(3):
        client.boolean("UserExists", username="x")
    with pytest.raises(CallForbidden, match="3 times here"):
        client.boolean("UserExists", username="x")
    assert len(transport.sent) == 3


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_without_its_number_or_truth_is_not_0_or_false(dialect: str) -> None:
    """0 says that a write is done, and false that a name is free."""
    null = '<{0}Result i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>'
    for body in ("", "<{0}Result/>", null, "<{0}Result><a>0</a></{0}Result>"):
        for name in ("ChangeUserPassword", "UserExists"):
            status, headers, data = ok(name)
            empty = data.replace(f"<{name}Result>5</{name}Result>".encode(), body.format(name).encode())
            client = client_with(dialect, FakeTransport(Script((status, headers, empty))))
            with pytest.raises(PanelNotUnderstood, match="expected type"):
                client.send_any(name)


NO_LIST = {
    "missing": "",
    "null": '<{0}Result i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>',
    "empty": "<{0}Result/>",
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("what", NO_LIST)
@pytest.mark.parametrize("name", ["GetHostingPlans", "GetRawUsers", "GetMyDomains"])
def test_a_list_that_is_not_there_is_not_an_empty_one(dialect: str, what: str, name: str) -> None:
    """What is on the panel already would be made a second time, and a space with domains be deleted as one without."""
    status, headers, data = ok(name)
    data = data.replace(f"<{name}Result>5</{name}Result>".encode(), NO_LIST[what].format(name).encode())
    client = client_with(dialect, FakeTransport(Script((status, headers, data))))
    if what == "empty" and name in TYPED_LISTS:
        assert client.any_rows(name, ("domainid",)).rows() == []
        return
    with pytest.raises(PanelNotUnderstood, match="no list where one belongs"):
        client.any_rows(name, ("userid",))


def test_an_object_of_a_size_that_no_panel_sends_is_refused() -> None:
    many = "<a>1</a>" * 1_100_000
    transport = FakeTransport(Script(ok("GetUserById", many)))
    with pytest.raises(PanelNotUnderstood, match="longer than"):
        client_with("fusecp2", transport, may_write=False).record("GetUserById", userId=1)
    rows = FakeTransport(Script(ok("GetMyDomains", f"<Item>{many}</Item>")))
    assert len(client_with("fusecp2", rows, may_write=False).rows("GetMyDomains", ("a",), packageId=1).rows()) == 1


# -- what failures prove -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "certain"),
    [
        ("Server was unable to read request. ---&gt; There is an error in the XML document.", "soap:Client", True),
        ("Server did not recognize the value of HTTP Header SOAPAction: x.", "soap:Client", True),
        ("The formatter threw an exception", "a:DeserializationFailed", True),
        # A hosting agent of another version answers the panel so, and the panel has stored its part by then.
        ("Server was unable to process request. ---&gt; Server was unable to read request.", "soap:Server", False),
        ("Error executing 'ADD' ---&gt; Server did not recognize the value of HTTP Header SOAPAction: x.", "soap:Server", False),
        ("Server was unable to process request. ---&gt; WSE012: The input was not a valid SOAP message", "soap:Server", False),
        ("You are not allowed to access this package", "soap:Server", False),
    ],
)
def test_only_the_panels_own_complaint_about_a_request_proves_that_nothing_was_done(text: str, code: str, certain: bool) -> None:
    with pytest.raises(PanelFault) as caught:
        client_with("solidcp1", FakeTransport(Script(fault(text, code)))).send_any("AddPackageWithResources")
    assert certainly_not_done(caught.value) is certain


# -- what failures say ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((401, {}, b"401 Access Denied"), PanelUnauthorised, "credentials"),
        ((403, {"content-type": "text/html"}, b"<html>"), PanelUnauthorised, "credentials"),
        ((404, {}, b""), PanelNotUnderstood, "no esUsers at this URL"),
        ((302, {"location": "https://evil.example/\x1b[2J"}, b""), PanelNotUnderstood, "redirect"),
        ((200, {"content-type": "text/html"}, b"<html>log in</html>"), PanelNotUnderstood, "web page"),
        ((500, {"content-type": "text/html"}, b"<html>boom</html>"), PanelNotUnderstood, "web page"),
        ((500, XML, b""), PanelNotUnderstood, "without saying why"),
        ((400, XML, b""), PanelNotUnderstood, "HTTP 400"),
        ((200, {"content-type": "text/xml; charset=iso-8859-1"}, ok("UserExists")[2]), PanelNotUnderstood, "iso-8859-1"),
        (ok("UserExists", "maybe"), PanelNotUnderstood, "expected type"),
        (fault("No anonymous access allowed.", "s:Client"), PanelUnauthorised, "credentials"),
        (fault("You are not allowed to access this account"), PanelFault, "not allowed"),
    ],
)
def test_a_failure_becomes_one_error_that_says_what_to_do(answer: Reply, error: type[Exception], words: str) -> None:
    client = client_with("fusecp2", FakeTransport(Script(answer)), may_write=False)
    with pytest.raises(error, match=words) as caught:
        client.boolean("UserExists", username="x")
    assert getattr(caught.value, "call", "") in {"esUsers.UserExists", "UserExists"}
    shown = f"{caught.value.message} {caught.value.detail} {caught.value.hint}"  # type: ignore[attr-defined]  # all are ours
    assert "\x1b" not in shown
    assert "päss" not in shown


def test_a_truncated_answer_to_a_read_is_told() -> None:
    client = client_with("fusecp2", FakeTransport(Script((200, XML, ok("UserExists")[2][:-20]))), may_write=False)
    with pytest.raises(PanelNotUnderstood, match="ends in the middle"):
        client.boolean("UserExists", username="x")
