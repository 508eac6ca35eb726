"""esServers: new domains (contract 2.5): the checks in their order; provisioning stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.names import domain_key
from resellerplan.simpanel.rights import Demand, account_check, may_access_package, owner_of_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.package_quotas import own_quota
from resellerplan.simpanel.services.packages import package_row
from resellerplan.simpanel.services.resources import add_zone, space_check

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["ACCOUNT", "DomainKind", "add_checked_domain", "add_domain_to", "name_is_free"]

ACCOUNT = rule("add_domain.account", "2.5, 5.1", "A new domain demands an active account that is no demo.")
QUOTA = rule("add_domain.quota", "2.5", "A domain beyond the space's OS.Domains answers -500.")
SUB_QUOTA = rule("add_domain.sub_quota", "2.5", "A sub-domain beyond OS.SubDomains answers -508.")
POINTER_UNCHECKED = rule("add_domain.pointer_without_quota", "2.5", "No quota counts domain pointers.")
EXISTS = rule("check_domain.exists", "2.4, 2.5, 6.1", "A name that exists with the same pointer flag answers -502, over all users.")
POINTER_APART = rule("check_domain.pointer_apart", "2.5, 6.1", "A pointer and a domain may have one name.")
CASE = rule("check_domain.without_case", "2.4, 6.1", "Domain names are compared without case and trailing blanks.")
NULL_PASSES = rule("check_domain.null_passes", "2.4", "No name at all passes; an empty one meets the domain with the empty name.")
FOREIGN_PARENT = rule(
    "check_domain.foreign_parent",
    "2.5",
    "A sub-domain, at any depth, of another user's domain that does not allow it answers -501.",
)
EF_PARENT = rule(
    "check_domain.ef_any_parent",
    "7.4.10",
    "EF's check before a new space answers -501 for a sub-domain of any domain that does not allow it, one's own too.",
)
NAME_LENGTH = rule(
    "add_domain.name_length", "2.5, 3.4", "By stored procedure a name above 100 characters is an error; CheckDomain compares 100."
)
RIGHTS = rule("add_domain.rights", "2.5, 5.3", "A domain in a space out of reach is a rights fault and is not stored.")
FLAGS_IGNORED = rule(
    "add_domain.flags_ignored",
    "2.5",
    "AddDomain makes a domain that allows no sub-domains and is no preview name, whatever it is given.",
)

_LENGTH = 100


class DomainKind:
    """What a domain is: ``sub`` of another, a ``pointer``, a ``preview`` name; whether others may put sub-domains below it."""

    __slots__ = ("allowed", "pointer", "preview", "sub")

    def __init__(self, *, sub: bool = False, pointer: bool = False, preview: bool = False, allowed: bool = False) -> None:
        self.sub = sub
        self.pointer = pointer
        self.preview = preview
        self.allowed = allowed


def _key(call: Call, name: str) -> str:
    if not call.ef and call.on(NAME_LENGTH):
        name = name[:_LENGTH]
    return domain_key(name) if call.on(CASE) else name


def _exists(call: Call, name: str, *, pointer: bool) -> bool:
    column = "domain_key" if call.on(CASE) else "domain_name"
    flag = " AND is_domain_pointer = ?" if call.on(POINTER_APART) else ""
    query = f"SELECT 1 FROM domains WHERE {column} = ?{flag} LIMIT 1"
    parameters = (_key(call, name), int(pointer)) if flag else (_key(call, name),)
    return call.db.execute(query, parameters).fetchone() is not None


def _parent_refuses(call: Call, name: str, owner: int | None) -> bool:
    """Whether a domain above ``name`` refuses it: no hosting allowed, and another user's (``owner`` None: anybody's)."""
    labels = domain_key(name).split(".")
    parents = [".".join(labels[place:]) for place in range(1, len(labels))]
    if not parents:
        return False
    rows = call.db.execute(
        f"""
        SELECT p.user_id, d.hosting_allowed FROM domains d JOIN packages p ON p.package_id = d.package_id
        WHERE d.domain_key IN ({", ".join("?" * len(parents))}) AND d.is_domain_pointer = 0
        """,
        parents,
    ).fetchall()
    return any(not row["hosting_allowed"] and (owner is None or row["user_id"] != owner) for row in rows)


def name_is_free(call: Call, name: str | None) -> int:
    """CheckDomain before a space is made: 0, -502, and by EF -501."""
    if name is None and call.on(NULL_PASSES):
        return 0
    name = name or ""
    if _exists(call, name, pointer=False) and call.on(EXISTS):
        return -502
    if call.ef and call.on(EF_PARENT) and _parent_refuses(call, name, None):
        return -501
    return 0


def _check_name(call: Call, package_id: int, name: str, kind: DomainKind) -> int:
    """CheckDomain for a domain of a space: 0, -502, -501."""
    if call.on(EXISTS) and _exists(call, name, pointer=kind.pointer):
        return -502
    # 2.x-EF let a domain of type Domain below another customer's domain pass (recording 421): it knows sub-domains by type.
    asked = kind.sub or not call.ef
    if (
        asked
        and not kind.pointer
        and call.on(FOREIGN_PARENT)
        and _parent_refuses(call, name, owner_of_package(call.db, package_id))
    ):
        return -501
    return 0


def _quota_code(call: Call, package_id: int, kind: DomainKind) -> int:
    if kind.pointer and call.on(POINTER_UNCHECKED):
        return 0
    name, code, checked = ("OS.SubDomains", -508, SUB_QUOTA) if kind.sub else ("OS.Domains", -500, QUOTA)
    return code if own_quota(call, package_id, name)["QuotaExhausted"] and call.on(checked) else 0


def _insert(call: Call, package_id: int, name: str, kind: DomainKind, zone_item: int | None) -> int:
    if not call.ef and call.on(NAME_LENGTH) and len(name) > _LENGTH:
        raise faults.sql_error(call.flavour, "String or binary data would be truncated.\nThe statement has been terminated.")
    if call.ef:
        call.cut(name, _LENGTH)
    call.db.execute(
        """
        INSERT INTO domains (package_id, zone_item_id, domain_name, domain_key, hosting_allowed, is_sub_domain, is_preview_domain,
            is_domain_pointer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (package_id, zone_item, name, domain_key(name), int(kind.allowed), int(kind.sub), int(kind.preview), int(kind.pointer)),
    )
    return call.inserted("domains")


def add_domain_to(call: Call, package_id: int, name: str, kind: DomainKind | None = None, *, zone: bool = False) -> int:
    """AddDomain behind its wire: account, space, quota, name; then zone and row. The new id or a code.

    Raises the rights fault of a space out of reach, the fault of a DNS agent that does not answer, and that of a long name.
    """
    kind = kind or DomainKind()
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)
        if code < 0:
            return code
    code = space_check(call, package_id)
    if code < 0:
        return code
    if package_row(call, package_id) is None:
        return -300
    return add_checked_domain(call, package_id, name, kind, zone=zone)


def add_checked_domain(call: Call, package_id: int, name: str, kind: DomainKind, *, zone: bool) -> int:
    """What is left of AddDomain once account and space are in order: quota, name, zone, row. The new id or a code.

    A preview name meets no quota.
    """
    if call.on(RIGHTS) and not may_access_package(call, package_id) and not kind.pointer:
        raise call.denied_package()
    code = (0 if kind.preview else _quota_code(call, package_id, kind)) or _check_name(call, package_id, name, kind)
    if code < 0:
        return code
    with call.task("DOMAIN", "ADD", name, package_id=package_id) as record:
        if call.on(RIGHTS) and not may_access_package(call, package_id):
            # A pointer meets no quota look-up, so the first to check the rights is the writing procedure.
            call.refuse_rights(faults.PACKAGE)
        zone_item = add_zone(call, package_id, name) if zone else 0
        if zone_item < 0:
            return zone_item
        number = _insert(call, package_id, name, kind, zone_item or None)
        record.item_id = number
        return number


@operation("esServers", "AddDomain")
def add_domain(call: Call, *, domain: Mapping[str, object] | None) -> int:
    """A domain without a zone. Of its flags only sub-domain and pointer are looked at."""
    if call.on(ACCOUNT):
        code = account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE)
        if code < 0:
            return code
    if domain is None:
        raise faults.null_reference()
    package_id = domain.get("PackageId")
    given = not call.on(FLAGS_IGNORED)
    kind = DomainKind(
        sub=bool(domain.get("IsSubDomain")),
        pointer=bool(domain.get("IsDomainPointer")),
        preview=given and bool(domain.get("IsPreviewDomain")),
        allowed=given and bool(domain.get("HostingAllowed")),
    )
    return add_domain_to(call, package_id if isinstance(package_id, int) else 0, str(domain.get("DomainName") or ""), kind)
