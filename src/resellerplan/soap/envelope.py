"""Requests: an operation and its parameters -> the bytes of a SOAP 1.1 envelope, and the same with every secret masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resellerplan.soap.node import Node
from resellerplan.soap.values import is_sendable

__all__ = ["MASK", "SOAP11", "SOAP12", "XSI", "write_envelope"]

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

MASK = "***"
"""What stands in a trace where a secret stood on the wire."""


def _escape(text: str) -> str:
    if not text.isalnum():
        if not is_sendable(text):
            raise ValueError("the text holds a control character, which the panel could store and never show again")
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
    return text


def _write(node: Node, default: str, prefixes: Mapping[str, str], into: list[str], masked: bool) -> None:
    if node.namespace == default or not node.namespace:
        tag, declared = node.name, ""
    elif node.namespace in prefixes:
        tag, declared = f"{prefixes[node.namespace]}:{node.name}", ""
    else:
        tag, declared = f"n:{node.name}", f' xmlns:n="{_escape(node.namespace)}"'
    if node.nil:
        into.append(f'<{tag}{declared} {prefixes[XSI]}:nil="true"/>')
    elif node.children:
        into.append(f"<{tag}{declared}>")
        for child in node.children:
            _write(child, default, prefixes, into, masked)
        into.append(f"</{tag}>")
    else:
        text = MASK if masked and node.secret else _escape(node.text or "")
        into.append(f"<{tag}{declared}>{text}</{tag}>")


def write_envelope(
    operation: str,
    namespace: str,
    parameters: Sequence[Node],
    *,
    prefixes: Mapping[str, str],
    header: Node | None = None,
    masked: bool = False,
) -> bytes:
    """The envelope of one call.

    ``prefixes`` (namespace -> prefix, with XSI among them) are declared on the envelope; elements without a namespace stand in
    that of the operation. ``header`` is one element for the SOAP header; its children stand in the namespace of its first child.
    ``masked`` writes :data:`MASK` for every secret: the same bytes otherwise, fit for a trace. Raises ValueError for a text that
    XML can't carry.
    """
    declared = "".join(f' xmlns:{prefix}="{uri}"' for uri, prefix in prefixes.items())
    into = [f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP11}"{declared}>']
    if header is not None:
        inner = header.children[0].namespace if header.children else ""
        into.append(f'<s:Header><h:{header.name} xmlns:h="{header.namespace}" xmlns="{inner}">')
        for child in header.children:
            _write(child, inner, prefixes, into, masked)
        into.append(f"</h:{header.name}></s:Header>")
    into.append(f'<s:Body><{operation} xmlns="{namespace}">')
    for node in parameters:
        _write(node, namespace, prefixes, into, masked)
    into.append(f"</{operation}></s:Body></s:Envelope>")
    return "".join(into).encode("utf-8")
