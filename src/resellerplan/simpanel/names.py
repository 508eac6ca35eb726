"""How a database compares names: the folded keys that stand beside names in the store."""

from __future__ import annotations

from resellerplan.simpanel.flavours import DatabaseTraits

__all__ = ["domain_key", "item_key", "user_key"]


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


def item_key(name: str) -> str:
    """The form by which service items (FTP accounts, mailboxes, sites) are compared: as domain names."""
    return domain_key(name)
