"""The ports: what a run needs of the world. The panel room implements the first; tests have fakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from resellerplan.model.address import Address, PanelId
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import Addon, HostingPlan
from resellerplan.model.resource import Resource
from resellerplan.model.space import Domain, Space
from resellerplan.model.values import Secret, Status

__all__ = ["Base", "Clock", "LetterReceipt", "PanelWriter", "SecretGiver"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A fresh full read of one object, right before it is written: its fields, its fingerprint, the id it was read by."""

    resource: Resource
    panel_id: PanelId
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReceipt:
    """What became of a letter. ``sent`` False with the panel's 0 = the template is empty, so nothing went out."""

    sent: bool
    remark: str = ""


class PanelWriter(Protocol):
    """The panel, in our words. Every method does one thing on the panel, checks the scope first, and reads back after.

    Raised: ``PanelUnreachable`` (certain that nothing happened), ``PanelRefused`` (a business code; nothing happened unless its
    ``detail`` says so), ``PanelUnauthorised``, ``CallForbidden`` (outside the scope; nothing was sent), ``PanelAmbiguous`` (looked
    for and can't be told). A fault or a cut connection on a write never leaves a method as itself: it is looked up first and ends
    as success, ``PanelRefused``/``PanelFault`` with nothing there, or ``PanelAmbiguous``.
    """

    def read(self, address: Address, panel_id: PanelId) -> Base | None:
        """The object as it is now, fully read; None if it is gone."""
        ...

    def find(self, address: Address) -> PanelId | None:
        """Look for an object by its natural key with the reads that leave nothing out. Raises PanelRefused (slug ``name-taken``)
        where the name exists outside the reseller's reach, and (slug ``ambiguous-name``) where there are several."""
        ...

    def create_customer(self, customer: Customer, password: Secret) -> PanelId:
        """Create a customer without a letter, with at most 71 characters of password (contract 3.4); its id."""
        ...

    def create_hosting_plan(self, plan: HostingPlan | Addon) -> PanelId:
        """Create a hosting plan or an add-on under the own package, with exactly the groups and quotas listed; its id."""
        ...

    def create_space(self, space: Space, customer_id: PanelId, plan_id: PanelId) -> PanelId:
        """Create a space, with its first domain and the wished resources when it has a domain, active, without a letter."""
        ...

    def update_customer(self, panel_id: PanelId, wanted: Mapping[str, object]) -> None:
        """Write the named fields over a fresh base, all others as they are (contract 6.2). ``wanted``: field -> model value.

        Never ``status``: that goes through ``set_customer_status``.
        """
        ...

    def update_hosting_plan(self, panel_id: PanelId, wanted: Mapping[str, object], *, addon: bool) -> None:
        """Write the named fields, ``name`` among them for a rename. ``groups``, where named, is the whole set of terms as it is to
        be stored: what the manifest leaves unlisted and keeps is already in it."""
        ...

    def update_space(self, panel_id: PanelId, wanted: Mapping[str, object], *, plan_id: PanelId | None = None) -> None:
        """Name, comments, plan, own terms. Overrides stay unless ``wanted`` names them.

        ``overrides`` is ``PLAN_TERMS`` (back to the plan) or the terms that are declared; groups and quotas not listed there are
        filled with the values of the space's plan at that moment. ``plan_id`` goes with ``wanted["plan"]``.
        """
        ...

    def move_space(self, panel_id: PanelId, customer_id: PanelId) -> None:
        """Give a space to another customer in place (ChangePackageUser)."""
        ...

    def set_customer_status(self, panel_id: PanelId, status: Status) -> None:
        """Suspend or cancel with the cascade (ChangeUserStatus); activate without one (UpdateUser)."""
        ...

    def set_space_status(self, panel_id: PanelId, status: Status) -> None:
        """Suspend, cancel or activate one space (ChangePackageStatus)."""
        ...

    def change_password(self, panel_id: PanelId, password: Secret) -> None:
        """Give a customer another password. It can't be read back: a lost answer leaves it unknown."""
        ...

    def add_domain(self, panel_id: PanelId, domain: Domain) -> None:
        """Add a domain with its DNS zone, and a web site where one is wished, to a space."""
        ...

    def set_addons(self, panel_id: PanelId, wanted: Mapping[str, int], addon_ids: Mapping[str, PanelId]) -> None:
        """Bring the summed active quantity of each named add-on to the wanted number."""
        ...

    def delete_space(self, panel_id: PanelId, *, wait_seconds: float) -> None:
        """Delete a space with all that is in it, and wait until it is gone: the panel does it in the background (contract 6.5)."""
        ...

    def delete_hosting_plan(self, panel_id: PanelId) -> None:
        """Delete a hosting plan or an add-on that no space uses."""
        ...

    def delete_customer(self, panel_id: PanelId, *, wait_seconds: float) -> None:
        """Delete a customer with its spaces, and wait until both are gone."""
        ...

    def count_domains(self, panel_id: PanelId) -> int:
        """How many domains a space has."""
        ...

    def count_used(self, panel_id: PanelId, quota: str) -> int:
        """How much of a quota a space uses; only asked where the panel's usage can be trusted."""
        ...

    def send_account_letter(self, panel_id: PanelId) -> LetterReceipt:
        """Mail a customer's account letter. A letter is sent at most once: nothing tells afterwards whether it went."""
        ...

    def send_space_letter(self, panel_id: PanelId) -> LetterReceipt:
        """Mail a space's letter to its customer; as ``send_account_letter``."""
        ...


class SecretGiver(Protocol):
    """Gets the password a customer's declaration names, right before it is needed; generated ones reach their sink first.

    Raises SecretUnavailable.
    """

    def password_for(self, customer: Customer) -> Secret:
        """The password for a customer that is about to be created."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as an argument: ``now`` in UTC, ``monotonic`` in seconds, ``sleep`` in seconds."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
