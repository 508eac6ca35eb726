"""esPackages: named settings of spaces, inherited from the spaces above (contract 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.names import doubled_key
from resellerplan.simpanel.quotas import service_of
from resellerplan.simpanel.rights import Demand, account_check, may_access_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.tree import levels
from resellerplan.simpanel.wire import ServiceFault

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

__all__ = ["space_settings"]

RIGHTS = rule(
    "package_settings.rights", "2.4, 5.3", "The settings of a space out of reach are a rights fault, reading and writing."
)
INHERITED = rule(
    "package_settings.inherited", "2.4", "A set that a space lacks is that of the nearest space above, under that one's id."
)
DUMP = rule(
    "package_settings.dump", "2.4", "By stored procedure a set that is set nowhere answers space 1 with one pair, Dump and ''."
)
OF_SERVERS = rule("package_settings.of_servers", "2.4", "For the root the set is filled from the space's server and its services.")
FIRST_PAIR = rule("package_settings.first_pair_only", "7.4", "2.x-EF reads one pair of a set, the first by name.")
WRAPPED = rule("update_package_settings.wrapped", "2.4", "Whatever goes wrong is told inside 'Could not update package settings'.")
DEMO = rule("update_package_settings.demo", "5.1", "A demo account changes no settings (-106).")
REPLACED = rule("update_package_settings.replaced", "2.4, 6.2", "The whole set is replaced; an empty list deletes it.")
SAME_KEY = rule(
    "update_package_settings.same_key",
    "2.2, 6.3",
    "Keys that are equal, by stored procedure also but for case, are a fault; there the former set is gone.",
)


def _stored(call: Call, package_id: int, name: str) -> list[list[str | None]]:
    rows = call.db.execute(
        "SELECT property_name, property_value FROM package_settings WHERE package_id = ? AND settings_name = ?"
        " ORDER BY property_name",
        (package_id, name),
    )
    return [[row[0], row[1]] for row in rows]


def space_settings(call: Call, package_id: int, name: str) -> tuple[int, list[list[str | None]]]:
    """Whose set counts for a space, and its pairs; no rights are checked.

    By stored procedure the walk ends at the root, which has a pair of its own and what the servers' settings say; by EF only the
    root asked for itself has. EF reads one pair of a set, the first by name.
    """
    chain = [level.package_id for level in levels(call.db, package_id)]
    for number in chain if call.on(INHERITED) else chain[:1]:
        found = _stored(call, number, name) if number > _ROOT else []
        if found:
            return number, found[:1] if call.ef and call.on(FIRST_PAIR) else found
    if package_id > _ROOT and (call.ef or not chain or not call.on(DUMP)):
        return package_id, []
    root = min(package_id, _ROOT)
    return root, [["Dump", ""], *(_of_servers(call, package_id, name) if call.on(OF_SERVERS) else ())]


_ROOT = 1
_OF_SERVICES = {
    "nameservers": ("NameServers", 7),
    "sharedsslsites": ("SharedSslSites", 2),
    "exchangeserver": ("TempDomain", 12),
    "virtualprivateservers": ("HostnamePattern", 30),
    "virtualprivateservers2012": ("HostnamePattern", 33),
    "virtualprivateserversforprivatecloud": ("HostnamePattern", 40),
}


def _of_servers(call: Call, package_id: int, name: str) -> list[list[str | None]]:
    """What server and services of a space say where no space has the set. Services have no settings of their own here."""
    folded = name.lower()
    if folded == "previewdomain":
        if call.db.execute("SELECT 1 FROM packages WHERE package_id = ?", (package_id,)).fetchone() is None:
            raise faults.null_reference()
        row = call.db.execute(
            "SELECT s.instant_domain_alias FROM packages p JOIN servers s ON s.server_id = p.server_id WHERE p.package_id = ?",
            (package_id,),
        ).fetchone()
        return [] if row is None else [["PreviewDomain", row[0]]]
    if folded == "childspacesfolder":
        return [["ChildSpacesFolder", ""]]
    if folded in _OF_SERVICES:
        key, group = _OF_SERVICES[folded]
        return [] if service_of(call, package_id, group) is None else [[key, None]]
    return []


@operation("esPackages", "GetPackageSettings")
def get_package_settings(call: Call, *, packageId: int, settingsName: str | None) -> dict[str, object]:
    """The set of the space or of the nearest one above that has it."""
    if call.on(RIGHTS) and not may_access_package(call, packageId):
        raise call.denied_package()
    owner, pairs = space_settings(call, packageId, settingsName or "")
    return {"PackageId": owner, "SettingsName": settingsName, "SettingsArray": pairs or None}


@operation("esPackages", "UpdatePackageSettings")
def update_package_settings(call: Call, *, settings: Mapping[str, object] | None) -> int:
    """Replace a set of a space."""
    if call.on(DEMO):
        code = account_check(call, Demand.NOT_DEMO)
        if code < 0:
            return code
    try:
        result = _replace(call, settings)
        call.raise_pending()
    except ServiceFault as fault:
        if not call.on(WRAPPED):
            raise
        raise ServiceFault((_COULD_NOT, *fault.messages), ("System.Exception", *fault.types)) from fault
    return result


_COULD_NOT = "Could not update package settings"


def _replace(call: Call, settings: Mapping[str, object] | None) -> int:
    if settings is None:
        raise faults.null_reference()
    value = settings.get("PackageId")
    package_id = value if isinstance(value, int) else 0
    name = call.cut(str(settings.get("SettingsName") or ""), 50)
    given = settings.get("SettingsArray")
    pairs = given if isinstance(given, list) else []
    if any(not isinstance(pair, list) or len(pair) < 2 for pair in pairs):
        raise faults.plain("Index was outside the bounds of the array.", "System.IndexOutOfRangeException")
    if call.on(RIGHTS) and not may_access_package(call, package_id):
        call.refuse_rights(faults.PACKAGE)
    if call.db.execute("SELECT 1 FROM packages WHERE package_id = ?", (package_id,)).fetchone() is None:
        call.go_on_after(
            faults.foreign_key(call.flavour, constraint="FK_PackageSettings_Packages", table="Packages", column="PackageID")
        )
        return 0
    keys = [str(pair[0]) for pair in pairs]
    doubled = len(set(keys)) < len(keys) if call.ef else doubled_key(call.cut(key, 50) for key in keys)
    if call.on(REPLACED):
        call.db.execute("DELETE FROM package_settings WHERE package_id = ? AND settings_name = ?", (package_id, name))
    if doubled not in (None, False) and call.on(SAME_KEY):
        if call.ef:
            raise faults.tracked_twice("PackageSetting", ("PackageId", "SettingsName", "PropertyName"))
        call.go_on_after(
            faults.unique(
                call.flavour,
                table="PackageSettings",
                columns=("PackageID", "SettingsName", "PropertyName"),
                constraint="PK_PackageSettings",
                value=f"{package_id}, {name}, {doubled}",
            )
        )
        return 0
    call.db.executemany(
        "INSERT OR REPLACE INTO package_settings VALUES (?, ?, ?, ?)",
        [(package_id, name, call.cut(key, 50), pair[1]) for key, pair in zip(keys, pairs, strict=True)],
    )
    return 0
