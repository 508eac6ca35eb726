"""Faults of both kinds of panel, taken apart."""

from __future__ import annotations

from resellerplan.soap.fault import Fault
from resellerplan.soap.reply import ReplyReader

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def fault(inner: str) -> Fault:
    reader = ReplyReader("AddUser")
    reader.feed(f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault>{inner}</s:Fault></s:Body></s:Envelope>'.encode())
    reader.close()
    assert reader.fault is not None
    return reader.fault


def test_a_chain_in_one_text_is_taken_apart() -> None:
    found = fault(
        "<faultcode>soap:Server</faultcode><faultstring>Server was unable to process request. ---&gt; "
        "Error executing 'ADD' task on 'x' USER ---&gt; You are not allowed to access this account</faultstring><detail />"
    )
    assert found.code == "Server"
    assert found.messages == ("Error executing 'ADD' task on 'x' USER", "You are not allowed to access this account")
    assert found.mentions("NOT ALLOWED to access this account")


def test_a_chain_in_the_detail_is_read_to_its_end() -> None:
    found = fault(
        "<faultcode>a:InternalServiceFault</faultcode><faultstring>outer</faultstring><detail>"
        '<ExceptionDetail xmlns="urn:d"><InnerException><InnerException/><Message>inner</Message></InnerException>'
        "<Message>outer</Message></ExceptionDetail></detail>"
    )
    assert found.code == "InternalServiceFault"
    assert found.messages == ("outer", "inner")
    assert found.text == "outer ---> inner"
