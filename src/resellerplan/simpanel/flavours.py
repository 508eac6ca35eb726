"""Which panel is meant: face, logic, database, what exists, and which defects of real panels are on.

Three flavours are first class and stand on recordings: ``fusecp-2-ef``, ``fusecp-2-sql`` (wire recorded, logic by the stored
procedures), ``solidcp-1.5``. ``fusecp-2-ef-stock`` is the unrepaired FuseCP 2.0.0 on SQLite. The two oldest are rows of
differences (contract 1.3, 7.2) and were never compared with a real one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

from resellerplan.simpanel.operations import Catalogue, Face, catalogue

__all__ = ["DEFAULT_FLAVOUR", "FLAVOURS", "DatabaseTraits", "Defect", "Flavour", "flavour"]


class Defect(StrEnum):
    """Defects of real panels that can be switched (real panel report 9 and 12, contract Appendix C 17, 5.3)."""

    IDENTITY_LOST = "identity_lost"
    SQLITE_UNTRANSLATABLE = "sqlite_untranslatable"
    RECURSIVE_FAULT = "recursive_fault"
    VLAN_SINGLE_FAULT = "vlan_single_fault"
    LEAF_USAGE_ZERO = "leaf_usage_zero"
    NULL_SERVER_BREAKS_PAGED = "null_server_breaks_paged"
    PEER_GETUSERS_REVERSED = "peer_getusers_reversed"
    STATUS_FAULTS_ON_OVERRIDES = "status_faults_on_overrides"
    CONTROL_CHARACTERS = "control_characters"
    COMMITS_AFTER_RIGHTS_FAULT = "commits_after_rights_fault"
    DELETEUSER_ENDS_PROCESS = "deleteuser_ends_process"
    GETUSERPARENTS_LOOPS = "getuserparents_loops"
    DB_LOCKED = "db_locked"
    READER_IN_USE_FAULT = "reader_in_use_fault"
    DEADLOCKS = "deadlocks"
    USER_NAME_COLLATION = "user_name_collation"
    OVER_LONG_CUT = "over_long_cut"
    OVER_LONG_FAULT = "over_long_fault"
    MONEY_SCALE = "money_scale"
    MONEY_SCALE_LONG = "money_scale_long"
    ROW_ORDER = "row_order"
    DATE_OFFSET = "date_offset"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseTraits:
    """What the database below a real panel shows on the wire (real panel report 12; 1.x database report).

    ``user_name_collation``: ``binary`` (case counts) or ``blind`` (case and trailing blanks do not count);
    ``over_long``: ``store`` whole, ``cut`` at the column's length, or a ``fault`` that stores nothing; ``money_scale``:
    ``shortest`` (``4.9``, ``5.0``), ``four`` (``4.9000``) or ``long`` (29 digits in all); ``row_order``: unsorted rows come by
    ``id``, or an ``updated`` one goes to the end; ``date_digits``: 7, or 3 in steps of 1/300 s; ``date_offset``: typed dates
    carry one; ``earliest_year``: below it a date is an overflow.
    """

    user_name_collation: Literal["binary", "blind"]
    over_long: Literal["store", "cut", "fault"]
    money_scale: Literal["shortest", "four", "long"]
    row_order: Literal["id", "updated"] = "id"
    date_digits: Literal[3, 7] = 7
    date_offset: bool = False
    earliest_year: int = 1


SQLITE = DatabaseTraits(user_name_collation="binary", over_long="store", money_scale="shortest")
SQL_SERVER = DatabaseTraits(
    user_name_collation="blind", over_long="cut", money_scale="four", date_digits=3, earliest_year=1753
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """One kind of panel. ``logic``: stored procedures (``sp``) or their EF Core twin (``ef``)."""

    name: str
    product: str
    face: Face
    logic: Literal["sp", "ef"]
    database: DatabaseTraits
    defects: frozenset[Defect]
    tested: bool = True
    about: str = ""
    missing_operations: frozenset[tuple[str, str]] = frozenset()
    missing_parameters: frozenset[tuple[str, str, str]] = frozenset()
    missing_members: frozenset[tuple[str, str]] = frozenset()
    renamed_members: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    namespaces: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    realm: str = ""
    sha1_passwords: bool = True

    def has(self, defect: Defect) -> bool:
        """Whether this defect is on."""
        return defect in self.defects

    def switched(self, on: Iterable[Defect] = (), off: Iterable[Defect] = ()) -> Flavour:
        """The same flavour with defects switched one by one; the database's traits are switched by their names too."""
        with_, without = frozenset(on), frozenset(off)
        database = self.database
        for defect in sorted(with_ & _TRAITS.keys()):
            database = replace(database, **_TRAITS[defect][0])
        for defect in sorted(without & _TRAITS.keys()):
            trait, plain = _TRAITS[defect]
            if all(getattr(database, name) == value for name, value in trait.items()):
                database = replace(database, **plain)
        return replace(self, defects=(self.defects | with_) - without, database=database)

    def catalogue(self) -> Catalogue:
        """The operations and classes that exist in this flavour, under its namespaces."""
        return catalogue(self.face).without(
            operations=self.missing_operations,
            parameters=self.missing_parameters,
            members=self.missing_members,
            renamed=self.renamed_members,
            namespace=self.namespaces,
        )


# What the databases below a panel differ in (real panel report 12), switched on and off. By default a flavour has its own
# database's; the names are no defects of the panel's code.
_TRAITS: Mapping[Defect, tuple[dict[str, Any], dict[str, Any]]] = MappingProxyType(
    {
        Defect.USER_NAME_COLLATION: ({"user_name_collation": "blind"}, {"user_name_collation": "binary"}),
        Defect.OVER_LONG_CUT: ({"over_long": "cut"}, {"over_long": "store"}),
        Defect.OVER_LONG_FAULT: ({"over_long": "fault"}, {"over_long": "store"}),
        Defect.MONEY_SCALE: ({"money_scale": "four"}, {"money_scale": "shortest"}),
        Defect.MONEY_SCALE_LONG: ({"money_scale": "long"}, {"money_scale": "shortest"}),
        Defect.ROW_ORDER: ({"row_order": "updated"}, {"row_order": "id"}),
        Defect.DATE_OFFSET: ({"date_offset": True}, {"date_offset": False}),
    }
)

_EVERYWHERE = frozenset({Defect.CONTROL_CHARACTERS, Defect.DELETEUSER_ENDS_PROCESS})
_EF = _EVERYWHERE | {
    Defect.LEAF_USAGE_ZERO,
    Defect.NULL_SERVER_BREAKS_PAGED,
    Defect.PEER_GETUSERS_REVERSED,
    Defect.STATUS_FAULTS_ON_OVERRIDES,
}
_STOCK = _EF | {
    Defect.IDENTITY_LOST,
    Defect.SQLITE_UNTRANSLATABLE,
    Defect.RECURSIVE_FAULT,
    Defect.VLAN_SINGLE_FAULT,
    Defect.DB_LOCKED,
}
_SP_2 = _EVERYWHERE | {Defect.COMMITS_AFTER_RIGHTS_FAULT}
_SP_1 = _SP_2 | {Defect.GETUSERPARENTS_LOOPS}

_SOLIDCP_REALM = "SolidCP Enterprise Server"
_MFA_OPERATIONS = frozenset(
    ("esUsers", n) for n in ("UpdateUserMfa", "CanUserChangeMfa", "GetUserMfaQrCodeData", "ActivateUserMfaQrCode")
) | frozenset({("esAuthentication", "ValidatePin"), ("esAuthentication", "SendPin")})
_BEFORE_147 = frozenset({("esUsers", "AddUser", "notes")})

_ALL = (
    Flavour(
        name="fusecp-2-ef",
        product="FuseCP",
        face="corewcf",
        logic="ef",
        database=SQLITE,
        defects=_EF,
        about="FuseCP 2.0.0, EF Core on SQLite, with the four small repairs that make it usable",
    ),
    Flavour(
        name="fusecp-2-ef-stock",
        product="FuseCP",
        face="corewcf",
        logic="ef",
        database=SQLITE,
        defects=_STOCK,
        about="FuseCP 2.0.0, EF Core on SQLite, as it is shipped",
    ),
    Flavour(
        name="fusecp-2-sql",
        product="FuseCP",
        face="corewcf",
        logic="sp",
        database=SQL_SERVER,
        defects=_SP_2,
        about="FuseCP 2.0.0 on SQL Server: its own front, the stored procedures' logic",
    ),
    Flavour(
        name="solidcp-1.5",
        product="SolidCP",
        face="asmx",
        logic="sp",
        database=SQL_SERVER,
        defects=_SP_1,
        realm=_SOLIDCP_REALM,
        about="SolidCP 1.5.1",
    ),
    Flavour(
        name="solidcp-1.4.6",
        product="SolidCP",
        face="asmx",
        logic="sp",
        database=SQL_SERVER,
        defects=_SP_1,
        realm=_SOLIDCP_REALM,
        tested=False,
        about="SolidCP 1.4.6: before notes and MFA; never compared with a real one",
        missing_operations=_MFA_OPERATIONS,
        missing_parameters=_BEFORE_147,
        missing_members=frozenset({("UserInfo", "MfaMode")}),
    ),
    Flavour(
        name="websitepanel-2.1",
        product="WebsitePanel",
        face="asmx",
        logic="sp",
        database=SQL_SERVER,
        defects=_SP_1,
        realm="WebsitePanel Enterprise Server",
        tested=False,
        about="WebsitePanel 2.1 of 2015, the ancestor; never compared with a real one",
        missing_operations=_MFA_OPERATIONS
        | {
            ("esPackages", "ChangePackageUser"),
            ("esPackages", "GetSearchObjectQuickFind"),
            ("esPackages", "GetSearchTableByColumns"),
        },
        missing_parameters=_BEFORE_147,
        missing_members=frozenset(
            {("UserInfo", "MfaMode"), ("PackageInfo", "DefaultTopPackage"), ("PackageInfo", "StatusIDchangeDate")}
        ),
        renamed_members=MappingProxyType({("DomainInfo", "IsPreviewDomain"): "IsInstantAlias"}),
        namespaces=MappingProxyType(
            {"http://smbsaas/solidcp/enterpriseserver": "http://smbsaas/websitepanel/enterpriseserver"}
        ),
        sha1_passwords=False,
    ),
)

FLAVOURS: Mapping[str, Flavour] = MappingProxyType({f.name: f for f in _ALL})
DEFAULT_FLAVOUR = "fusecp-2-ef"


def flavour(name: str) -> Flavour:
    """The flavour of this name. Raises ``KeyError`` with the names there are."""
    try:
        return FLAVOURS[name]
    except KeyError:
        raise KeyError(f"no flavour {name!r}; there are: {', '.join(FLAVOURS)}") from None
