"""Updates: a fresh base, one changed field changes one field, read back, every doubt looked into.

The panel's updates overwrite whole objects, so each is based on the one read that has every member (contract 6.2), and goes
back as it came but for what was asked to change. What the panel itself destroys on the way is a trait in the model's table, said
in every plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from resellerplan.errors import CallForbidden, PanelAmbiguous, PanelRefused
from resellerplan.model.address import PanelId
from resellerplan.model.hosting_plan import Unlisted
from resellerplan.model.space import PlanTerms
from resellerplan.model.values import Null, Secret, Status
from resellerplan.panel.bases import Bases
from resellerplan.panel.dialects.dialect import Value
from resellerplan.panel.reach import Reach
from resellerplan.panel.record import Record
from resellerplan.panel.session import Session
from resellerplan.panel.settling import Doubt, check_number, check_result, read_after, send
from resellerplan.panel.translate.customer import user_changes
from resellerplan.panel.translate.hosting_plan import (
    PanelTerms,
    members_of_terms,
    merged,
    plan_changes,
    terms_of_context,
)
from resellerplan.panel.translate.statuses import SPACE_STATUS_NAMES, STATUS_IDS, USER_STATUS_NAMES
from resellerplan.soap.values import Scalar, read_int, write_scalar

__all__ = ["Updating"]


class Updating:
    """Changes customers, plans and spaces."""

    def __init__(self, session: Session, reach: Reach, bases: Bases) -> None:
        self._session = session
        self._client = session.client
        self._reach = reach
        self._bases = bases

    # -- customers -------------------------------------------------------------------------------------------------------------

    def customer(self, panel_id: PanelId, wanted: Mapping[str, object]) -> None:
        """UpdateUser over GetUserById."""
        base = self._reach.customer(panel_id)
        self._write_customer(panel_id, base, user_changes(wanted))

    def _write_customer(self, panel_id: PanelId, base: Record, changes: Mapping[str, Value]) -> None:
        _refuse_mended(base, changes)
        node = self._client.dialect.changed("UserInfo", base, changes, element="user")

        def write() -> None:
            check_number(self._client.integer("UpdateUser", user=node), "esUsers.UpdateUser")

        def now() -> Record | None:
            return self._client.record("GetUserById", userId=panel_id)

        self._settle(write, now, base, changes, "esUsers.UpdateUser")

    def customer_status(self, panel_id: PanelId, status: Status) -> None:
        """ChangeUserStatus, with its cascade, but to re-activate: UpdateUser, which has none (contract 6.2)."""
        base = self._reach.customer(panel_id)
        number = STATUS_IDS[status]
        if status is Status.ACTIVE:
            self._write_customer(panel_id, base, {"statusid": number})
            return

        def write() -> None:
            check_number(
                self._client.integer("ChangeUserStatus", userId=panel_id, status=USER_STATUS_NAMES[status]),
                "esUsers.ChangeUserStatus",
            )

        def now() -> Record | None:
            return self._client.record("GetUserById", userId=panel_id)

        try:
            self._settle(write, now, base, {"statusid": number}, "esUsers.ChangeUserStatus", whole=False)
        except Doubt as doubt:
            with read_after("esUsers.ChangeUserStatus"):
                rows = self._client.rows("GetRawMyPackages", ("packageid", "statusid"), userId=panel_id).rows()
            kept = [row[0] or "" for row in rows if read_int(row[1]) != number]
            if kept:
                detail = f"the customer has the new status; its spaces with the ids {', '.join(kept)} have kept theirs"
                raise doubt.unknown(detail) from None

    def password(self, panel_id: PanelId, password: Secret) -> None:
        """ChangeUserPassword. It can't be read back, so a lost answer leaves it unknown (sending it again does no harm)."""
        self._reach.customer(panel_id)
        call = "esUsers.ChangeUserPassword"
        try:
            send(lambda: check_number(self._client.integer("ChangeUserPassword", userId=panel_id, password=password), call))
        except Doubt as doubt:
            raise doubt.unknown("whether the new password is stored can't be read back") from None

    # -- plans -----------------------------------------------------------------------------------------------------------------

    def hosting_plan(self, panel_id: PanelId, wanted: Mapping[str, object], *, addon: bool) -> None:
        """UpdateHostingPlan with the full set of groups and quotas, its package and its server (contract 6.2)."""
        context = self._reach.plan(panel_id)
        plan = context.record("hostingplan")
        assert plan is not None
        _, stored = terms_of_context(context)
        terms = stored
        groups = wanted.get("groups")
        if isinstance(groups, Mapping):
            unlisted = wanted.get("unlisted", Unlisted.OFF)
            assert isinstance(unlisted, Unlisted)
            terms = merged(groups, self._session.catalogue, stored, unlisted=unlisted, always_in=not addon)
        elif isinstance(groups, Null):
            terms = merged({}, self._session.catalogue, PanelTerms({}, {}), unlisted=Unlisted.OFF, always_in=not addon)
        changes = plan_changes(wanted)
        _refuse_mended(plan, changes)
        group_members, quota_members = members_of_terms(terms)
        sent = {**changes, **self._standing(plan), "groups": group_members, "quotas": quota_members}
        node = self._client.dialect.changed("HostingPlanInfo", plan, sent, element="plan")
        call = "esPackages.UpdateHostingPlan"
        try:
            send(lambda: check_result(self._client.record("UpdateHostingPlan", plan=node), call, self._session.allowed))
        except Doubt as doubt:
            self._plan_in_doubt(panel_id, plan, changes, stored, terms, doubt)
            return
        except PanelRefused as refused:
            # Where the quotas are too much, name, description and prices are stored all the same (contract 6.3).
            self._plan_in_doubt(panel_id, plan, changes, stored, terms, Doubt(refused))
            return
        finally:
            self._bases.forget_names()
        with read_after(call):
            after = self._reach.plan(panel_id)
            found = after.record("hostingplan")
            if found is None or not _holds(found, changes) or sorted(terms_of_context(after)[1].rows) != sorted(terms.rows):
                raise _not_stored(call)

    def _standing(self, plan: Record) -> dict[str, Value]:
        """Package and server where the panel shows none (add-ons have no server): Entity Framework stores the 0 and fails on it,
        stored procedures put in the package's own server themselves (contract 7.4, 2.3)."""
        if not self._session.entity_framework:
            return {}
        own = self._session.own
        shown = {"packageid": own.panel_id, "serverid": own.server_id}
        return {plain: number for plain, number in shown.items() if plan.integer(plain) == 0}

    def _plan_in_doubt(
        self,
        panel_id: PanelId,
        base: Record,
        changes: Mapping[str, Value],
        before: PanelTerms,
        wanted: PanelTerms,
        doubt: Doubt,
    ) -> None:
        with read_after("esPackages.UpdateHostingPlan"):
            context = self._reach.plan(panel_id)
            plan = context.record("hostingplan")
            assert plan is not None
            rows = sorted(terms_of_context(context)[1].rows)
            done = _holds(plan, changes) and rows == sorted(wanted.rows)
            untouched = _same(plan, base, changes) and rows == sorted(before.rows)
        if done:
            return
        if untouched:
            raise doubt.verdict("the plan is unchanged so far")
        kept = rows == sorted(before.rows)
        raise doubt.unknown(
            "name, description, availability or prices were changed all the same; groups and quotas were not"
            if kept
            else "the plan was changed in part: look at its groups and quotas"
        )

    # -- spaces ----------------------------------------------------------------------------------------------------------------

    def space(self, panel_id: PanelId, wanted: Mapping[str, object], plan_id: PanelId | None) -> None:
        """UpdatePackage over GetPackage; own terms stay unless ``wanted`` names them."""
        base = self._reach.space(panel_id)
        changes: dict[str, Value] = {}
        for name, value in wanted.items():
            match name:
                case "name":
                    changes["packagename"] = str(value)
                case "comments":
                    changes["packagecomments"] = None if isinstance(value, Null) else str(value)
                case "plan":
                    if plan_id is None:
                        raise TypeError("space.plan needs the id of the plan")
                case "overrides":
                    continue
                case _:
                    raise TypeError(f"space.{name} is not written by an update")
        if plan_id is not None and plan_id != base.integer("planid"):
            plan = self._reach.plan_for_spaces(plan_id)
            if plan.integer("serverid") not in {0, base.integer("serverid")}:
                raise CallForbidden(
                    "the plan is on another server than the space",
                    detail="the panel would keep the space where it is; nothing was sent",
                    hint="make a new space on that plan, or a plan on the space's server",
                )
            changes["planid"] = plan_id
        _refuse_mended(base, changes)
        sent: dict[str, Value] = {**changes, **self._own_terms(panel_id, base, wanted, changes)}
        node = self._client.dialect.changed("PackageInfo", base, sent, element="package")
        call = "esPackages.UpdatePackage"

        def write() -> None:
            check_result(self._client.record("UpdatePackage", package=node), call, self._session.allowed)

        def now() -> Record | None:
            return self._client.record("GetPackage", packageId=panel_id)

        checked = {**changes, "overridequotas": sent.get("overridequotas", base.boolean("overridequotas"))}
        self._settle(write, now, base, checked, call)

    def _own_terms(
        self, panel_id: PanelId, base: Record, wanted: Mapping[str, object], changes: Mapping[str, Value]
    ) -> dict[str, Value]:
        overrides = wanted.get("overrides")
        has_own = base.boolean("overridequotas")
        if isinstance(overrides, PlanTerms):
            return {"overridequotas": False, "groups": None, "quotas": None}
        if overrides is None:
            if not has_own or not self._session.entity_framework:
                return {}  # stored procedures keep them while neither list is sent (contract 6.2)
            return _members(self._kept_terms(panel_id))
        assert isinstance(overrides, Mapping)
        # Groups and quotas not listed follow the plan's values of this moment.
        plan_id = changes.get("planid", base.integer("planid"))
        context = self._client.record("GetHostingPlanContext", planId=plan_id)
        if context is None:
            raise PanelRefused("the space's plan can't be read", code=0, slug="plan-not-found")
        _, of_plan = terms_of_context(context)
        terms = merged(overrides, self._session.catalogue, of_plan, unlisted=Unlisted.KEEP, always_in=False)
        quotas = {**of_plan.quotas, **terms.quotas}
        return {**_members(PanelTerms(terms.groups, quotas)), "overridequotas": True}

    def _kept_terms(self, panel_id: PanelId) -> PanelTerms:
        own = self._bases.own_terms(panel_id)
        if own is None:
            raise CallForbidden(
                "the space has own terms, and this panel can't tell them",
                detail="it would lose them by this update; nothing was sent",
                hint="set them in the panel, or declare `overrides:`",
            )
        return own[1]

    def space_status(self, panel_id: PanelId, status: Status) -> None:
        """ChangePackageStatus: switches the space's services too, and every space nested below it."""
        base = self._reach.space(panel_id)

        def write() -> None:
            name = SPACE_STATUS_NAMES[status]
            check_number(
                self._client.integer("ChangePackageStatus", packageId=panel_id, status=name), "esPackages.ChangePackageStatus"
            )

        def now() -> Record | None:
            return self._client.record("GetPackage", packageId=panel_id)

        self._settle(write, now, base, {"statusid": STATUS_IDS[status]}, "esPackages.ChangePackageStatus")

    def move_space(self, panel_id: PanelId, customer_id: PanelId) -> None:
        """ChangePackageUser, both customers checked."""
        base = self._reach.space(panel_id)
        self._reach.customer(customer_id)
        if not self._session.detected.moves_spaces:
            raise PanelRefused(
                "this panel can't give a space to another customer",
                code=0,
                slug="no-change-of-owner",
                detail=f"{self._session.detected.version_hint} has no call for it; nothing was sent",
                hint="leave the space where it is",
            )

        def write() -> None:
            check_number(
                self._client.integer("ChangePackageUser", packageId=panel_id, UserId=customer_id), "esPackages.ChangePackageUser"
            )

        def now() -> Record | None:
            return self._client.record("GetPackage", packageId=panel_id)

        self._settle(write, now, base, {"userid": customer_id}, "esPackages.ChangePackageUser")

    # -- settling --------------------------------------------------------------------------------------------------------------

    def _settle(
        self,
        write: Callable[[], None],
        now: Callable[[], Record | None],
        base: Record,
        changes: Mapping[str, Value],
        call: str,
        *,
        whole: bool = True,
    ) -> None:
        """Send, read back, judge. ``whole`` False: the object holding the change does not prove that all was done."""
        try:
            send(write)
        except Doubt as doubt:
            with read_after(call):
                found = now()
                held = found is not None and _holds(found, changes)
                untouched = found is not None and _same(found, base, changes)
            if held and not whole:
                raise
            if held and not untouched:
                return
            if untouched:
                raise doubt.verdict("the object is unchanged so far") from None
            raise doubt.unknown("the object is gone" if found is None else "the object was changed in part") from None
        with read_after(call):
            found = now()
            if found is None or not _holds(found, changes):
                raise _not_stored(call)


def _members(terms: PanelTerms) -> dict[str, Value]:
    groups, quotas = members_of_terms(terms)
    return {"groups": groups, "quotas": quotas}


def _text(value: Value) -> str:
    assert value is None or isinstance(value, Scalar)
    return "" if value is None else write_scalar(value)


def _holds(record: Record, changes: Mapping[str, Value]) -> bool:
    """Whether an object has every changed member as it was sent; null and empty count as the same."""
    for plain, value in changes.items():
        if plain in {"groups", "quotas"}:
            continue
        if plain.endswith("price"):
            if record.decimal(plain) != value:
                return False
        elif (record.text(plain) or "").replace("\r\n", "\n") != _text(value).replace("\r\n", "\n"):
            return False
    return True


def _same(found: Record, base: Record, changes: Mapping[str, Value]) -> bool:
    return all((found.text(plain) or "") == (base.text(plain) or "") for plain in changes if plain not in {"groups", "quotas"})


def _not_stored(call: str) -> PanelAmbiguous:
    return PanelAmbiguous(
        "the panel answered that it is done, and shows something else",
        call=call,
        detail="it may cut long texts, refuse in silence, or somebody changed the object at the same time",
        hint="plan again: the difference will show",
    )


def _refuse_mended(base: Record, changes: Mapping[str, Value]) -> None:
    """A text that XML can't carry would go back as something else: only a change that sets it may be sent."""
    if not base.mended:
        return
    broken = [child.name for child in base.node.children if child.text and "\ufffd" in child.text]
    left = [name for name in broken if name.lower() not in changes]
    if left:
        raise CallForbidden(
            f"the panel's object holds a character that XML can't carry, in {', '.join(left)}",
            detail="an update would replace it by something nobody asked for; nothing was sent",
            hint="set that field in the manifest too, or mend it in the panel",
        )
