"""The texts of the panel's faults, as recorded: constructors, so that no service spells one itself."""

from __future__ import annotations

from collections.abc import Sequence

from resellerplan.simpanel.flavours import Flavour
from resellerplan.simpanel.wire import ServiceFault

__all__ = [
    "ACCOUNT",
    "OPERATION",
    "PACKAGE",
    "argument_null",
    "deadlock",
    "denied",
    "foreign_key",
    "invalid_operation",
    "no_such_call",
    "not_null",
    "null_reference",
    "of_constraint",
    "plain",
    "sql_error",
    "too_long",
    "tracked_twice",
    "unique",
    "wrapped",
]

ACCOUNT = "You are not allowed to access this account"
PACKAGE = "You are not allowed to access this package"
OPERATION = "You are not allowed to perform this operation"

_SAVING = "An error occurred while saving the entity changes. See the inner exception for details."
_SAVING_TYPE = "Microsoft.EntityFrameworkCore.DbUpdateException"
_SQLITE_TYPE = "Microsoft.Data.Sqlite.SqliteException"
_SQL_TYPE = "System.Data.SqlClient.SqlException"


def plain(message: str, kind: str = "System.Exception") -> ServiceFault:
    """One message of one exception."""
    return ServiceFault((message,), (kind,))


def wrapped(task: str, item: str | None, source: str, inner: ServiceFault) -> ServiceFault:
    """What the panel makes of an exception inside a task (contract 1.6)."""
    outer = f"Error executing '{task}' task on '{item or ''}' {source}"
    return ServiceFault((outer, *inner.messages), ("System.Exception", *inner.types))


def denied(flavour: Flavour, text: str, times: int = 1) -> ServiceFault:
    """A rights error. By stored procedure ``times`` errors come joined by a line feed, as nested procedures raise each (1.6)."""
    if flavour.logic == "ef":
        return plain(text, "System.AccessViolationException")
    return plain("\n".join([text] * times), _SQL_TYPE)


def null_reference() -> ServiceFault:
    """The controller used an object that is not there."""
    return plain("Object reference not set to an instance of an object.", "System.NullReferenceException")


def argument_null(name: str) -> ServiceFault:
    """The controller was given null where .NET takes none."""
    return plain(f"Value cannot be null. (Parameter '{name}')", "System.ArgumentNullException")


def invalid_operation(message: str) -> ServiceFault:
    """.NET's fault for a call that does not fit the state of an object."""
    return plain(message, "System.InvalidOperationException")


def foreign_key(
    flavour: Flavour, *, statement: str = "INSERT", constraint: str = "", table: str = "", column: str = "", saved: bool = True
) -> ServiceFault:
    """A row that points nowhere. ``saved=False``: EF ran the statement itself, without the outer message of its saving."""
    if flavour.logic == "ef":
        inner = "SQLite Error 19: 'FOREIGN KEY constraint failed'."
        return ServiceFault((_SAVING, inner), (_SAVING_TYPE, _SQLITE_TYPE)) if saved else plain(inner, _SQLITE_TYPE)
    text = (
        f'The {statement} statement conflicted with the FOREIGN KEY constraint "{constraint}". '
        f'The conflict occurred in database "{flavour.product}", table "dbo.{table}", column \'{column}\'.\n'
        "The statement has been terminated."
    )
    return plain(text, _SQL_TYPE)


def too_long(length: int) -> ServiceFault:
    """PostgreSQL's refusal of a text that its column can't hold (real panel report 12)."""
    inner = f"22001: value too long for type character varying({length})"
    return ServiceFault((_SAVING, inner), (_SAVING_TYPE, "Npgsql.PostgresException"))


def deadlock() -> ServiceFault:
    """Error 1205: of two deletions that wait for each other's locks, one is given up (contract 6.5). The text is SQL Server's."""
    text = (
        "Transaction (Process ID 61) was deadlocked on lock resources with another process and has been chosen as the deadlock "
        "victim. Rerun the transaction."
    )
    return plain(text, _SQL_TYPE)


def not_null(flavour: Flavour, *, table: str, column: str, statement: str = "INSERT") -> ServiceFault:
    """A column that takes no null got one."""
    if flavour.logic == "ef":
        inner = f"SQLite Error 19: 'NOT NULL constraint failed: {table}.{column}'."
        return ServiceFault((_SAVING, inner), (_SAVING_TYPE, _SQLITE_TYPE))
    text = (
        f"Cannot insert the value NULL into column '{column}', table '{flavour.product}.dbo.{table}'; "
        f"column does not allow nulls. {statement} fails.\nThe statement has been terminated."
    )
    return plain(text, _SQL_TYPE)


def unique(flavour: Flavour, *, table: str, columns: Sequence[str], constraint: str, value: str) -> ServiceFault:
    """Two rows with one key."""
    if flavour.logic == "ef":
        names = ", ".join(f"{table}.{column}" for column in columns)
        return ServiceFault((_SAVING, f"SQLite Error 19: 'UNIQUE constraint failed: {names}'."), (_SAVING_TYPE, _SQLITE_TYPE))
    text = (
        f"Violation of PRIMARY KEY constraint '{constraint}'. Cannot insert duplicate key in object 'dbo.{table}'. "
        f"The duplicate key value is ({value}).\nThe statement has been terminated."
    )
    return plain(text, _SQL_TYPE)


def tracked_twice(entity: str, keys: Sequence[str]) -> ServiceFault:
    """EF Core was given two objects with one key (recorded for plan quotas and user settings)."""
    listed = ", ".join(f"'{key}'" for key in keys)
    return invalid_operation(
        f"The instance of entity type '{entity}' cannot be tracked because another instance with the same key value for "
        f"{{{listed}}} is already being tracked. When attaching existing entities, ensure that only one entity instance with a "
        "given key value is attached. Consider using 'DbContextOptionsBuilder.EnableSensitiveDataLogging' to see the "
        "conflicting key values."
    )


def sql_error(flavour: Flavour, message: str) -> ServiceFault:
    """An error of the SQL engine itself, with its text."""
    return plain(message, _SQL_TYPE if flavour.logic == "sp" else _SQLITE_TYPE)


def no_such_call(service: str, operation: str) -> ServiceFault:
    """This panel has no such call, though the real one has: said by name, never answered by an invention."""
    return plain(
        f"{service}.{operation} is a call of the real panel that the embedded panel does not have.",
        "System.NotSupportedException",
    )


def of_constraint(flavour: Flavour, message: str) -> ServiceFault:
    """A constraint of the store that no service spoke of, as the flavour's database would put it.

    ``message`` is SQLite's own. What SQL Server says in detail is not evidence (its constraint texts were never recorded).
    """
    if flavour.logic == "ef":
        return ServiceFault((_SAVING, f"SQLite Error 19: '{message}'."), (_SAVING_TYPE, _SQLITE_TYPE))
    if message.startswith("FOREIGN KEY"):
        return foreign_key(flavour)
    return plain(f"{message}\nThe statement has been terminated.", _SQL_TYPE)
