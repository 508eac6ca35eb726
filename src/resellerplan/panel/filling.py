"""What goes into a space after it is made: further domains, and add-ons in the wanted quantity."""

from __future__ import annotations

from collections.abc import Mapping

from resellerplan.errors import CallForbidden, PanelAmbiguous, PanelError, PanelRefused
from resellerplan.model.address import PanelId
from resellerplan.model.space import Domain
from resellerplan.panel.bases import Bases
from resellerplan.panel.reach import Reach
from resellerplan.panel.session import Session
from resellerplan.panel.settling import Doubt, check_number, check_result, read_after, send
from resellerplan.panel.translate.space import AddonRow

__all__ = ["Filling"]


class Filling:
    """Adds domains, and brings add-ons to a quantity."""

    def __init__(self, session: Session, reach: Reach, bases: Bases) -> None:
        self._session = session
        self._client = session.client
        self._reach = reach
        self._bases = bases

    # -- domains ---------------------------------------------------------------------------------------------------------------

    def domain(self, panel_id: PanelId, domain: Domain) -> None:
        """AddDomainWithProvisioning with a DNS zone and, if wished, a web site. A domain that is there already is left alone."""
        if not domain.name.strip():
            raise CallForbidden(
                "a domain needs a name",
                detail="a domain with an empty name would block every later space on some panels (contract 2.4)",
            )
        self._reach.space(panel_id)
        call = "esServers.AddDomainWithProvisioning"
        if self._has(panel_id, domain):
            return
        try:
            send(
                lambda: check_number(
                    self._client.integer(
                        "AddDomainWithProvisioning",
                        packageId=panel_id,
                        domainName=domain.name,
                        domainType="Domain",
                        createWebSite=domain.website,
                        pointWebSiteId=0,
                        pointMailDomainId=0,
                        createDnsZone=True,
                        createPreviewDomain=False,
                        allowSubDomains=False,
                        hostName="",
                    ),
                    call,
                )
            )
        except Doubt as doubt:
            with read_after(call):
                there = self._has(panel_id, domain)
            if not there:
                raise doubt.verdict("the domain is not in the space so far") from None
            if domain.website or isinstance(doubt.error, PanelRefused):
                raise doubt.unknown("the domain is in the space; whether all that belongs to it was made can't be told") from None
            return
        except PanelRefused as refused:
            with read_after(call):
                there = self._has(panel_id, domain)
            if there:
                # The web site's refusal leaves the domain (contract 6.3).
                raise PanelAmbiguous(
                    refused.message, call=call, detail="the domain itself is in the space", hint=refused.hint
                ) from None
            raise
        with read_after(call):
            if not self._has(panel_id, domain):
                raise PanelAmbiguous(
                    "the panel answered that the domain is made, and does not show it",
                    call=call,
                    hint="look at the space's domains",
                )

    def _has(self, panel_id: PanelId, domain: Domain) -> bool:
        return domain.name.casefold() in {found.name.casefold() for found in self._bases.domains(panel_id)}

    # -- add-ons ---------------------------------------------------------------------------------------------------------------

    def addons(self, panel_id: PanelId, wanted: Mapping[str, int], addon_ids: Mapping[str, PanelId]) -> None:
        """Bring the summed active quantity of each named add-on to the wanted number."""
        self._reach.space(panel_id)
        for name, quantity in wanted.items():
            self._addon(panel_id, name, addon_ids[name], quantity)

    def _rows(self, panel_id: PanelId, plan_id: PanelId) -> list[AddonRow]:
        return [row for row in self._bases.addons(panel_id) if row.plan_id == plan_id and row.active]

    def _addon(self, panel_id: PanelId, name: str, plan_id: PanelId, quantity: int) -> None:
        rows = self._rows(panel_id, plan_id)
        have = sum(row.quantity for row in rows)
        if have == quantity:
            return
        context = self._reach.plan(plan_id)
        plan = context.record("hostingplan")
        if plan is None or not plan.boolean("isaddon"):
            raise CallForbidden(
                f"{name} is no add-on but a hosting plan",
                detail="the panel would take it all the same; nothing was sent",
                hint="write `addon: true` at the plan, or name an add-on",
            )
        try:
            send(lambda: self._bring(panel_id, plan_id, rows, quantity))
        except (Doubt, PanelError) as error:
            # More than one call may be needed, so a refusal of the last one does not say that nothing was changed.
            doubt = error if isinstance(error, Doubt) else Doubt(error)
            with read_after("esPackages.add-ons"):
                now = sum(row.quantity for row in self._rows(panel_id, plan_id))
            if now == quantity:
                return
            if now == have:
                raise (error if isinstance(error, PanelError) else doubt.verdict(f"{name} is unchanged so far")) from None
            raise doubt.unknown(f"{name} had the quantity {have} and now has {now}") from None
        with read_after("esPackages.add-ons"):
            now = sum(row.quantity for row in self._rows(panel_id, plan_id))
        if now != quantity:
            raise PanelAmbiguous(
                f"the panel answered that {name} is changed, and shows the quantity {now}",
                hint="plan again: the difference will show",
            )

    def _bring(self, panel_id: PanelId, plan_id: PanelId, rows: list[AddonRow], quantity: int) -> None:
        """One row holds what is wanted in the end; the others go. UpdatePackageAddonLiteral is never used: it faults and stores."""
        kept = rows[0] if rows and quantity > 0 else None
        for row in rows:
            if row is not kept:
                number = self._client.integer("DeletePackageAddon", packageAddonId=row.panel_id)
                check_number(number, "esPackages.DeletePackageAddon")
        if kept is not None and kept.quantity != quantity:
            record = self._client.record("GetPackageAddon", packageAddonId=kept.panel_id)
            if record is None or record.integer("packageid") != panel_id:
                raise CallForbidden("the add-on is not this space's", detail="nothing was sent", hint="plan again")
            node = self._client.dialect.changed("PackageAddonInfo", record, {"quantity": quantity}, element="addon")
            result = self._client.record("UpdatePackageAddon", addon=node)
            check_result(result, "esPackages.UpdatePackageAddon", self._session.allowed)
        elif kept is None and quantity > 0:
            result = self._client.record("AddPackageAddonById", packageId=panel_id, addonPlanId=plan_id, quantity=quantity)
            check_result(result, "esPackages.AddPackageAddonById", self._session.allowed)
