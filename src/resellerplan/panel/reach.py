"""Whose an object is, checked from a fresh read before every write; and how an object is found by its name.

Scope is never left to the panel: on most panels a write outside one's rights is refused *and carried out all the same* (contract
5.3), and stock FuseCP 2.0.0 does not know who asks (7.6). Managed are the reseller's direct customers, his own plans and add-ons,
and his customers' spaces below his own package; a write to anything else is refused here, before a byte is sent.
"""

from __future__ import annotations

from resellerplan.errors import CallForbidden, PanelFault, PanelRefused
from resellerplan.model.address import Address, Kind, PanelId, fold_username
from resellerplan.panel.record import Record
from resellerplan.panel.session import Session
from resellerplan.panel.translate.statuses import ROLES
from resellerplan.soap.values import read_int

__all__ = ["Reach"]


class Reach:
    """Looks and checks for one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client

    # -- whose is it -----------------------------------------------------------------------------------------------------------

    def customer(self, panel_id: PanelId, address: str | None = None) -> Record:
        """A customer of the reseller's, freshly read. Raises CallForbidden for anybody else, PanelRefused if it is gone."""
        record = self._client.record("GetUserById", userId=panel_id)
        if record is None:
            raise _gone("customer", "user-not-found", address)
        session = self._session
        mine = record.integer("ownerid") == session.reseller.user_id
        if not mine or record.boolean("ispeer") or record.integer("roleid") not in ROLES or panel_id == session.reseller.user_id:
            raise self._outside(f"the account {record.text('username')} (id {panel_id})", address)
        return record

    def space(self, panel_id: PanelId, address: str | None = None) -> Record:
        """A space of one of the reseller's customers below his own package, freshly read, its owner too."""
        record = self._client.record("GetPackage", packageId=panel_id)
        if record is None:
            raise _gone("space", "space-not-found", address)
        own = {package.panel_id for package in self._session.own_packages}
        if record.integer("parentpackageid") != self._session.own.panel_id or panel_id in own:
            raise self._outside(f"the space {record.text('packagename')} (id {panel_id})", address)
        self.customer(record.integer("userid"), address)
        return record

    def plan(self, panel_id: PanelId, address: str | None = None) -> Record:
        """A plan or add-on of the reseller's own, freshly read with its groups and quotas (a HostingPlanContext)."""
        context = self._client.record("GetHostingPlanContext", planId=panel_id)
        plan = context.record("hostingplan") if context is not None else None
        if context is None or plan is None:
            raise _gone("plan", "plan-not-found", None)
        if plan.integer("userid") != self._session.reseller.user_id:
            raise self._outside(f"the plan {plan.text('planname')} (id {panel_id})", address)
        return context

    def plan_for_spaces(self, panel_id: PanelId) -> Record:
        """A plan that spaces may be put on: the reseller's own, hanging on his own package, no add-on."""
        plan = self._client.record("GetHostingPlan", planId=panel_id)
        if plan is None:
            raise _gone("plan", "plan-not-found", None)
        if plan.integer("userid") != self._session.reseller.user_id or plan.boolean("isaddon"):
            raise self._outside(f"the plan {plan.text('planname')} (id {panel_id})", None)
        if plan.integer("packageid") != self._session.own.panel_id:
            raise CallForbidden(
                f"the plan {plan.text('planname')} hangs on another package than {self._session.own.name}",
                detail="its spaces would stand outside what this manifest manages; nothing was sent",
                hint="change the plan's package in the panel, or name that package as `space:` under `panel:`",
            )
        return plan

    def _outside(self, what: str, address: str | None) -> CallForbidden:
        return CallForbidden(
            f"{what} is not one of {self._session.reseller.username}'s",
            address=address,
            detail="the panel might have changed it all the same, so nothing was sent",
            hint="plan again; if it is meant to be yours, look at its owner in the panel",
        )

    # -- where is it -----------------------------------------------------------------------------------------------------------

    def find(self, address: Address) -> PanelId | None:
        """See ``PanelWriter.find``."""
        match address.kind:
            case Kind.CUSTOMER:
                return self.find_customer(address.name)
            case Kind.PLAN | Kind.ADDON:
                return self._only_one(self.plans_named(address.name, addon=address.kind is Kind.ADDON), address)
            case Kind.SPACE:
                owner = self.find_customer(address.owner)
                return None if owner is None else self._only_one(self.spaces_named(owner, address.name), address)

    def find_customer(self, username: str) -> PanelId | None:
        """The id of the reseller's customer of that name; None if the panel has nobody of that name.

        Raises PanelRefused (``name-taken``) where somebody else has it.
        """
        record = self._by_name(username)
        if record is None:
            if not self._client.boolean("UserExists", username=username.strip()):
                return None
            record = self._by_name(username)  # it may have come between the two looks
        if record is None:
            raise self._taken(username)
        if record[1] != self._session.reseller.user_id or record[2]:
            raise self._taken(username)
        return record[0]

    def _by_name(self, username: str) -> tuple[PanelId, PanelId, bool] | None:
        """(id, owner, peer) of a visible account."""
        try:
            record = self._client.record("GetUserByUsername", username=username.strip())
        except PanelFault:
            # Some databases fault on it for anybody but oneself (real panel report 12): look in the list instead.
            return self._in_list(username)
        if record is None:
            return None
        return record.integer("userid"), record.integer("ownerid"), record.boolean("ispeer")

    def _in_list(self, username: str) -> tuple[PanelId, PanelId, bool] | None:
        tables = self._client.rows(
            "GetUsersPaged",
            ("userid", "ownerid", "username", "ispeer"),
            userId=self._session.reseller.user_id,
            filterColumn="",
            filterValue="",
            statusId=0,
            roleId=0,
            sortColumn="UserId",
            startRow=0,
            maximumRows=2147483647,
        )
        for row in tables.rows(1):
            # Filters differ in what they take for equal between databases, so the comparing is ours.
            if fold_username(row[2] or "") == fold_username(username):
                return read_int(row[0]), read_int(row[1]), row[3] == "true"
        return None

    def _taken(self, username: str) -> PanelRefused:
        return PanelRefused(
            "the user name is taken outside this reseller's reach",
            code=-100,
            slug="name-taken",
            address=str(Address.customer(username)),
            detail="user names are unique over the whole panel; nothing was sent",
            hint="choose another `username`",
        )

    def plans_named(self, name: str, *, addon: bool) -> list[PanelId]:
        """The ids of the reseller's plans (or add-ons) of exactly that name."""
        call = "GetHostingAddons" if addon else "GetHostingPlans"
        tables = self._client.rows(call, ("planid", "planname"), userId=self._session.reseller.user_id)
        return [read_int(row[0]) for row in tables.rows() if (row[1] or "") == name]

    def spaces_named(self, customer_id: PanelId, name: str) -> list[PanelId]:
        """The ids of a customer's spaces of exactly that name below the own package; by the read that leaves none out."""
        tables = self._client.rows("GetRawMyPackages", ("packageid", "packagename", "parentpackageid"), userId=customer_id)
        own = self._session.own.panel_id
        return [read_int(row[0]) for row in tables.rows() if (row[1] or "") == name and read_int(row[2]) == own]

    def _only_one(self, ids: list[PanelId], address: Address) -> PanelId | None:
        if len(ids) > 1:
            raise PanelRefused(
                f"the panel holds {len(ids)} of the name",
                code=0,
                slug="ambiguous-name",
                address=str(address),
                detail="their ids are " + ", ".join(map(str, sorted(ids))),
                hint="say which is meant by `id:` in the manifest",
            )
        return ids[0] if ids else None


def _gone(what: str, slug: str, address: str | None) -> PanelRefused:
    return PanelRefused(
        f"the {what} does not exist on the panel, or is not visible to this log-in",
        code=0,
        slug=slug,
        address=address,
        detail="nothing was sent",
        hint="plan again: somebody may have removed it meanwhile",
    )
