"""Deletes. The panel answers 0 and does it in the background, so each is polled until the object is gone, or the time is over.

A delete of a wrong id can end the panel's process (contract 2.2): a customer is only deleted right after it was read as one's own,
without customers, spaces or plans of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from resellerplan.errors import PanelAmbiguous, PanelError, PanelFault, PanelRefused
from resellerplan.model.address import PanelId
from resellerplan.panel.audit_log import read_audit_log, reason_of
from resellerplan.panel.bases import Bases
from resellerplan.panel.reach import Reach
from resellerplan.panel.result_codes import refusal
from resellerplan.panel.session import Session
from resellerplan.panel.settling import Doubt, check_number, read_after, send, wait_until
from resellerplan.soap.values import read_int

__all__ = ["Deleting"]


class Deleting:
    """Removes spaces, plans and customers."""

    def __init__(self, session: Session, reach: Reach, bases: Bases) -> None:
        self._session = session
        self._client = session.client
        self._reach = reach
        self._bases = bases

    def space(self, panel_id: PanelId, wait_seconds: float) -> None:
        """DeletePackage, and wait until it is gone."""
        self._reach.space(panel_id)
        call = "esPackages.DeletePackage"

        def gone() -> bool:
            return self._client.record("GetPackage", packageId=panel_id) is None

        self._delete(
            lambda: check_number(self._client.integer("DeletePackage", packageId=panel_id), call),
            gone,
            call,
            wait_seconds,
            lambda: self._reason("HOSTING_SPACE", panel_id),
        )

    def hosting_plan(self, panel_id: PanelId) -> None:
        """DeleteHostingPlan, which is done when it answers."""
        self._reach.plan(panel_id)
        call = "esPackages.DeleteHostingPlan"

        def gone() -> bool:
            return self._client.record("GetHostingPlan", planId=panel_id) is None

        try:
            self._delete(
                lambda: check_number(self._client.integer("DeleteHostingPlan", planId=panel_id), call), gone, call, 0.0, str
            )
        finally:
            self._bases.forget_names()

    def customer(self, panel_id: PanelId, wait_seconds: float) -> None:
        """DeleteUser of a customer that was just seen to have nothing left."""
        self._reach.customer(panel_id)
        self._check_nothing_left(panel_id)
        call = "esUsers.DeleteUser"

        def gone() -> bool:
            return self._client.record("GetUserById", userId=panel_id) is None

        self._delete(
            lambda: check_number(self._client.integer("DeleteUser", userId=panel_id), call),
            gone,
            call,
            wait_seconds,
            lambda: self._reason("USER", panel_id),
        )

    def _check_nothing_left(self, panel_id: PanelId) -> None:
        if self._client.rows("GetRawMyPackages", ("packageid",), userId=panel_id).rows():
            raise PanelRefused(
                "the customer still has spaces",
                code=0,
                slug="user-has-spaces",
                detail="nothing was sent",
                hint="remove those first",
            )
        for name in ("GetHostingPlans", "GetHostingAddons"):
            if self._client.rows(name, ("planid",), userId=panel_id).rows():
                raise PanelRefused(
                    "the customer has hosting plans of its own",
                    code=0,
                    slug="user-has-plans",
                    detail="deleting it could end the panel's process (contract 2.2); nothing was sent",
                    hint="remove those first",
                )
        if self._has_customers(panel_id):
            raise refusal(-102, call="esUsers.DeleteUser", detail="nothing was sent")

    def _has_customers(self, panel_id: PanelId) -> bool:
        tables = self._client.rows(
            "GetUsersPaged",
            ("userid", "column1"),
            userId=panel_id,
            filterColumn="",
            filterValue="",
            statusId=0,
            roleId=0,
            sortColumn="UserId",
            startRow=0,
            maximumRows=1,
        )
        counted = sum(read_int(row[1]) for row in tables.rows(0))
        return counted > 0 or bool(tables.rows(1))

    def _delete(
        self, write: Callable[[], object], gone: Callable[[], bool], call: str, seconds: float, reason: Callable[[], str]
    ) -> None:
        doubt: Doubt | None = None
        try:
            send(write)
        except Doubt as found:
            doubt = found
        with read_after(call):
            if wait_until(gone, self._client.clock, seconds=seconds, pause=self._session.connection.poll):
                return
            why = self._quietly(reason)
        detail = f"the panel's log says: {why}" if why else "its log gives no reason"
        if doubt is not None:
            raise doubt.verdict(f"it is still there; {detail}")
        raise PanelAmbiguous(
            f"the panel took the delete, and the object is still there after {seconds:.0f} s",
            call=call,
            detail=detail,
            hint="it may still be at work; plan again later",
        )

    def _reason(self, source: str, panel_id: PanelId) -> str:
        records = read_audit_log(self._session, source, "DELETE", item_id=panel_id, most=1) or []
        return reason_of(records[0]) if records and records[0].item_id == panel_id and records[0].severity else ""

    def _quietly(self, reason: Callable[[], str]) -> str:
        try:
            return reason()
        except (PanelFault, PanelError):
            return ""
