"""Whatever a test made on a panel under its prefix is taken away again, however the test ended."""

from __future__ import annotations

from contextlib import suppress

from resellerplan.errors import PanelError
from resellerplan.panel.session import Session
from resellerplan.panel.writer import Writer

__all__ = ["sweep"]

_SHORTEST = 6


def sweep(session: Session, prefix: str) -> list[str]:
    """Delete the reseller's customers, with their spaces, and the plans and add-ons whose names begin so; what could not go.

    A prefix of a few letters is refused: it might be somebody's name.
    """
    assert len(prefix) >= _SHORTEST
    writer, client, left = Writer(session), session.client, []
    reseller = session.reseller.user_id
    users = client.rows(
        "GetUsersPaged",
        ("userid", "username"),
        userId=reseller,
        filterColumn="",
        filterValue="",
        statusId=0,
        roleId=0,
        sortColumn="UserId",
        startRow=0,
        maximumRows=2147483647,
    )
    for number, name in users.rows(1):
        if (name or "").startswith(prefix):
            for row in client.rows("GetRawMyPackages", ("packageid",), userId=int(number or 0)).rows():
                with suppress(PanelError):
                    writer.delete_space(int(row[0] or 0), wait_seconds=60)
            try:
                writer.delete_customer(int(number or 0), wait_seconds=60)
            except PanelError as error:
                left.append(f"{name}: {error}")
    for call in ("GetHostingPlans", "GetHostingAddons"):
        for number, name in client.rows(call, ("planid", "planname"), userId=reseller).rows():
            if (name or "").startswith(prefix):
                try:
                    writer.delete_hosting_plan(int(number or 0))
                except PanelError as error:
                    left.append(f"{name}: {error}")
    return left
