"""The bulk reads, and what stands in for each where a panel can't answer it (contract 6.8, 7.6; real panel report 1, 12).

A fault is never taken for "empty". Each step down is slower and is said in words for the reader. Where a read times out it is
asked for page by page: pages overlap by one row on some panels, so rows are told apart by id, and their number is compared with
the total the panel names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from resellerplan.errors import PanelAmbiguous, PanelError, PanelFault, PanelNotUnderstood
from resellerplan.model.address import PanelId
from resellerplan.panel.client import PanelClient
from resellerplan.panel.pool import run_all
from resellerplan.panel.session import Session
from resellerplan.panel.translate.customer import CUSTOMER_COLUMNS, CustomerRow, customer_of_row
from resellerplan.panel.translate.space import SPACE_COLUMNS, SpaceRow, space_of_row, space_row_of_record
from resellerplan.panel.unreadable_rows import ids_in, read_around
from resellerplan.soap.dataset import Row
from resellerplan.soap.values import read_int

__all__ = ["Remark", "read_customers", "read_spaces", "read_spaces_of_everybody", "read_spaces_one_by_one"]

Remark = Callable[[str], None]
"""Takes a sentence about what was read otherwise than usual, or not at all."""

T = TypeVar("T")

_ALL: Final = 2147483647


def read_customers(session: Session, remark: Remark) -> list[CustomerRow]:
    """Everybody below the reseller, his peers left out. A text that XML can't carry is told for each customer that has one."""
    reseller = session.reseller.user_id
    reads: list[tuple[str, Callable[[], list[CustomerRow]]]] = [
        ("GetRawUsers", lambda: _customers(session, "GetRawUsers", 0, remark, ownerId=reseller, recursive=True)),
        ("GetUsersPagedRecursive", lambda: _paged_customers(session, "GetUsersPagedRecursive", remark)),
        ("GetUsersPaged", lambda: _paged_customers(session, "GetUsersPaged", remark)),
    ]
    if session.client.dialect.null_is_omitted:
        reads[2] = ("GetUsersPagedRecursive in pieces", lambda: _customers_around(session, remark))
    # By a peer the first is empty on Entity Framework, without a fault (contract 5.4).
    name, rows = _first_that_works(reads[1:] if session.me.peer else reads, remark, "customers")
    if name == "GetUsersPaged":
        remark("customers of customers were not read: this panel faults on it")
    return rows


def _customers(session: Session, name: str, table: int, remark: Remark, **arguments: int | bool | str) -> list[CustomerRow]:
    found: list[CustomerRow] = []
    append = found.append

    def on_row(index: int, row: Row) -> None:
        if index == table:
            append(customer_of_row(row))

    tables = session.client.rows(name, CUSTOMER_COLUMNS, on_row, found.clear, **arguments)
    session.learn(tables)
    if tables.mended:
        _tell_broken_texts(found, remark)
    return found


def _tell_broken_texts(rows: Iterable[CustomerRow], remark: Remark) -> None:
    for row in rows:
        customer = row.customer
        for name in ("username", "first_name", "last_name", "email", "company", "subscriber_number"):
            value = getattr(customer, name)
            if isinstance(value, str) and "\ufffd" in value:
                remark(
                    f"{customer.self_address}: its {name.replace('_', ' ')} holds a character that XML can't carry; "
                    "setting the field in the manifest mends it"
                )


def _paged_customers(session: Session, name: str, remark: Remark) -> list[CustomerRow]:
    page = _customer_page(session, name, remark)
    rows = _whole_or_paged(page, lambda row: row.panel_id, session.connection.page_size, name)
    return [row for row in rows if row.panel_id != session.reseller.user_id]


def _customers_around(session: Session, remark: Remark) -> list[CustomerRow]:
    """On 1.x, where a text can't be written down: everybody else (see ``unreadable_rows.py``)."""
    client = session.client
    page = _customer_page(session, "GetUsersPagedRecursive", remark)
    # This list has one row more than was asked for (contract 2.2).
    found = read_around(lambda first, last: page(first, last - first), lambda row: row.panel_id, session.connection.page_size)

    def is_unreadable(user_id: PanelId) -> bool:
        try:
            client.record("GetUserById", userId=user_id)
        except PanelNotUnderstood:
            return True
        return False

    for gap in found.gaps:
        ids = ids_in(gap, is_unreadable)
        named = f"ids {', '.join(map(str, ids))}" if ids else str(gap)
        who = "customer" if gap.count == 1 else "customers"
        who = "customer" if gap.count == 1 else "customers"
        remark(
            f"NOT READ: {gap.count} {who} ({named}): a name or another text there, or the owner's, holds a control character that "
            "this panel can't send; nothing of it can be compared or changed until the text is mended in the web panel"
        )
    return [row for row in found.rows if row.panel_id != session.reseller.user_id]


def _customer_page(session: Session, name: str, remark: Remark) -> Callable[[int, int], tuple[int, list[CustomerRow]]]:
    def page(start: int, most: int) -> tuple[int, list[CustomerRow]]:
        total = 0
        found: list[CustomerRow] = []

        def on_row(index: int, row: Row) -> None:
            nonlocal total
            if index == 0:
                total = read_int(row[-1])
            else:
                found.append(customer_of_row(row[:-1]))

        arguments: dict[str, int | str] = {
            "filterColumn": "",
            "filterValue": "",
            "statusId": 0,
            "roleId": 0,
            "sortColumn": "UserId",
        }
        tables = session.client.rows(
            name,
            (*CUSTOMER_COLUMNS, "column1"),
            on_row,
            found.clear,
            userId=session.reseller.user_id,
            startRow=start,
            maximumRows=most,
            **arguments,
        )
        session.learn(tables)
        if tables.mended:
            _tell_broken_texts(found, remark)
        return total, found

    return page


def read_spaces(session: Session, remark: Remark) -> list[SpaceRow] | None:
    """Every space that hangs on the reseller's own package; None where only the customers can be asked one by one.

    Not GetPackagesPaged: it tells neither the parent, which decides whose a space is, nor when the status changed.
    """
    own = session.own.panel_id

    def page(start: int, most: int) -> tuple[int, list[SpaceRow]]:
        return _space_page(
            session.client,
            "GetNestedPackagesPaged",
            packageId=own,
            filterColumn="",
            filterValue="",
            statusId=0,
            planId=0,
            serverId=0,
            sortColumn="PackageName" if most == _ALL else "PackageId",
            startRow=start,
            maximumRows=most,
        )

    def nested() -> list[SpaceRow]:
        rows = _whole_or_paged(page, lambda row: row.panel_id, session.connection.page_size, "GetNestedPackagesPaged")
        for row in rows:
            row.parent_id = own
        return rows

    def below() -> list[SpaceRow]:
        found = _space_rows(session.client, "GetPackagePackages", 0, packageId=own)
        return [row for row in found if row.parent_id == own]

    def around() -> list[SpaceRow]:
        return _spaces_around(session, page, remark)

    reads = [("GetNestedPackagesPaged", nested), ("GetPackagePackages", below)]
    if session.client.dialect.null_is_omitted:
        reads.append(("GetNestedPackagesPaged in pieces", around))
    try:
        return _first_that_works(reads, remark, "spaces")[1]
    except (PanelFault, PanelNotUnderstood) as error:
        remark(f"spaces were read customer by customer: GetPackagePackages failed here ({error.message})")
        return None


def _spaces_around(session: Session, page: Callable[[int, int], tuple[int, list[SpaceRow]]], remark: Remark) -> list[SpaceRow]:
    """The same on 1.x where a text can't be written down. Lists show the customer's name too; GetPackage does not."""
    own = session.own.panel_id
    # This list counts from 1, and a page has one row more than was asked for (contract 2.4).
    found = read_around(lambda first, last: page(first + 1, last - first), lambda row: row.panel_id, session.connection.page_size)
    for row in found.rows:
        row.parent_id = own
    unreadable: list[PanelId] = []

    def is_on_own(panel_id: PanelId) -> bool:
        try:
            record = session.client.record("GetPackage", packageId=panel_id)
        except PanelNotUnderstood:
            unreadable.append(panel_id)
            return True
        if record is None or record.integer("parentpackageid") != own:
            return False
        found.rows.append(space_row_of_record(record))
        return True

    for gap in found.gaps:
        unreadable.clear()
        missing = gap.count - len(ids_in(gap, is_on_own)) + len(unreadable)
        if missing:
            ids = f"ids {', '.join(map(str, unreadable))}" if unreadable else str(gap)
            remark(
                f"NOT READ: {missing} {'space' if missing == 1 else 'spaces'} ({ids}): the name or the comments hold a control "
                "character that this panel can't send; nothing of it can be compared or changed until the text is mended in the "
                "web panel"
            )
    found.rows.sort(key=lambda row: row.panel_id)
    return found.rows


def read_spaces_one_by_one(session: Session, customers: Iterable[PanelId]) -> list[SpaceRow]:
    """The same, by a call per customer: works on every panel."""

    def of(user_id: PanelId) -> list[SpaceRow]:
        return _space_rows(session.client, "GetRawMyPackages", 0, userId=user_id)

    own = session.own.panel_id
    rows = run_all(of, customers, session.connection.parallelism)
    return [row for some in rows for row in some if row.parent_id == own]


def read_spaces_of_everybody(session: Session, remark: Remark) -> list[SpaceRow] | None:
    """The spaces of everybody below the reseller, wherever they hang; None where the panel faults on it."""

    def page(start: int, most: int) -> tuple[int, list[SpaceRow]]:
        return _space_page(
            session.client,
            "GetPackagesPaged",
            userId=session.reseller.user_id,
            filterColumn="",
            filterValue="",
            sortColumn="PackageName" if most == _ALL else "PackageId",
            startRow=start,
            maximumRows=most,
        )

    size = session.connection.page_size
    try:
        return _whole_or_paged(page, lambda row: row.panel_id, size, "GetPackagesPaged")
    except PanelFault:
        return None
    except PanelNotUnderstood:
        if not session.client.dialect.null_is_omitted:
            raise
    found = read_around(lambda first, last: page(first + 1, last - first), lambda row: row.panel_id, size)
    count = sum(gap.count for gap in found.gaps)
    if count:
        remark(f"NOT READ: {count} of all customers' spaces: their names, or their customers', hold control characters")
    return found.rows


def _space_rows(client: PanelClient, name: str, table: int, **arguments: int | str) -> list[SpaceRow]:
    found: list[SpaceRow] = []

    def on_row(index: int, row: Row) -> None:
        if index == table:
            found.append(space_of_row(row))

    client.rows(name, SPACE_COLUMNS, on_row, found.clear, **arguments)
    return found


def _space_page(client: PanelClient, name: str, **arguments: int | str) -> tuple[int, list[SpaceRow]]:
    found: list[SpaceRow] = []
    total = 0

    def on_row(index: int, row: Row) -> None:
        nonlocal total
        if index == 0:
            total = read_int(row[-1])
        else:
            found.append(space_of_row(row[:-1]))

    client.rows(name, (*SPACE_COLUMNS, "column1"), on_row, found.clear, **arguments)
    return total, found


def _whole_or_paged(
    page: Callable[[int, int], tuple[int, list[T]]], id_of: Callable[[T], PanelId], size: int, name: str
) -> list[T]:
    """All rows in one read; page by page where the panel's database gives up on that."""
    try:
        total, rows = page(0, _ALL)
    except PanelAmbiguous:
        pass
    except PanelFault as error:
        if "timeout" not in error.text.casefold() and "timed out" not in error.text.casefold():
            raise
    else:
        _compare(total, len(rows), name)
        return rows
    found: dict[PanelId, T] = {}
    start = 0
    while True:
        total, rows = page(start, size)
        before = len(found)
        found.update((id_of(row), row) for row in rows)
        start += size
        # Pages may overlap, but none before the last is without a new row; no panel's total is believed against that.
        if len(found) >= total or len(found) == before or start >= total:
            _compare(total, len(found), name)
            return list(found.values())


def _compare(total: int, count: int, name: str) -> None:
    if total != count:
        raise PanelError(
            f"the panel says there are {total} and shows {count}",
            call=name,
            detail="something was changed while it was read, or the panel leaves rows out",
            hint="run it again",
        )


def _first_that_works(reads: Sequence[tuple[str, Callable[[], list[T]]]], remark: Remark, what: str) -> tuple[str, list[T]]:
    """The result of the first read that does not fault, and its name; faults are told in words."""
    for position, (name, read) in enumerate(reads):
        try:
            rows = read()
        except (PanelFault, PanelNotUnderstood) as error:
            if position + 1 == len(reads):
                raise
            remark(f"{what} were read the slow way: {name} failed here ({error.message})")
        else:
            return name, rows
    raise AssertionError("there is always a read")
