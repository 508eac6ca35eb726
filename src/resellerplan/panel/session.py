"""One log-in at one panel: which panel it is, who we are there, whose customers these are, and what they stand on.

``open_panel`` is the door for the composition root. Nothing is sent before it; it sends the detection and "who am I".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from resellerplan.applying.ports import Clock
from resellerplan.errors import PanelError, PanelFault, PanelNotUnderstood, PanelUnauthorised
from resellerplan.model.address import PanelId, fold_username
from resellerplan.model.estate import OwnPackage
from resellerplan.model.values import Secret
from resellerplan.neutralise import one_line
from resellerplan.panel.cache import DetectionCache
from resellerplan.panel.call_log import logged
from resellerplan.panel.client import PanelClient
from resellerplan.panel.connection import Connection, Credentials
from resellerplan.panel.detect import MOST_WSDL_BYTES, Detected, detect, dialect_of
from resellerplan.panel.direct_transport import DirectTransport, stands_behind_proxy
from resellerplan.panel.network import Transport
from resellerplan.panel.record import Record
from resellerplan.panel.trace import Trace
from resellerplan.panel.translate.hosting_plan import CATALOGUE_COLUMNS, PanelCatalogue, catalogue_of
from resellerplan.panel.translate.statuses import ADMINISTRATOR, RESELLER, ROLE_NAMES
from resellerplan.soap.dataset import Row, Tables
from resellerplan.soap.values import read_int

if TYPE_CHECKING:
    from resellerplan.panel.transport import InProcess

__all__ = ["Account", "Session", "open_panel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the panel as far as rights go."""

    user_id: PanelId
    username: str
    owner_id: PanelId
    role_id: int
    status_id: int
    peer: bool
    demo: bool

    @property
    def role_name(self) -> str:
        """The panel's name of the role."""
        return ROLE_NAMES.get(self.role_id, f"role {self.role_id}")


def account_of(record: Record) -> Account:
    """The rights part of a UserInfo."""
    return Account(
        user_id=record.integer("userid"),
        username=record.text("username") or "",
        owner_id=record.integer("ownerid"),
        role_id=record.integer("roleid"),
        status_id=record.integer("statusid"),
        peer=record.boolean("ispeer"),
        demo=record.boolean("isdemo"),
    )


class Session:
    """An open panel. ``me`` is the log-in, ``reseller`` the effective reseller: himself, or the owner of a peer (contract 5.4)."""

    def __init__(
        self,
        client: PanelClient,
        detected: Detected,
        me: Account,
        reseller: Account,
        transport: Transport,
        *,
        in_process: bool = False,
    ) -> None:
        self.in_process = in_process
        self.client = client
        self.detected = detected
        self.me = me
        self.reseller = reseller
        self._transport = transport
        self._entity_framework: bool | None = None

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def date_header(self) -> str:
        """What time the panel's web server says it is (the header Date), or an empty text."""
        times = self.connection.time_outs
        url = self.connection.url.rstrip("/") + self.client.dialect.path_of("esUsers") + "?wsdl"
        with self._transport.send("GET", url, {}, b"", connect=times.connect, read=times.read) as answer:
            read = 0
            for piece in answer.pieces:  # to the end, so that the connection can be used again; but not of one without an end
                read += len(piece)
                if read > MOST_WSDL_BYTES:
                    break
            return answer.headers.get("date", "")

    @property
    def connection(self) -> Connection:
        """The settings it was opened with."""
        return self.client.connection

    @cached_property
    def own_packages(self) -> tuple[OwnPackage, ...]:
        """All packages of the reseller himself, without their groups and quotas."""
        wanted = ("packageid", "packagename", "serverid")
        rows = self.client.rows("GetRawMyPackages", wanted, userId=self.reseller.user_id).rows()
        return tuple(
            OwnPackage(panel_id=read_int(row[0]), name=row[1] or "", server_id=read_int(row[2]))
            for row in sorted(rows, key=lambda row: read_int(row[0]))
        )

    @cached_property
    def own(self) -> OwnPackage:
        """The package that plans hang on and spaces stand on. Raises PanelError where there is none, or more than one and none
        is named."""
        found = self.own_packages
        wanted = self.connection.own_space
        if wanted:
            found = tuple(package for package in found if package.name == wanted)
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{one_line(package.name, 60)!r} (id {package.panel_id})" for package in self.own_packages)
        if not self.own_packages:
            raise PanelError(
                f"the reseller {self.reseller.username} has no package of his own",
                detail="plans and spaces stand on it",
                hint="the panel's operator must give him one",
            )
        raise PanelError(
            f"which of the reseller's packages is meant can't be told: {names}",
            hint="name it as `space:` under `panel:` in the manifest",
        )

    @cached_property
    def catalogue(self) -> PanelCatalogue:
        """The panel's groups and quotas, and what the own package has of them (one call, seconds on 1.x; contract 6.8)."""
        try:
            return self._catalogue_on(self.own.panel_id)
        except PanelFault:
            if not self.me.peer:
                raise
            # Entity Framework refuses it to a peer, who can't see the owner (contract 5.4); the bare catalogue has no limits.
            return self._catalogue_on(0)

    def _catalogue_on(self, package: PanelId) -> PanelCatalogue:
        return catalogue_of(self.client.rows("GetHostingPlanQuotas", CATALOGUE_COLUMNS, packageId=package, planId=0, serverId=0))

    def allowed(self) -> Mapping[str, int]:
        """What the own package holds of each quota, by full name; empty where it can't be read."""
        try:
            return self.catalogue.allocated
        except PanelError:
            return {}

    def learn(self, tables: Tables) -> None:
        """Take note of which of the two the names of a DataSet show (contract 1.5)."""
        if tables.first_name and self.detected.product == "fusecp":
            self._entity_framework = tables.first_name == "Table1"

    @property
    def entity_framework(self) -> bool:
        """Whether the panel runs on Entity Framework instead of stored procedures (they differ: contract 7.4)."""
        if self._entity_framework is None:
            self._entity_framework = self.detected.product == "fusecp" and self._asked()
        return self._entity_framework

    def _asked(self) -> bool:
        try:
            return self.client.boolean("GetUseEntityFramework")
        except PanelFault:
            tables = self.client.rows("GetHostingPlans", ("planid",), userId=self.reseller.user_id)
            return tables.first_name == "Table1"


def open_panel(
    connection: Connection,
    credentials: Credentials,
    *,
    clock: Clock,
    jitter: Callable[[], float],
    may_write: bool = False,
    inner: InProcess | None = None,
    cache_folder: Path | None = None,
    trace_folder: Path | None = None,
) -> Session:
    """Detect the panel, log in, and find out whose customers these are.

    ``inner`` answers instead of the network (the embedded panel in process). ``cache_folder`` None keeps nothing. Raises
    PanelUnreachable, PanelNotUnderstood, PanelUnauthorised (wrong credentials, a customer's or an administrator's log-in, another
    reseller than the manifest's).
    """
    if inner is not None or stands_behind_proxy(connection):
        from resellerplan.panel.transport import HttpxTransport  # it takes a tenth of a second to load, and is seldom needed

        transport: Transport = HttpxTransport(connection, inner, clock.monotonic if inner is None else None)
    else:
        transport = DirectTransport(connection, clock.monotonic)
    transport = logged(transport, clock.monotonic)
    try:
        cache = DetectionCache(cache_folder, clock) if inner is None else DetectionCache(None, clock)
        detected = cache.get(connection.url) if connection.dialect is None else None
        if detected is None:
            detected = detect(transport, connection)
            if not detected.overridden:
                cache.put(connection.url, detected)
        client = PanelClient(
            connection=connection,
            credentials=credentials,
            dialect=dialect_of(detected),
            transport=transport,
            clock=clock,
            jitter=jitter,
            may_write=may_write,
            trace=Trace(trace_folder) if trace_folder is not None else None,
            plain_password=detected.product == "websitepanel" and _plain_is_safe(credentials.password),
        )
        me = _who_am_i(client, credentials.username)
        return Session(client, detected, me, _effective_reseller(client, connection, me), transport, in_process=inner is not None)
    except BaseException:
        transport.close()
        raise


def _plain_is_safe(password: Secret) -> bool:
    text = password.reveal()
    return text.isascii() and ":" not in text


def _who_am_i(client: PanelClient, username: str) -> Account:
    record = client.record("GetUserByUsername", username=username)
    if record is None:
        raise PanelNotUnderstood(
            "the panel took the credentials but does not show the account they are for", call="GetUserByUsername"
        )
    return account_of(record)


def _effective_reseller(client: PanelClient, connection: Connection, me: Account) -> Account:
    if me.role_id == ADMINISTRATOR:
        return _as_administrator(client, connection, me)
    if me.peer:
        reseller = _owner_of_peer(client, me)
        if reseller.role_id == ADMINISTRATOR:
            return _as_administrator(client, connection, me)
    else:
        reseller = me
    if reseller.role_id != RESELLER:
        raise PanelUnauthorised(
            f"{me.username} is no reseller's log-in but a {me.role_name}'s",
            hint="use the log-in of the reseller, or of a peer of his",
        )
    _check_meant(connection, reseller)
    return reseller


_LISTED = ("userid", "username", "ownerid", "roleid", "statusid", "ispeer", "isdemo")


def _owner_of_peer(client: PanelClient, me: Account) -> Account:
    """Whom a peer acts for. Entity Framework shows a peer neither its owner's account nor anything by the owner's id, but in the
    tree of the peer's own id the owner stands (recordings 439 and 440, contract 5.4)."""
    record = client.record("GetUserById", userId=me.owner_id)
    if record is not None:
        return account_of(record)
    found: list[Account] = []

    def on_row(index: int, row: Row) -> None:
        if index == 1 and read_int(row[0]) == me.owner_id:
            found.append(
                Account(
                    user_id=me.owner_id,
                    username=row[1] or "",
                    owner_id=read_int(row[2]) if row[2] else 0,
                    role_id=read_int(row[3]),
                    status_id=read_int(row[4]),
                    peer=row[5] == "true",
                    demo=row[6] == "true",
                )
            )

    client.rows(
        "GetUsersPagedRecursive",
        _LISTED,
        on_row,
        found.clear,
        userId=me.user_id,
        filterColumn="",
        filterValue="",
        statusId=0,
        roleId=RESELLER,
        sortColumn="",
        startRow=0,
        maximumRows=2147483647,
    )
    if not found:
        raise PanelUnauthorised(f"{me.username} is a peer, but its owner can't be read")
    return found[0]


def _check_meant(connection: Connection, reseller: Account) -> None:
    meant = connection.reseller or connection.as_administrator_for
    if meant and fold_username(meant) != fold_username(reseller.username):
        raise PanelUnauthorised(
            f"the log-in acts for {reseller.username}, the manifest is {one_line(meant, 60)}'s",
            hint="use that reseller's log-in, or change `panel: reseller`",
        )


def _as_administrator(client: PanelClient, connection: Connection, me: Account) -> Account:
    if not connection.as_administrator_for:
        raise PanelUnauthorised(
            f"{me.username} is an administrator",
            detail="an administrator can change every reseller's customers, so it is not taken by mistake",
            hint="use the reseller's own log-in, or --as-administrator-for RESELLER",
        )
    record = client.record("GetUserByUsername", username=connection.as_administrator_for)
    if record is None:
        raise PanelUnauthorised(f"there is no reseller {one_line(connection.as_administrator_for, 60)}")
    reseller = account_of(record)
    if reseller.role_id != RESELLER or reseller.peer:
        raise PanelUnauthorised(f"{reseller.username} is no reseller")
    _check_meant(connection, reseller)
    return reseller
