"""A panel in process over a small world, for contract tests; and the register of checks that every rule of the panel has.

``Lab`` speaks to :class:`Panel` directly, with canonical values: no wire, no socket. ``checks`` names the rule that a test shows;
``test_every_rule.py`` walks all rules, switches each off, and shows that its checks then fail.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from resellerplan.simpanel.background import Background
from resellerplan.simpanel.flavours import Defect, flavour
from resellerplan.simpanel.install import world_clock
from resellerplan.simpanel.logins import Credentials
from resellerplan.simpanel.operations import ArrayType, ClassType, EnumType, catalogue
from resellerplan.simpanel.panel import Panel
from resellerplan.simpanel.seed import seed
from resellerplan.simpanel.store import Row, Store
from resellerplan.simpanel.wire import DataSet, ServiceFault
from resellerplan.simpanel.world_reading import read_world

__all__ = ["CHECKS", "DEFECT", "EF", "SMALL_WORLD", "SP", "SP2", "Check", "Lab", "checks"]

EF, SP, SP2 = "fusecp-2-ef", "solidcp-1.5", "fusecp-2-sql"

DEFECT = "defect."
"""Before the name of a defect, where a check is of a defect that can be switched and not of a rule."""

ADMIN_PASSWORD = "Admin-Pw1!"
PASSWORD = "Kunde-Pw1!"

SMALL_WORLD = """
administrator: {password: Admin-Pw1!}
servers:
  - {name: web01, virtual: true, services: [OS, Web, FTP, Mail, DNS]}
  - {name: bare, virtual: true}
plans:
  - name: Reseller L
    owner: serveradmin
    server: web01
    groups:
      OS: {Diskspace: 100000, Domains: 50, SubDomains: 10}
      Web: {Sites: 50}
      FTP: {Accounts: 50}
      Mail: {Accounts: 50}
      DNS: {Editor: true}
  - name: Web S
    owner: brightweb
    groups:
      OS: {Diskspace: 1000, Domains: 5}
      Web: {Sites: 5}
      FTP: {Accounts: 2}
      Mail: {Accounts: 5}
      DNS: {Editor: true}
  - {name: Extra, owner: brightweb, addon: true, groups: {OS: {Diskspace: 500}}}
  - {name: Dark S, owner: darkweb, groups: {OS: {Diskspace: 1000, Domains: 5}, DNS: {}}}
users:
  - &someone
    {username: brightweb, role: reseller, owner: serveradmin, password: Kunde-Pw1!, first_name: Bert, last_name: Bright,
     email: info@brightweb.example}
  - {<<: *someone, username: darkweb, first_name: Doro, last_name: Dark, email: info@darkweb.example}
  - &customer
    {username: mueller, owner: brightweb, password: Kunde-Pw1!, first_name: Petra, last_name: Müller,
     email: petra@mueller.example, city: Ulm}
  - {<<: *customer, username: schmidt, first_name: Sepp, last_name: Schmidt, email: sepp@schmidt.example}
  - {<<: *customer, username: finster, owner: darkweb, first_name: Fritz, last_name: Finster, email: fritz@finster.example}
  - {<<: *someone, username: kollege, owner: brightweb, peer: true, first_name: Kurt, last_name: Kollege}
spaces:
  - {user: brightweb, plan: Reseller L, name: Reseller L}
  - {user: darkweb, plan: Reseller L, name: Reseller L dark}
  - {user: mueller, plan: Web S, name: Web S}
  - {user: finster, plan: Dark S, name: Dark S}
"""
"""Users: brightweb 2, darkweb 3, mueller 4, schmidt 5, finster 6, kollege 7 (peer). Plans: Reseller L 1, Web S 2, Extra 3 (add-on),
Dark S 4. Spaces: brightweb's 2, darkweb's 3, mueller's 4, finster's 5. Servers: web01 1, bare 2."""


@cache
def _template(world: str, flavour_name: str) -> Path:
    """A seeded store, made once per world and flavour and copied for each lab."""
    folder = Path(tempfile.mkdtemp(prefix="resellerplan-lab-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Store.create(folder / "world.db") as store:
        seed(store, read_world(yaml.safe_load(world)), flavour(flavour_name))
    return folder


class Lab:
    """A panel over a copy of a small world; background jobs run at once unless ``delay`` says otherwise."""

    def __init__(
        self,
        flavour_name: str = EF,
        *,
        world: str = SMALL_WORLD,
        off: Iterable[str] = (),
        defects: Iterable[Defect] = (),
        without: Iterable[Defect] = (),
        delay: float = 0.0,
        **options: Any,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="resellerplan-lab-"))
        template = _template(world, flavour_name)
        for name in ("world.db", "world.db.key"):
            shutil.copy(template / name, self._folder / name)
        store = Store.open(self._folder / "world.db")
        off = frozenset(off)
        defects_off = {Defect(name.removeprefix(DEFECT)) for name in off if name.startswith(DEFECT)}
        self.flavour = flavour(flavour_name).switched(defects, {*without, *defects_off})
        self.panel = Panel(
            store,
            self.flavour,
            clock=world_clock(store),
            background=Background(delay),
            rules_off=off,
            **options,
        )
        self._catalogue = catalogue(self.flavour.face)

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_: object) -> None:
        self.panel.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def call(
        self,
        name: str,
        as_: str | None = "brightweb",
        log_in: str | None = None,
        parameters: dict[str, Any] | None = None,
        **given: Any,
    ) -> Any:
        """Call ``"esUsers.AddUser"`` as a user (``log_in``: another password than the usual one).

        Parameters that are not given arrive as a face gives what was omitted.
        """
        given |= parameters or {}
        service, _, operation = name.partition(".")
        declared = self._catalogue.services[service].operations[operation].parameters
        unknown = set(given) - {parameter.property for parameter in declared} - {parameter.name for parameter in declared}
        assert not unknown, f"{name} has no {', '.join(sorted(unknown))}"
        arriving = {p.name: given.get(p.name, self._nothing(p.type)) for p in declared}
        credentials = None
        if as_ is not None:
            credentials = Credentials(as_, log_in or (ADMIN_PASSWORD if as_ == "serveradmin" else PASSWORD))
        return self.panel.call(service, operation, credentials, arriving)

    @staticmethod
    def credentials(username: str, password: str) -> Credentials:
        """What a client would send."""
        return Credentials(username, password)

    def fault(self, name: str, as_: str | None = "brightweb", **given: Any) -> str:
        """The chain of messages of the fault that a call ends with; an assertion where it does not fault."""
        try:
            result = self.call(name, as_, **given)
        except ServiceFault as fault:
            return str(fault)
        raise AssertionError(f"{name} answered {result!r} instead of a fault")

    def record(self, class_name: str, **members: Any) -> dict[str, Any]:
        """An object of a class with every member, those not given as a face gives what was omitted."""
        declared = self._catalogue.members(class_name)
        unknown = set(members) - {member.property for member in declared}
        assert not unknown, f"{class_name} has no {', '.join(sorted(unknown))}"
        return {member.property: members.get(member.property, self._nothing(member.type)) for member in declared}

    def user(self, username: str | None, owner: int = 2, **members: Any) -> dict[str, Any]:
        """A UserInfo of an ordinary, active customer."""
        return self.record("UserInfo", **{"Username": username, "OwnerId": owner, "RoleId": 3, "StatusId": 1} | members)

    def add_user(self, username: str | None, owner: int = 2, as_: str = "brightweb", **members: Any) -> Any:
        """AddUser without letter and notes."""
        return self.call("esUsers.AddUser", as_, parameters={"user": self.user(username, owner, **members), "password": PASSWORD})

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Rows of the store, as they are."""
        with self.panel.store.reading() as db:
            return db.execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: object) -> Any:
        """The first value of the first row; None without a row."""
        rows = self.rows(sql, *parameters)
        return rows[0][0] if rows else None

    def write(self, sql: str, *parameters: object) -> None:
        """Change the store behind the panel's back."""
        with self.panel.store.writing() as db:
            db.execute(sql, parameters)

    @staticmethod
    def table(result: object, number: int = 0) -> list[dict[str, Any]]:
        """A table of a DataSet as mappings of column names in lower case."""
        assert isinstance(result, DataSet), result
        table = result.tables[number]
        return [{column.name.lower(): value for column, value in zip(table.columns, row, strict=True)} for row in table.rows]

    def _nothing(self, kind: str) -> object:
        if kind in self._catalogue.types:
            named = self._catalogue.types[kind]
            if isinstance(named, EnumType):
                return named.values[0]
            assert isinstance(named, (ArrayType, ClassType))
            return None
        return {
            "xs:int": 0,
            "xs:long": 0,
            "xs:short": 0,
            "xs:unsignedShort": 0,
            "xs:double": 0.0,
            "xs:boolean": False,
            "xs:decimal": Decimal(0),
            "xs:dateTime": datetime(1, 1, 1),
        }.get(kind)


@dataclass(frozen=True, slots=True)
class Check:
    """A test of one rule: runs with the rule in force, and must fail without it."""

    rule: str
    name: str
    function: Callable[[Lab], None]
    flavours: tuple[str, ...]
    options: tuple[tuple[str, Any], ...]

    def run(self, off: Iterable[str] = ()) -> None:
        for name in self.flavours:
            with Lab(name, off=off, **dict(self.options)) as lab:
                self.function(lab)


CHECKS: list[Check] = []


def checks(rule: str, *flavours: str, **options: Any) -> Callable[[Callable[[Lab], None]], Callable[[], None]]:
    """The decorated function is the check of ``rule`` in these flavours (``fusecp-2-ef`` unless said); options go to the lab.

    ``rule`` may be ``defect.`` and the name of a defect, which is then what is switched.
    """

    def decorate(function: Callable[[Lab], None]) -> Callable[[], None]:
        check = Check(rule, function.__name__, function, flavours or (EF,), tuple(options.items()))
        CHECKS.append(check)

        def test() -> None:
            check.run()

        test.__name__ = function.__name__
        test.__doc__ = function.__doc__
        test.__module__ = function.__module__
        return test

    return decorate
