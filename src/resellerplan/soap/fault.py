"""SOAP faults as both kinds of panel write them (contract 1.6)."""

from __future__ import annotations

from dataclasses import dataclass

from resellerplan.soap.node import Node

__all__ = ["Fault", "read_fault"]

_PREFIX_1X = "Server was unable to process request. ---> "


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its code without prefix (``Server``, ``InternalServiceFault``), and the chain of messages, outermost first.

    1.x joins the chain into one text; 2.x tells the outermost only and keeps the rest in the detail. Both are taken apart here.
    """

    code: str
    messages: tuple[str, ...]

    @property
    def text(self) -> str:
        """The chain as one line, as 1.x joins it."""
        return " ---> ".join(self.messages)

    def mentions(self, *needles: str) -> bool:
        """Whether one of the texts occurs anywhere in the chain, without case."""
        whole = self.text.casefold()
        return any(needle.casefold() in whole for needle in needles)


def _inner_messages(detail: Node) -> list[str]:
    found: list[str] = []
    exception = detail.child("exceptiondetail")
    for _ in range(20):
        if exception is None or exception.nil:
            break
        message = exception.child("message")
        if message is not None and message.text:
            found.append(message.text)
        exception = exception.child("innerexception")
    return found


def read_fault(node: Node) -> Fault:
    """A ``Fault`` element of SOAP 1.1 or 1.2."""
    code_node = node.child("faultcode")
    text_node = node.child("faultstring")
    if code_node is None and (code := node.child("code")) is not None:
        code_node = code.child("value")
    if text_node is None and (reason := node.child("reason")) is not None:
        text_node = reason.child("text")
    code_text = (code_node.text if code_node is not None else "") or ""
    text = (text_node.text if text_node is not None else "") or ""
    detail = node.child("detail")
    chain = _inner_messages(detail) if detail is not None else []
    if not chain:
        chain = text.removeprefix(_PREFIX_1X).split(" ---> ")
    elif text and text not in chain:
        chain.insert(0, text)
    return Fault(code_text.strip().rpartition(":")[2], tuple(message.strip() for message in chain if message.strip()))
