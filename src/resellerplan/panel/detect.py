"""Which kind of panel answers at a URL (contract 7.5): asked once, without credentials, and kept for a short while.

No call tells a version. The WSDL of esUsers does: where it is served, its namespace, and what it has.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from resellerplan.errors import PanelNotUnderstood
from resellerplan.neutralise import fragment_of
from resellerplan.panel.connection import Connection
from resellerplan.panel.dialects.dialect import Dialect
from resellerplan.panel.dialects.fusecp2 import FUSECP2
from resellerplan.panel.dialects.solidcp1 import SOLIDCP1, WEBSITEPANEL
from resellerplan.panel.network import Transport

__all__ = ["MOST_WSDL_BYTES", "Detected", "Product", "detect", "dialect_of"]

Product = Literal["solidcp", "websitepanel", "fusecp"]

MOST_WSDL_BYTES = 4 << 20
"""The longest document that is read without a log-in; the recorded ones have at most 350 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What the WSDL told. ``notes``: AddUser takes notes (from 1.4.7); ``mfa``: from 1.4.9; ``moves_spaces``: ChangePackageUser."""

    product: Product
    notes: bool = True
    mfa: bool = True
    moves_spaces: bool = True
    overridden: bool = False

    @property
    def version_hint(self) -> str:
        """What can be said about the version."""
        match self.product:
            case "fusecp":
                return "FuseCP 2.x"
            case "websitepanel":
                return "WebsitePanel 2.x"
            case "solidcp":
                if self.mfa:
                    return "SolidCP 1.4.9 or later"
                return "SolidCP 1.4.7 or 1.4.8" if self.notes else "SolidCP before 1.4.7"

    def as_data(self) -> dict[str, object]:
        """For the cache."""
        return asdict(self)


def dialect_of(detected: Detected) -> Dialect:
    """The dialect to speak."""
    match detected.product:
        case "fusecp":
            return FUSECP2
        case "websitepanel":
            return WEBSITEPANEL
        case "solidcp":
            return SOLIDCP1


def detect(transport: Transport, connection: Connection) -> Detected:
    """Look at the panel's WSDL. Raises PanelUnreachable, or PanelNotUnderstood where no panel answers."""
    if connection.dialect is not None:
        return Detected(product="fusecp" if connection.dialect == "fusecp2" else "solidcp", overridden=True)
    base = connection.url.rstrip("/")
    status, text = _get(transport, connection, f"{base}/esUsers.asmx?WSDL")
    if status == 200:
        for product, namespace in (("solidcp", b"smbsaas/solidcp/"), ("websitepanel", b"smbsaas/websitepanel/")):
            if namespace in text:
                return Detected(
                    product="solidcp" if product == "solidcp" else "websitepanel",
                    notes=b'"notes"' in text,
                    mfa=b'"MfaMode"' in text,
                    moves_spaces=_has_change_of_owner(transport, connection),
                )
    status_2, text_2 = _get(transport, connection, f"{base}/esUsers?wsdl")
    if status_2 == 200 and b"smbsaas/fusecp" in text_2:
        return Detected(product="fusecp")
    if status_2 == 200 and b"<" in text_2 and b"wsdl" in text_2:
        # The contract's namespace may stand only in an imported document.
        _, single = _get(transport, connection, f"{base}/esUsers?singleWsdl")
        if b"smbsaas/fusecp" in single:
            return Detected(product="fusecp")
        if b"smbsaas/solidcp/enterpriseserver/" in single or b"smbsaas/solidcp/enterpriseserver/" in text_2:
            raise PanelNotUnderstood(
                "this panel is a preview of SolidCP 2.0, which is not supported", hint="its successor is FuseCP 2.x"
            )
    seen = text if status == 200 else text_2
    raise PanelNotUnderstood(
        f"no SolidCP, FuseCP or WebsitePanel answers at this URL (HTTP {status} and {status_2})",
        fragment=fragment_of(seen),
        hint="panel.url is the address of the Enterprise Server (often port 9002), not of the web portal",
    )


def _has_change_of_owner(transport: Transport, connection: Connection) -> bool:
    status, text = _get(transport, connection, f"{connection.url.rstrip('/')}/esPackages.asmx?WSDL")
    return status != 200 or b'"ChangePackageUser"' in text


def _get(transport: Transport, connection: Connection, url: str) -> tuple[int, bytes]:
    times = connection.time_outs
    with transport.send("GET", url, {}, b"", connect=times.connect, read=times.read) as answer:
        data = b""
        for piece in answer.pieces:
            data += piece
            if len(data) > MOST_WSDL_BYTES:
                break
        return answer.status, data
