"""What panel this is, what the log-in may do there, and what will not work because of it. Reads only.

Known defects are recognised by harmless reads (contract 7.4-7.6, real panel reports): each becomes one sentence on what it means
for the person at the keyboard, and whom to ask.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from resellerplan.errors import PanelError, PanelFault
from resellerplan.model.quotas import ALWAYS_IN
from resellerplan.neutralise import one_line
from resellerplan.panel.bulk import read_customers, read_spaces
from resellerplan.panel.connection import is_loopback
from resellerplan.panel.session import Session
from resellerplan.panel.translate.customer import CustomerRow
from resellerplan.panel.translate.statuses import ADMINISTRATOR, RESELLER, STATUSES

__all__ = ["Diagnosis", "Grade", "Remark", "diagnose"]

_SAMPLES = 5
_CLOCK_TOLERANCE = 120.0
_CSR = 4


class Grade(StrEnum):
    """How a remark is meant: all is well, know this, this will fail."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the diagnosis: what was looked at, what was found, and what to do about it (empty where nothing)."""

    grade: Grade
    subject: str
    finding: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All remarks in the order in which they were found."""

    remarks: tuple[Remark, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing will fail."""
        return all(remark.grade is not Grade.ERROR for remark in self.remarks)


def _ok(subject: str, finding: str) -> Remark:
    return Remark(Grade.OK, subject, finding)


def _warning(subject: str, finding: str, hint: str = "") -> Remark:
    return Remark(Grade.WARNING, subject, finding, hint)


def _error(subject: str, finding: str, hint: str = "") -> Remark:
    return Remark(Grade.ERROR, subject, finding, hint)


def diagnose(session: Session) -> Diagnosis:
    """Look at everything. What can't be looked at is a remark too; only a panel that can't be reached raises."""
    remarks: list[Remark] = []
    customers: list[CustomerRow] = []
    for part in (
        _panel(session),
        _way_there(session),
        _log_in(session),
        _identity(session),
        _own_packages(session),
        _lists(session, customers),
        _look_ups(session, customers),
        _known_differences(session),
    ):
        try:
            remarks.extend(part)
        except PanelError as error:
            remarks.append(_error("reading", error.message, error.hint))
    return Diagnosis(tuple(remarks))


def _panel(session: Session) -> Iterator[Remark]:
    detected = session.detected
    how = "as the manifest says" if detected.overridden else "by its WSDL"
    yield _ok("panel", f"{detected.version_hint} ({session.client.dialect.name}, {how})")
    if detected.product == "websitepanel":
        yield _warning("panel", "WebsitePanel is supported by its documentation only; it was never tried against a real one")
    elif detected.product == "solidcp" and not detected.mfa:
        yield _warning(
            "panel", "SolidCP before 1.4.9 is supported by its documentation only; it was never tried against a real one"
        )
    if not detected.moves_spaces:
        yield _warning("panel", "it can't give a space to another customer", "`moved_from` with another customer is refused")
    yield _ok("database", _database(session))


def _database(session: Session) -> str:
    """The kind of database, told by how it writes amounts (contract 1.4, real panel report 12)."""
    rows = session.client.rows("GetHostingPlans", ("setupprice",), userId=session.reseller.user_id)
    session.learn(rows)
    logic = "Entity Framework" if session.entity_framework else "stored procedures"
    if not session.entity_framework:
        return f"{logic}, so SQL Server"
    digits = [len((row[0] or "").partition(".")[2]) for row in rows.rows()]
    if not digits:
        return f"{logic}; which database can't be told before there is a plan"
    if max(digits) > 10:
        return f"{logic}; amounts look like MariaDB or MySQL"
    return f"{logic}; amounts look like {'SQLite' if min(digits) >= 1 else 'PostgreSQL'}"


def _way_there(session: Session) -> Iterator[Remark]:
    connection, clock = session.connection, session.client.clock
    if session.in_process:
        yield _ok("TLS", "none, the panel is in this very process")
    elif connection.url.startswith("https:"):
        yield _ok("TLS", "on, and the certificate was verified")
    elif is_loopback(connection.url):
        yield _ok("TLS", "none, to this machine")
    else:
        yield _error(
            "TLS",
            "none: the log-in and every customer's password can be read on the way",
            "give the panel a certificate and write https://",
        )
    taken = []
    for _ in range(_SAMPLES):
        started = clock.monotonic()
        session.client.boolean("UserExists", username=session.me.username)
        taken.append(clock.monotonic() - started)
    median = statistics.median(taken)
    finding = f"{median * 1000:.0f} ms for a small read"
    yield _ok("latency", finding) if median < 1 else _warning("latency", finding, "a plan over many customers will take long")
    yield _clock(session)


def _clock(session: Session) -> Remark:
    text = session.date_header()
    try:
        there = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        there = None
    if there is None and session.in_process:
        return _ok("clock", "the embedded panel keeps its own")
    if there is None:
        return _warning("clock", "the panel does not say what time it has")
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    here: datetime = session.client.clock.now()
    ahead = (there - here).total_seconds()
    if abs(ahead) <= _CLOCK_TOLERANCE:
        return _ok("clock", f"{abs(ahead):.0f} s apart")
    way = "ahead of" if ahead > 0 else "behind"
    return _warning(
        "clock", f"the panel is {abs(ahead):.0f} s {way} this machine", "quarantines and `ends` are judged by this machine's day"
    )


def _log_in(session: Session) -> Iterator[Remark]:
    me, reseller = session.me, session.reseller
    whose = "" if me.user_id == reseller.user_id else f", acting for {reseller.username}"
    peer = ", a peer" if me.peer else ""
    yield _ok("log-in", f"{me.username}, {me.role_name}{peer}{whose}")
    if me.role_id == ADMINISTRATOR:
        yield _warning("log-in", "an administrator can change every reseller's customers", "use the reseller's own log-in")
    if me.demo:
        yield _error("rights", "a demo account: every write will be refused (-106)", "use another log-in")
    if STATUSES.get(me.status_id) is None or me.status_id != 1:
        status = STATUSES.get(me.status_id)
        yield _error("rights", f"the account is {status or me.status_id}: plans and spaces will be refused", "it must be active")
    if me.role_id not in {ADMINISTRATOR, RESELLER}:
        more = "" if me.role_id == _CSR else ", nor spaces or status changes"
        yield _error(
            "rights",
            f"a {me.role_name} may not write plans nor delete spaces{more} (-112)",
            "use the reseller's own log-in, or a peer with the role Reseller",
        )


def _identity(session: Session) -> Iterator[Remark]:
    """Whether the panel knows who asks: a reseller may not list the plans of the account above him (contract 7.5)."""
    if session.me.role_id == ADMINISTRATOR:
        return
    try:
        session.client.rows("GetHostingPlans", ("planid",), userId=session.reseller.owner_id)
    except PanelFault:
        yield _ok("identity", "the panel tells its callers apart")
        return
    yield _error(
        "identity",
        "the panel does not know who asks: every log-in, even a customer's, acts as its administrator",
        "the operator must repair it before anybody else has a log-in (stock FuseCP 2.0.0 on .NET 10 is so); "
        "here every write is checked against the reseller's own customers before it is sent",
    )


def _own_packages(session: Session) -> Iterator[Remark]:
    packages = session.own_packages
    if not packages:
        yield _error("own package", "there is none, so no plan and no space can be made", "the operator must give the reseller one")
        return
    names = ", ".join(f"{one_line(package.name, 60)} (id {package.panel_id})" for package in packages)
    try:
        own = session.own
    except PanelError as error:
        yield _error("own package", error.message, error.hint)
        return
    yield _ok("own package", names if len(packages) == 1 else f"{own.name}, of {names}")
    groups = session.catalogue.available
    yield _ok("groups", ", ".join(sorted(groups)) or "none")
    for name in ALWAYS_IN:
        if name not in groups:
            yield _error(
                "groups",
                f"{name} does not work in the own package, and every hosting plan has it",
                "the operator must add the service to the server, or the group to the reseller's plan",
            )


def _lists(session: Session, customers: list[CustomerRow]) -> Iterator[Remark]:
    told: list[str] = []
    customers += read_customers(session, told.append)
    yield _ok("customers", f"{len(customers)} visible")
    spaces = read_spaces(session, told.append)
    if spaces is not None:
        yield _ok("spaces", f"{len(spaces)} on the own package")
    for sentence in told:
        yield _warning("lists", sentence, "a plan takes longer here; the operator can repair it")


def _look_ups(session: Session, customers: list[CustomerRow]) -> Iterator[Remark]:
    client = session.client
    if customers:
        try:
            client.record("GetUserByUsername", username=customers[0].customer.username)
        except PanelFault:
            yield _warning("look-ups", "looking for a customer by name faults here; the list is read instead")
    if session.detected.product == "fusecp":
        try:
            client.record("GetPackageContext", packageId=session.own.panel_id)
        except PanelFault as error:
            yield _warning(
                "quotas",
                f"effective quotas can't be read ({one_line(error.text, 80)})",
                "making a space is answered with a fault here, and made all the same: it is looked for afterwards",
            )


def _known_differences(session: Session) -> Iterator[Remark]:
    if session.entity_framework:
        yield _warning(
            "status", "a change of status faults for spaces with own terms", "such changes are refused when the plan is made"
        )
        yield _warning("usage", "a space's own usage counts 0, so a domain quota may not hold", "`only_if` takes no quota here")
    else:
        yield _warning(
            "rights",
            "a refused write may be carried out all the same",
            "here the owner of everything is checked before a write, and read after it",
        )
        yield _warning("limits", "sums above the own package are mostly not refused by this panel", "`policy: overcommit` tells")
