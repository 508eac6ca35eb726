"""How a database compares names: the folded keys that stand beside names in the store."""

from __future__ import annotations

from collections.abc import Iterable

from resellerplan.simpanel.flavours import DatabaseTraits

__all__ = ["domain_key", "doubled_key", "item_key", "user_key"]


def user_key(name: str, database: DatabaseTraits) -> str:
    """The form by which user names are unique and found (contract 6.1).

    SQLite: every character counts. SQL Server (Latin1_General_CI_AS): case and trailing blanks don't count, accents,
    leading blanks and a trailing tab do.
    """
    match database.user_name_collation:
        case "binary":
            return name
        case "blind":
            return name.rstrip(" ").lower()


def domain_key(name: str) -> str:
    """The form by which domain names are compared, on both logics: case and trailing blanks don't count."""
    return name.rstrip(" ").lower()


def doubled_key(keys: Iterable[str | None]) -> str | None:
    """The first of some keys that is one of those before it to SQL Server: case and trailing blanks don't count; else None."""
    seen: set[str] = set()
    for key in keys:
        folded = (key or "").rstrip(" ").lower()
        if folded in seen:
            return key or ""
        seen.add(folded)
    return None


def item_key(name: str) -> str:
    """The form by which service items (FTP accounts, mailboxes, sites) are compared: as domain names."""
    return domain_key(name)
