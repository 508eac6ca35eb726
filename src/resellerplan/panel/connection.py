"""How to reach a panel, and as whom. ``cli`` fills these from the manifest, the environment and the credentials file."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from resellerplan.errors import UsageError
from resellerplan.model.values import Secret
from resellerplan.neutralise import one_line

__all__ = ["Connection", "Credentials", "DialectName", "TimeOuts", "is_loopback", "normal_url", "same_panel"]

DialectName = Literal["solidcp1", "fusecp2"]

_PORTS = {"http": 80, "https": 443}


def normal_url(url: str) -> str:
    """A panel's URL in the form in which two are compared: scheme and host in lower case, the port unless it is the scheme's own,
    the path without its last slash. Raises UsageError for what is no http(s) URL, or one that holds credentials or a query.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, port = parts.scheme.lower(), parts.port
    except ValueError:  # half an IPv6 address, a host of look-alike letters, a port that is no number
        raise _no_url(url) from None
    if scheme not in _PORTS or not parts.hostname or any(character.isspace() or character == "\\" for character in parts.netloc):
        raise _no_url(url)
    if parts.username or parts.password:
        raise UsageError(
            "the panel URL holds a user name or a password", hint="use RESELLERPLAN_USERNAME and RESELLERPLAN_PASSWORD"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"the panel URL {one_line(url, 80)!r} holds a query", hint="write it up to the port or the path")
    host = parts.hostname.lower()
    host = f"[{host}]" if ":" in host else host
    shown_port = "" if port is None or port == _PORTS[scheme] else f":{port}"
    return f"{scheme}://{host}{shown_port}{parts.path.rstrip('/')}"


def _no_url(url: str) -> UsageError:
    return UsageError(f"{one_line(url, 80)!r} is no panel URL", hint="write https://panel.example.net:9002")


def same_panel(one: str, other: str) -> bool:
    """Whether two URLs name the same panel, so that credentials for one may be sent to the other."""
    return normal_url(one) == normal_url(other)


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine, so that plain http does no harm."""
    host = (urlsplit(url).hostname or "").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, like 127.example.net: anybody may own it
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOuts:
    """Seconds. ``bulk`` is for reads of whole lists, ``create`` for calls that talk to hosting servers (contract 6.5)."""

    connect: float = 10.0
    read: float = 60.0
    bulk: float = 300.0
    create: float = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where the panel is and how hard it may be asked.

    ``ca_file`` is an own certificate authority, ``client_certificate`` a PEM file with certificate and key. ``reseller`` is whose
    customers these are (default: the log-in's, or its owner's where it is a peer); ``own_space`` names the reseller's package
    where there are several. ``as_administrator_for`` allows an administrator's log-in, for that reseller. ``use_environment``
    lets the usual variables name proxies. ``poll`` is the pause between looks at something the panel does in the background.
    """

    url: str
    dialect: DialectName | None = None
    reseller: str = ""
    own_space: str = ""
    as_administrator_for: str = ""
    time_outs: TimeOuts = field(default_factory=TimeOuts)
    ca_file: str = ""
    client_certificate: str = ""
    use_environment: bool = True
    parallelism: int = 4
    max_calls: int | None = None
    max_reply_bytes: int = 512 * 1024 * 1024
    poll: float = 0.5
    page_size: int = 1000

    def __post_init__(self) -> None:
        if not 1 <= self.parallelism <= 32:
            raise UsageError(f"the parallelism is {self.parallelism}", hint="a number from 1 to 32: panels fall over before we do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A log-in and the URL it is for: it is sent nowhere else."""

    username: str
    password: Secret
    url: str
