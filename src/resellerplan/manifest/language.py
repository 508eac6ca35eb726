"""THE TABLE of the language: every key, with its form, what it says, an example and its default.

The groups and quotas come from a catalogue (a panel's own, or the shipped one), lengths from the traits of the model; all else is
written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from resellerplan.manifest.forms import (
    NOT_GIVEN,
    Amount,
    Anything,
    Choice,
    Either,
    Entry,
    Flag,
    Form,
    Keyed,
    Listing,
    Number,
    Pattern,
    Record,
    Shape,
    Switch,
    Text,
    Variants,
)
from resellerplan.model.address import Kind
from resellerplan.model.quotas import Catalogue, Quota, quota_text
from resellerplan.model.traits import trait_of
from resellerplan.model.values import LoginStatus, QuotaType, Role, Status

__all__ = ["ALIASES", "CUSTOMER_FIELDS", "PLAN_FIELDS", "SPACE_FIELDS", "USER_NAME_REFUSES", "Language", "language_of"]

USER_NAME_REFUSES: Final = '\\/:*?<>|"'
"""Characters that the panel refuses in a user name (contract 2.2, AddUser step 2: -111)."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType({"primary_phone": "phone"})
"""Other spellings of a key: the panel's name for the customer's telephone."""


def _key(form: Form, says: str, example: object = NOT_GIVEN, default: object = NOT_GIVEN, *, nullable: bool = False) -> Entry:
    return Entry(form=form, says=says, example=example, default=default, nullable=nullable)


def _length(kind: Kind, field: str) -> int:
    return trait_of(kind, field).max_length


def _contact(field: str, says: str, example: str, *, narrow: bool = False) -> Entry:
    return _key(Text(max_length=_length(Kind.CUSTOMER, field), narrow=narrow), says, example, nullable=True)


# -- customers ------------------------------------------------------------------------------------------------------------------

CUSTOMER_FIELDS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "first_name": _contact("first_name", "First name.", "Petra"),
        "last_name": _contact("last_name", "Last name.", "Müller"),
        "email": _key(
            Pattern(Shape.EMAIL, _length(Kind.CUSTOMER, "email")), "E-mail address.", "petra@mueller.example", nullable=True
        ),
        "secondary_email": _key(
            Pattern(Shape.EMAIL, _length(Kind.CUSTOMER, "secondary_email")),
            "Second e-mail address.",
            "buero@mueller.example",
            nullable=True,
        ),
        "company": _contact("company", "Company.", "Müller Fliesen GmbH"),
        "address": _contact("address", "Street and number.", "Hauptstraße 1"),
        "city": _contact("city", "City.", "Dresden"),
        "state_province": _contact("state_province", "State or province (`state` is for `absent`).", "Sachsen"),
        "country": _contact("country", "Country, as the panel's list has it (usually two letters).", "DE"),
        "zip": _contact("zip", "Postcode. Digits with a leading zero stay text.", "01067", narrow=True),
        "phone": _contact("primary_phone", "Telephone.", "+49 351 0000", narrow=True),
        "secondary_phone": _contact("secondary_phone", "Second telephone.", "+49 351 0001", narrow=True),
        "fax": _contact("fax", "Fax.", "+49 351 0002", narrow=True),
        "instant_messenger": _contact("instant_messenger", "Instant messenger.", "petra@chat.example", narrow=True),
        "subscriber_number": _contact("subscriber_number", "Your own number for the customer.", "K-1001"),
        "comments": _contact("comments", "Comments that the customer does not see.", "pays by invoice"),
        "html_mail": _key(Flag(), "Whether the panel writes HTML mail to the customer.", True),
        "role": _key(Choice(tuple(Role)), "What the customer may be: a user, or a reseller below you.", "user"),
        "status": _key(
            Choice(tuple(Status)), "Status; it cascades to the spaces. Omitted: left as it is on the panel.", "suspended"
        ),
        "login_status": _key(Choice(tuple(LoginStatus)), "Whether the customer may log in to the web panel.", "enabled"),
        "demo": _key(Flag(), "Demo account: may look and change nothing.", False),
        "ecommerce": _key(Flag(), "The panel's e-commerce flag.", False),
    }
)
"""Fields that the panel holds: what `initial` and `ignore_changes` of a customer may name."""

_AGE: Final = Record(
    what="sink",
    entries={
        "age": _key(Text(name=True), "File to write, encrypted with age.", "credentials/mueller.age"),
        "recipients": _key(
            Listing(of=Pattern(Shape.RECIPIENT), least=1),
            "Public keys that can read the file; default: `recipients` at the top of the manifest.",
        ),
    },
    required=("age",),
)
_ARGV: Final = Listing(of=Text(), least=1)
_TO: Final = Either(
    scalar=Text(name=True),
    mapping=Variants(
        what="sink",
        by_key={
            "age": _AGE,
            "file": Record(
                what="sink",
                entries={"file": _key(Text(name=True), "File of mode 0600 outside the repository.", "/var/lib/passwords/mueller")},
                required=("file",),
            ),
            "command": Record(
                what="sink",
                entries={
                    "command": _key(
                        _ARGV, "Command that takes the password on its standard input.", ["pass", "insert", "-m", "mueller"]
                    )
                },
                required=("command",),
            ),
        },
    ),
)

PASSWORD: Final = Variants(
    what="source of a password",
    by_key={
        "env": Record(
            what="source of a password",
            entries={
                "env": _key(Pattern(Shape.ENV_NAME), "Environment variable that holds it when apply runs.", "MUELLER_PASSWORD")
            },
            required=("env",),
        ),
        "file": Record(
            what="source of a password",
            entries={"file": _key(Text(name=True), "File whose first line it is, relative to the manifest.", "secrets/mueller")},
            required=("file",),
        ),
        "command": Record(
            what="source of a password",
            entries={"command": _key(_ARGV, "Command that prints it; needs --allow-secret-commands.", ["pass", "show", "mueller"])},
            required=("command",),
        ),
        "generate": Record(
            what="source of a password",
            entries={
                "generate": _key(
                    Record(
                        what="generated password",
                        entries={"length": _key(Number(least=8, most=71), "Number of characters.", 20, 20)},
                    ),
                    "Made up by apply when the customer is created.",
                    {"length": 20},
                ),
                "to": _key(_TO, "Where a generated password goes before the customer is created.", "credentials/mueller.age"),
            },
            required=("generate", "to"),
        ),
    },
)

_DAYS: Final = {
    "from": _key(Pattern(Shape.DAY), "Not created before this day.", "2027-01-01"),
    "ends": _key(Pattern(Shape.DAY), "Suspended from this day on.", "2027-03-31"),
}


def _lifecycle(fields: Mapping[str, Entry], *, of_what: str, quarantine: bool) -> dict[str, Entry]:
    reasons = {name: _key(Text(name=True), f"Why `{name}` is left alone after creation.", "owned by WHMCS") for name in fields}
    entries = {
        "id": _key(Number(least=1), "The panel's id, where it holds two of the same name.", 1234),
        "protect": _key(Flag(), "Refuse any delete of this object.", True, False),
        "state": _key(
            Choice(("present", "absent")), "`absent` deletes the object on apply; needs a `reason`.", "absent", "present"
        ),
        "reason": _key(Text(name=True), "Why the object is to go.", "contract ended"),
        "initial": _key(
            Record(what=f"field of a {of_what}", entries=dict(fields), unknown="RP1232", aliases=ALIASES),
            "Values for creation only; later differences are left alone.",
        ),
        "ignore_changes": _key(
            Record(what=f"field of a {of_what}", entries=reasons, unknown="RP1232", aliases=ALIASES),
            "Fields that another system owns, each with the reason; used on creation, later differences are reported and kept.",
        ),
    }
    if quarantine:
        entries["quarantine"] = _key(Pattern(Shape.DAYS), "Suspended that long before it is deleted.", "30 days")
    return entries


_EXISTING: Final = _key(Flag(), "Only referenced: it exists on the panel, and nothing of it is compared or changed.", True, False)
_LETTER: Final = "Whether the {} summary is sent, once, after creation."

# -- plans ----------------------------------------------------------------------------------------------------------------------

_UNLISTED: Final = Choice(("off", "keep"))
_PRICE: Final = Record(
    what="price",
    entries={
        "setup": _key(Amount(), "Once, on creation.", 0),
        "recurring": _key(Amount(), "Every time that `every` says.", 4.9),
        "every": _key(Pattern(Shape.RECURRENCE), "How often `recurring` recurs.", "1 month"),
    },
)

PLAN_FIELDS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "description": _key(Text(), "What the customer reads.", "One small website", nullable=True),
        "available": _key(Flag(), "Whether the plan is offered.", True),
        "price": _key(_PRICE, "Prices, in your `currency`.", {"setup": 0, "recurring": 4.9, "every": "1 month"}),
    }
)
"""Fields of a plan or add-on besides its groups."""

# -- spaces ---------------------------------------------------------------------------------------------------------------------

_DOMAIN: Final = Pattern(Shape.DOMAIN, 100)
_RESOURCES: Final = Record(
    what="space resources",
    entries={
        "website": _key(Flag(), "A web site.", True, True),
        "ftp": _key(
            Either(
                scalar=Flag(),
                mapping=Record(
                    what="FTP account",
                    entries={"name": _key(Text(name=True, max_length=50), "Name of the account.", "mueller-shop")},
                    required=("name",),
                ),
            ),
            "An FTP account: `true` names it after the user name, which the panel allows once.",
            True,
            False,
        ),
        "mail": _key(Flag(), "A mail domain with a mailbox.", True, False),
        "host": _key(Pattern(Shape.HOST), "Host part of the web site, as in `www`; empty for the bare domain.", "www", ""),
    },
)

SPACE_FIELDS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "status": _key(Choice(tuple(Status)), "Status. Omitted: left as it is on the panel.", "active"),
        "comments": _key(Text(), "Comments that the customer does not see.", "archive", nullable=True),
    }
)
"""Fields of a space that hold plain values; the others are below."""


class Language:
    """All forms of the language, for one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.group: Final[Mapping[str, Record]] = MappingProxyType({name: self._group(name) for name in catalogue.groups})
        self.groups: Final = Record(
            what="resource group",
            entries={name: _key(record, f"Resource group {name}.") for name, record in self.group.items()},
            unknown="RP1203",
        )
        self.only_if: Final = Record(
            what="condition",
            entries={
                "domains": _key(Number(), "Number of the space's domains.", 0),
                **{
                    quota.name: _key(Number(), f"Use of {quota.name}.", 0)
                    for quota in catalogue.quotas.values()
                    if quota.type is QuotaType.COUNTED and not quota.hidden
                },
            },
            unknown="RP1413",
        )
        self.plan: Final = self._plan()
        self.space: Final = self._space()
        self.customer: Final = self._customer()
        self.manifest: Final = self._manifest()

    def _quota(self, quota: Quota) -> Entry:
        says = f"{quota.description or quota.name}."
        match quota.type:
            case QuotaType.SWITCH:
                return _key(Switch(), says, True, False)
            case QuotaType.COUNTED | QuotaType.MAXIMUM:
                sized = quota.unit is not None
                says = f"{quota.description or quota.name}{f' (a number is {quota.unit})' if sized else ''}."
                example: object = quota_text(quota, 5 * 1024 // quota.unit.in_mb) if quota.unit else 1
                return _key(Number(unlimited=True, size=sized, quota=True), says, example, 0)

    def _group(self, name: str) -> Record:
        entries: dict[str, Entry] = {}
        aliases: dict[str, str] = {}
        for quota in self.catalogue.visible(name):
            entries[quota.short] = self._quota(quota)
            aliases[quota.name] = quota.short
        entries["unlisted"] = _key(_UNLISTED, "What becomes of the quotas of this group that are not listed.", "keep", "off")
        entries["count_diskspace"] = _key(Flag(), "Whether the group's use counts towards the disk space.", True)
        entries["count_bandwidth"] = _key(Flag(), "Whether the group's use counts towards the traffic.", True)
        return Record(what=f"quota of the group {name}", entries=entries, unknown="RP1204", aliases=aliases)

    def _plan(self) -> Record:
        return Record(
            what="plan",
            entries={
                "name": _key(Text(name=True, max_length=200), "Name, by which spaces refer to it.", "Web S"),
                "addon": _key(Flag(), "An add-on: what it holds is added to a space, times its quantity.", True, False),
                **PLAN_FIELDS,
                "groups": _key(
                    self.groups,
                    "Resource groups with their quotas. OS and DNS are always in; a quota that is not listed is off or 0.",
                    {"OS": {"Diskspace": "5 GB", "Domains": 1}},
                ),
                "unlisted": _key(_UNLISTED, "What becomes of groups and quotas that are not listed.", "keep", "off"),
                "existing": _EXISTING,
                "moved_from": _key(Text(name=True, max_length=200), "The name the plan had: renames in place.", "Web Small"),
                **_lifecycle({**PLAN_FIELDS, "groups": _key(self.groups, "Groups.")}, of_what="plan", quarantine=False),
            },
            required=("name",),
        )

    def _space(self) -> Record:
        overrides = Either(scalar=Choice(("none",)), mapping=self.groups)
        addon = Record(
            what="add-on of a space",
            entries={
                "plan": _key(Text(name=True, max_length=200), "Name of the add-on.", "Extra 10 GB"),
                "quantity": _key(Number(), "How many; 0 takes it away.", 2, 1),
            },
            required=("plan",),
        )
        domain = Either(
            scalar=_DOMAIN,
            mapping=Record(
                what="domain",
                entries={
                    "name": _key(_DOMAIN, "Domain name.", "mueller.example"),
                    "website": _key(Flag(), "Whether a web site is made with a domain that is added later.", True, False),
                },
                required=("name",),
            ),
        )
        initial = {name: entry for name, entry in SPACE_FIELDS.items() if name != "status"}
        ignorable = {
            **SPACE_FIELDS,
            **{
                name: _key(Text(), says)
                for name, says in (("plan", "Plan."), ("addons", "Add-ons."), ("overrides", "Own terms."), ("domains", "Domains."))
            },
        }
        life = _lifecycle(initial, of_what="space", quarantine=True)
        life["ignore_changes"] = _lifecycle(ignorable, of_what="space", quarantine=False)["ignore_changes"]
        return Record(
            what="space",
            entries={
                "customer": _key(Text(name=True, max_length=50), "User name of the customer it belongs to.", "mueller"),
                "plan": _key(Text(name=True, max_length=200), "Name of its hosting plan.", "Web S"),
                "name": _key(Text(name=True, max_length=300), "Name; default: the plan's.", "Müller privat"),
                **SPACE_FIELDS,
                "domain": _key(
                    _DOMAIN,
                    "First domain: made with the space, together with `resources`. Empty or null: none.",
                    "mueller.example",
                    nullable=True,
                ),
                "domains": _key(Listing(of=domain), "Domains; the first is made with the space.", ["mueller.example"]),
                "resources": _key(_RESOURCES, "What is made with the first domain.", {"website": True, "ftp": True}),
                "addons": _key(
                    Listing(of=addon),
                    "Add-ons; those that are not listed are left alone.",
                    [{"plan": "Extra 10 GB", "quantity": 2}],
                ),
                "overrides": _key(
                    overrides,
                    "Own terms of this space, in the form of a plan's `groups`; `none` gives it back the plan's.",
                    {"OS": {"Diskspace": "20 GB"}},
                ),
                "summary_letter": _key(Flag(), _LETTER.format("space"), True, False),
                **_DAYS,
                "moved_from": _key(
                    Either(
                        scalar=Text(name=True, max_length=300),
                        mapping=Record(
                            what="former owner and name",
                            entries={
                                "customer": _key(Text(name=True, max_length=50), "User name of the former owner.", "mueller"),
                                "name": _key(Text(name=True, max_length=300), "Name under the former owner.", "Web S"),
                            },
                            required=("customer", "name"),
                        ),
                    ),
                    "The name the space had, or its former customer and name: moves it in place.",
                    {"customer": "mueller", "name": "Web S"},
                ),
                **life,
                "only_if": _key(self.only_if, "Delete only if these counts hold right before.", {"domains": 0}),
            },
            required=("customer",),
        )

    @property
    def nested_space(self) -> Record:
        """A space as an entry of a customer's ``spaces:``, where the customer is said already."""
        entries = {name: entry for name, entry in self.space.entries.items() if name != "customer"}
        return Record(what="space", entries=entries)

    def _customer(self) -> Record:
        return Record(
            what="customer",
            entries={
                "username": _key(
                    Text(name=True, max_length=50, refused=USER_NAME_REFUSES),
                    "User name; unique on the whole panel, compared without case, and never changed.",
                    "mueller",
                ),
                **CUSTOMER_FIELDS,
                "password": _key(PASSWORD, "Where the password comes from; used on creation only.", {"env": "MUELLER_PASSWORD"}),
                "summary_letter": _key(Flag(), _LETTER.format("account"), True, False),
                "spaces": _key(Listing(of=self.nested_space), "Spaces of this customer.", [{"plan": "Web S"}]),
                "existing": _EXISTING,
                **_DAYS,
                "moved_from": _key(Text(name=True), "Customers can't be renamed: always a finding.", "muller"),
                **_lifecycle(CUSTOMER_FIELDS, of_what="customer", quarantine=True),
                "only_if": _key(
                    Record(
                        what="condition",
                        entries={"domains": _key(Number(), "Number of domains in all spaces.", 0)},
                        unknown="RP1413",
                    ),
                    "Delete only if these counts hold right before.",
                    {"domains": 0},
                ),
            },
            required=("username",),
            aliases=ALIASES,
        )

    def _defaults(self, record: Record, *without: str) -> Record:
        left_out = {"id", "moved_from", "state", "reason", "only_if", *without}
        return Record(
            what=f"default of a {record.what}",
            entries={name: entry for name, entry in record.entries.items() if name not in left_out},
            aliases=record.aliases,
        )

    def _manifest(self) -> Record:
        share = Pattern(Shape.SHARE)
        return Record(
            what="manifest",
            entries={
                "version": _key(Number(least=1), "Version of the language.", 1, 1),
                "include": _key(
                    Either(scalar=Text(name=True), listing=Listing(of=Text(name=True))),
                    "More files that belong to this estate: globs relative to this file.",
                    ["customers/*.yaml"],
                ),
                "vars": _key(Keyed(of=Anything()), "Values for templates, as `vars.NAME`.", {"country": "DE"}),
                "panel": _key(
                    Record(
                        what="panel",
                        entries={
                            "url": _key(
                                Pattern(Shape.URL),
                                "Address of the panel's services, or embedded:PATH.",
                                "https://panel.example.net:9002",
                            ),
                            "reseller": _key(
                                Text(name=True, max_length=50), "Whose customers these are; default: the log-in name.", "brightweb"
                            ),
                            "space": _key(
                                Text(name=True, max_length=300),
                                "The reseller's own package, where there are several.",
                                "Reseller L",
                            ),
                            "dialect": _key(
                                Choice(("solidcp1", "fusecp2")),
                                "What the panel speaks, where it hides from being asked (its WSDL is switched off).",
                                "fusecp2",
                            ),
                        },
                    ),
                    "Which panel, and whose customers.",
                ),
                "currency": _key(Pattern(Shape.CURRENCY), "Currency of the prices (ISO 4217); the panel knows none.", "EUR"),
                "timezone": _key(Text(name=True), "Zone by which days are judged (IANA name).", "Europe/Berlin", "Europe/Berlin"),
                "recipients": _key(
                    Listing(of=Pattern(Shape.RECIPIENT)), "Public keys (age) for generated passwords.", ["age1" + "q" * 58]
                ),
                "defaults": _key(
                    Record(
                        what="defaults",
                        entries={
                            "customers": _key(
                                self._defaults(self.customer, "username", "spaces"), "Under every customer.", {"country": "DE"}
                            ),
                            "plans": _key(
                                self._defaults(self.plan, "name", "addon"), "Under every plan and add-on.", {"available": True}
                            ),
                            "spaces": _key(
                                self._defaults(self.space, "customer", "name", "domain", "domains"),
                                "Under every space.",
                                {"plan": "Web S"},
                            ),
                        },
                    ),
                    "Merged under every object of the kind.",
                ),
                "plans": _key(Listing(of=self.plan), "Hosting plans and add-ons."),
                "customers": _key(Listing(of=self.customer), "Customers."),
                "spaces": _key(Listing(of=self.space), "Hosting spaces."),
                "suspensions": _key(
                    Record(
                        what="suspension register",
                        entries={
                            "csv": _key(Text(name=True), "Its columns: username, since, reason, resumed.", "suspensions.csv"),
                            "columns": _key(
                                Record(
                                    what="column of the register",
                                    entries={
                                        name: _key(Text(name=True), f"Heading of the column `{name}`.", name.capitalize())
                                        for name in ("username", "since", "reason", "resumed")
                                    },
                                ),
                                "Headings, where they differ.",
                            ),
                            "separator": _key(
                                Pattern(Shape.SEPARATOR), "What stands between cells; default: told from the table.", ";"
                            ),
                            "encoding": _key(Pattern(Shape.ENCODING), "Encoding; default: told from the table.", "windows-1252"),
                            "decimal": _key(Choice((",", ".")), "Decimal mark; default: told from the table.", ","),
                        },
                        required=("csv",),
                    ),
                    "Customers listed in this table are to be suspended; with a day in `resumed`, active again.",
                    {"csv": "suspensions.csv"},
                ),
                "policy": _key(
                    Record(
                        what="policy",
                        entries={
                            "deletes": _key(
                                Record(
                                    what="limit",
                                    entries={
                                        "max": _key(Number(), "Number of objects.", 5, 5),
                                        "share": _key(share, "Share of the managed objects.", "5%", "30%"),
                                    },
                                ),
                                "How much one run may delete.",
                                {"max": 5, "share": "5%"},
                            ),
                            "updates": _key(
                                Record(what="limit", entries={"share": _key(share, "Share of the managed objects.", "50%")}),
                                "How much one run may change.",
                                {"share": "50%"},
                            ),
                            "overcommit": _key(
                                Choice(("warn", "refuse", "allow")),
                                "When more is sold than the own package holds.",
                                "refuse",
                                "warn",
                            ),
                            "unmanaged": _key(
                                Choice(("report", "refuse")),
                                "When the panel holds objects that no manifest names.",
                                "report",
                                "report",
                            ),
                        },
                    ),
                    "How much may change in one run; the stricter of two policies wins.",
                ),
                "diagnostics": _key(
                    Keyed(of=Choice(("off", "note", "warning", "error"))),
                    "Severity of warnings, by their code.",
                    {"RP1601": "off"},
                ),
            },
        )


@lru_cache(maxsize=4)
def language_of(catalogue: Catalogue) -> Language:
    """The language for a catalogue (equal by identity: the shipped one is made once)."""
    return Language(catalogue)
