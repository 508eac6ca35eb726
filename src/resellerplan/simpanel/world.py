"""A world as plain values: what ``panel seed`` reads and ``panel dump`` writes, between YAML and the store.

The published contract is ``schemas/world.schema.json``; names of groups and quotas are checked against the catalogue of the flavour
when the world is seeded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from resellerplan.errors import EmbeddedPanelError

__all__ = [
    "Addon",
    "Comment",
    "DomainRow",
    "GroupTerms",
    "Item",
    "PlanRow",
    "ServerRow",
    "SpaceRow",
    "UserRow",
    "World",
    "WorldInvalid",
]

ROLES = {
    "administrator": 1,
    "reseller": 2,
    "user": 3,
    "reseller_csr": 4,
    "platform_csr": 5,
    "reseller_helpdesk": 6,
    "platform_helpdesk": 7,
}
USER_STATUSES = {"active": 1, "suspended": 2, "cancelled": 3, "pending": 4}
SPACE_STATUSES = {"active": 1, "suspended": 2, "cancelled": 3, "new": 4}
LOGIN_STATUSES = {"enabled": 0, "disabled": 1, "locked_out": 2}
USER_TEXTS = (
    "first_name",
    "last_name",
    "email",
    "secondary_email",
    "address",
    "city",
    "state",
    "country",
    "zip",
    "primary_phone",
    "secondary_phone",
    "fax",
    "instant_messenger",
    "company_name",
    "subscriber_number",
    "comments",
    "additional_params",
)
ITEM_KINDS = {
    "sites": ("site", "Web"),
    "ftp": ("ftp_account", "FTP"),
    "mailboxes": ("mail_account", "Mail"),
    "mail_domains": ("mail_domain", "Mail"),
    "zones": ("dns_zone", "DNS"),
    "home_folders": ("home_folder", "OS"),
    "organizations": ("organization", "Hosted Organizations"),
}


class WorldInvalid(EmbeddedPanelError):
    """The document is not a world: where, and what was expected."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or 'the world'}: {message}")


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What a plan or a space grants in one group: whether space and traffic count, and quota values by (short or full) name."""

    quotas: Mapping[str, int]
    disk: bool = True
    bandwidth: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRow:
    """A server; ``services`` are the groups it serves."""

    name: str
    id: int | None = None
    virtual: bool = False
    url: str | None = None
    comments: str | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """``space``: the own space it hangs on (a name, ``None`` = the owner's first, ``False`` = none)."""

    name: str
    owner: str
    id: int | None = None
    addon: bool = False
    description: str | None = ""
    available: bool = True
    server: str | None = None
    no_server: bool = False
    space: str | int | None = None
    no_space: bool = False
    setup_price: str = "0"
    recurring_price: str = "0"
    recurrence_length: int = 1
    recurrence_unit: int = 2
    groups: Mapping[str, GroupTerms] = field(default_factory=dict)
    extra_quotas: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user; ``role`` and ``status`` are the numbers of contract 3.1, ``texts`` the contact members by name."""

    username: str
    owner: str
    id: int | None = None
    password: str | None = None
    role: int = 3
    status: int = 1
    login_status: int | None = 0
    failed_logins: int | None = None
    peer: bool = False
    demo: bool = False
    html_mail: bool = True
    ecommerce: bool = False
    created: datetime | None = None
    changed: datetime | None = None
    texts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addon:
    """An add-on of a space; ``plan`` by name or id."""

    plan: str | int
    id: int | None = None
    quantity: int = 1
    status: int = 1
    purchased: datetime | None = None
    comments: str | None = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRow:
    """A domain of a space; ``site``, ``mail_domain`` and ``zone`` name the items behind it.

    An item that is not named is the one of the domain's own name, where the space has it; the empty name means none at all.
    ``undated``: the panel knows no time of it, as of domains that were made without provisioning.
    """

    name: str
    id: int | None = None
    hosting_allowed: bool = False
    sub_domain: bool = False
    preview: bool = False
    pointer: bool = False
    site: str | None = None
    mail_domain: str | None = None
    zone: str | None = None
    created: datetime | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A service item of a space: a web site, a mailbox, an FTP account."""

    kind: str
    group: str
    name: str
    id: int | None = None
    enabled: bool = True
    properties: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceRow:
    """A space; ``plan`` by name or id, ``parent`` the id of the space it hangs under."""

    user: str
    name: str | None
    plan: str | int | None
    id: int | None = None
    parent: int | None = None
    server: str | None = None
    no_server: bool = False
    status: int = 1
    comments: str | None = ""
    purchased: datetime | None = None
    status_changed: datetime | None = None
    default_top: bool = False
    overrides: Mapping[str, GroupTerms] | None = None
    exact: bool = False
    extra_overrides: Mapping[str, int] = field(default_factory=dict)
    addons: tuple[Addon, ...] = ()
    domains: tuple[DomainRow, ...] = ()
    items: tuple[Item, ...] = ()
    settings: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """``user`` or (``item``, ``item_id``): what it stands on."""

    by: str
    text: str | None
    user: str | None = None
    item: str = "USER"
    item_id: int | None = None
    id: int | None = None
    severity: int | None = 1
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A whole world. ``next_ids``: the first number that each table gives next, where that is more than one above its last."""

    flavour: str | None = None
    clock: datetime | None = None
    administrator_password: str | None = None
    servers: tuple[ServerRow, ...] = ()
    plans: tuple[PlanRow, ...] = ()
    users: tuple[UserRow, ...] = ()
    spaces: tuple[SpaceRow, ...] = ()
    comments: tuple[Comment, ...] = ()
    user_settings: Mapping[str, Mapping[str, Mapping[str, str | None]]] = field(default_factory=dict)
    system_settings: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    next_ids: Mapping[str, int] = field(default_factory=dict)
