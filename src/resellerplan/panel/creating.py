"""Creations: the scope checked, sent once, read back, and every doubt looked into.

Of the four creates only AddUser may ever be sent again, because a user name is unique on the panel. The others are not: what is not
found after a lost answer is *unknown*, never sent a second time (the panel may still be working on it for up to an hour).
"""

from __future__ import annotations

from collections.abc import Mapping

from resellerplan.errors import PanelAmbiguous, PanelError, PanelRefused
from resellerplan.model.address import Address, PanelId, fold_username
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.space import Space
from resellerplan.model.values import NULL, Secret, is_value
from resellerplan.panel.audit_log import read_audit_log, reason_of
from resellerplan.panel.client import PanelClient
from resellerplan.panel.reach import Reach
from resellerplan.panel.session import Session
from resellerplan.panel.settling import Doubt, check_number, check_result, read_after, send, wait_until
from resellerplan.panel.translate.customer import customer_of_record, new_user
from resellerplan.panel.translate.hosting_plan import PanelTerms, members_of_terms, merged, new_plan, terms_of_context

__all__ = ["Creating"]

_MOST_PASSWORD = 71
_USER_EXISTS = -100
_CLEAN_UP_SECONDS = 120.0
_SETTLE_SECONDS = 20.0
_NO_TERMS = PanelTerms({}, {})

# A fault with one of these says that the panel is taking the space away again (contract 2.4). "Could not" alone does not: stock
# FuseCP on SQLite answers every creation that something "could not be translated", and the space stays.
_TAKEN_BACK = ("could not add domain", "could not create web site", "could not create ftp account", "could not create mail account")

# Codes that AddPackageWithResources gives before it makes anything (contract 2.4); after any other it is taking the space away.
_NOTHING_MADE = frozenset({-2, -103, -104, -105, -106, -107, -108, -112, -305, -502, -1101})


class Creating:
    """Makes customers, plans and spaces."""

    def __init__(self, session: Session, reach: Reach) -> None:
        self._session = session
        self._client: PanelClient = session.client
        self._reach = reach
        self._doubtful: set[str] = set()

    # -- customers -------------------------------------------------------------------------------------------------------------

    def customer(self, customer: Customer, password: Secret) -> PanelId:
        """AddUser without a letter; the result is read back by id."""
        length = len(password.reveal())
        if length > _MOST_PASSWORD:
            raise PanelRefused(
                f"the password has {length} characters",
                code=0,
                slug="password-too-long",
                detail=f"over {_MOST_PASSWORD} the panel cuts it and nobody can log in (contract 2.2); nothing was sent",
                hint="use a shorter password",
            )
        session, dialect = self._session, self._client.dialect
        user = dialect.object_("UserInfo", new_user(customer, session.reseller.user_id), element="user")
        try:
            panel_id = send(
                lambda: check_number(
                    self._client.integer(
                        "AddUser",
                        user=user,
                        sendLetter=False,
                        password=password,
                        notes=None if dialect.null_is_omitted else [],
                    ),
                    "esUsers.AddUser",
                )
            )
        except Doubt as doubt:
            self._doubtful.add(fold_username(customer.username))
            return self._customer_in_doubt(customer, doubt)
        except PanelRefused as refused:
            if refused.code != _USER_EXISTS or fold_username(customer.username) not in self._doubtful:
                raise
            # Sent before in this run, and the answer was lost: it may well be ours.
            return self._customer_in_doubt(customer, Doubt(refused))
        with read_after("esUsers.AddUser"):
            record = self._client.record("GetUserById", userId=panel_id)
            mine = record is not None and record.integer("ownerid") == session.reseller.user_id
            if record is None or not mine or fold_username(record.text("username") or "") != fold_username(customer.username):
                raise PanelAmbiguous(
                    f"the panel answered id {panel_id} for {customer.username}, and shows something else under it",
                    call="esUsers.AddUser",
                    hint="look at the customer in the panel",
                )
        return panel_id

    def _customer_in_doubt(self, customer: Customer, doubt: Doubt) -> PanelId:
        with read_after("esUsers.AddUser"):
            panel_id = self._reach.find_customer(customer.username)
            record = self._client.record("GetUserById", userId=panel_id) if panel_id is not None else None
            live = customer_of_record(record) if record is not None else None
        if panel_id is None:
            raise doubt.verdict("no customer of that name is on the panel; it may be sent again")
        for name in ("first_name", "last_name", "email", "company", "city"):
            wanted = getattr(customer, name)
            if live is None or (is_value(wanted) and (wanted or NULL) != getattr(live, name)):
                raise doubt.unknown(f"a customer of that name is there (id {panel_id}), but it is not the one that was sent")
        return panel_id

    # -- plans -----------------------------------------------------------------------------------------------------------------

    def hosting_plan(self, plan: HostingPlan | Addon) -> PanelId:
        """AddHostingPlan on the own package, with groups and quotas always given (contract 2.3)."""
        addon = isinstance(plan, Addon)
        own, catalogue = self._session.own, self._session.catalogue
        listed = plan.groups if isinstance(plan.groups, Mapping) else {}
        terms = merged(listed, catalogue, _NO_TERMS, unlisted=plan.unlisted, always_in=not addon)
        if self._reach.plans_named(plan.name, addon=addon):
            raise _taken(plan.self_address)
        groups, quotas = members_of_terms(terms)
        values = {
            **new_plan(plan),
            "userid": self._session.reseller.user_id,
            "packageid": own.panel_id,
            "serverid": own.server_id,
            "groups": groups,
            "quotas": quotas,
        }
        node = self._client.dialect.object_("HostingPlanInfo", values, element="plan")
        call = "esPackages.AddHostingPlan"
        try:
            panel_id = send(lambda: check_number(self._client.integer("AddHostingPlan", plan=node), call))
        except Doubt as doubt:
            return self._plan_in_doubt(plan, terms, doubt)
        with read_after(call):
            stored = self._stored_terms(panel_id)
        if stored is None or sorted(stored.rows) != sorted(terms.rows):
            raise PanelAmbiguous(
                f"the plan was made (id {panel_id}), but its groups and quotas are not what was sent",
                call=call,
                hint="plan again: the difference will show",
            )
        return panel_id

    def _plan_in_doubt(self, plan: HostingPlan | Addon, terms: PanelTerms, doubt: Doubt) -> PanelId:
        with read_after("esPackages.AddHostingPlan"):
            found = self._reach.plans_named(plan.name, addon=isinstance(plan, Addon))
            stored = self._stored_terms(found[0]) if len(found) == 1 else None
        if not found:
            raise doubt.verdict("no plan of that name is on the panel")
        if stored is None or sorted(stored.rows) != sorted(terms.rows):
            ids = ", ".join(map(str, found))
            raise doubt.unknown(f"a plan of that name is there (id {ids}), and its groups and quotas are not what was sent")
        return found[0]

    def _stored_terms(self, panel_id: PanelId) -> PanelTerms | None:
        context = self._client.record("GetHostingPlanContext", planId=panel_id)
        return None if context is None else terms_of_context(context)[1]

    # -- spaces ----------------------------------------------------------------------------------------------------------------

    def space(self, space: Space, customer_id: PanelId, plan_id: PanelId) -> PanelId:
        """AddPackageWithResources: active, no letter; resources only with a domain (contract 6.1)."""
        self._reach.customer(customer_id, str(space.self_address))
        self._reach.plan_for_spaces(plan_id)
        if self._reach.spaces_named(customer_id, space.name):
            raise _taken(space.self_address)
        call = "esPackages.AddPackageWithResources"
        try:
            wanted = self._wanted(space, customer_id, plan_id)
            allowed = self._session.allowed
            panel_id = send(lambda: check_result(self._client.record("AddPackageWithResources", **wanted), call, allowed))
        except Doubt as doubt:
            if isinstance(doubt.error, PanelRefused):
                raise self._after_clean_up(space, customer_id, doubt.error) from None
            return self._space_in_doubt(space, customer_id, plan_id, doubt)
        except PanelRefused as refused:
            if refused.code in _NOTHING_MADE:
                raise
            raise self._after_clean_up(space, customer_id, refused) from None
        with read_after(call):
            record = self._client.record("GetPackage", packageId=panel_id)
            if record is None or record.integer("userid") != customer_id or record.integer("planid") != plan_id:
                raise PanelAmbiguous(
                    f"the panel answered id {panel_id} for the space, and shows something else under it",
                    call=call,
                    hint="look at the space in the panel",
                )
        return panel_id

    def _wanted(self, space: Space, customer_id: PanelId, plan_id: PanelId) -> dict[str, int | bool | str | None]:
        domains = space.domains if isinstance(space.domains, tuple) else ()
        domain = domains[0].name if domains else None
        resources = space.resources if domain is not None else None
        ftp = resources.ftp if resources is not None else False
        if domain is None and self._client.dialect.null_is_omitted:
            domain = ""  # on 1.x nil would be '' too, and the portal sends ''; on 2.x '' may be somebody's domain (contract 2.4)
        return {
            "userId": customer_id,
            "planId": plan_id,
            "spaceName": space.name,
            "statusId": 1,
            "sendLetter": False,
            "createResources": bool(domain),
            "domainName": domain,
            "tempDomain": False,
            "createWebSite": bool(domain) and (resources is None or resources.website),
            "createFtpAccount": bool(ftp),
            "ftpAccountName": ftp if isinstance(ftp, str) else "",
            "createMailAccount": resources is not None and resources.mail,
            "hostName": resources.host if resources is not None else "",
        }

    def _after_clean_up(self, space: Space, customer_id: PanelId, refused: PanelRefused) -> PanelError:
        """The panel made the space, could not make a resource, and is taking the space away in the background."""
        clock, pause = self._session.client.clock, self._session.connection.poll

        def gone() -> bool:
            return not self._reach.spaces_named(customer_id, space.name)

        with read_after("esPackages.AddPackageWithResources"):
            if wait_until(gone, clock, seconds=_CLEAN_UP_SECONDS, pause=pause):
                return refused
        return PanelAmbiguous(
            refused.message,
            call=refused.call,
            address=str(space.self_address),
            detail=f"{refused.detail}\nthe space is still there after {_CLEAN_UP_SECONDS:.0f} s: its clean-up failed or takes long",
            hint=refused.hint,
        )

    def _space_in_doubt(self, space: Space, customer_id: PanelId, plan_id: PanelId, doubt: Doubt) -> PanelId:
        """After a fault the space is there in at least four kinds of cases; after a lost answer it may still come."""
        clock, pause = self._client.clock, self._session.connection.poll
        found: list[PanelId] = []

        def there() -> bool:
            nonlocal found
            found = self._reach.spaces_named(customer_id, space.name)
            return bool(found)

        def gone() -> bool:
            return not there()

        with read_after("esPackages.AddPackageWithResources"):
            if doubt.answered:
                cleaning = any(words in doubt.error.message.casefold() for words in _TAKEN_BACK)
                wait_until(gone, clock, seconds=_CLEAN_UP_SECONDS if cleaning else 0.0, pause=pause)
            else:
                wait_until(there, clock, seconds=_SETTLE_SECONDS, pause=pause)
            record = self._client.record("GetPackage", packageId=found[0]) if len(found) == 1 else None
            on_plan = record is not None and record.integer("planid") == plan_id
        if not found:
            raise doubt.verdict("no space of that name is there yet; the panel may still be working on it")
        if len(found) != 1:
            raise doubt.unknown(f"the customer has {len(found)} spaces of that name (ids {', '.join(map(str, found))})")
        if not on_plan:
            raise doubt.unknown(f"the space of that name (id {found[0]}) is on another plan than was sent")
        with read_after("esPackages.AddPackageWithResources"):
            return self._finished(space, found[0], doubt)

    def _finished(self, space: Space, panel_id: PanelId, doubt: Doubt) -> PanelId:
        """A found space counts as made once its audit record is finished; its resources only if that says they worked."""
        clock, pause = self._client.clock, self._session.connection.poll
        with_resources = isinstance(space.domains, tuple) and bool(space.domains)
        told: str | None = ""

        def finished() -> bool:
            nonlocal told
            records = read_audit_log(self._session, "HOSTING_SPACE_WR", "ADD", item_name=space.name[:50], most=5)
            if records is None:
                told = None
                return True
            ours = [record for record in records if record.item_id in {0, panel_id} and record.finished is not None]
            told = reason_of(ours[0]) if ours and ours[0].severity > 1 else ""
            return bool(ours)

        if not wait_until(finished, clock, seconds=0.0 if doubt.answered else _SETTLE_SECONDS, pause=pause) and not doubt.answered:
            raise doubt.unknown(f"the space is there (id {panel_id}), and the panel has not finished with it")
        if with_resources and (told is None or doubt.answered):
            raise doubt.unknown(
                f"the space is there (id {panel_id}); which of its resources were made can't be told"
                + (f": {told}" if told else "")
            )
        return panel_id


def _taken(address: Address) -> PanelRefused:
    return PanelRefused(
        "the name is there already",
        code=0,
        slug="name-taken",
        address=str(address),
        detail="it was made since the plan; nothing was sent",
        hint="plan again",
    )
