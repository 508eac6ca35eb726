"""How one step is done: look at the object afresh, decide, write once, and say how it ended.

*Same*: the object is what the plan was made on, so it is written. *Already done*: it is what is wanted, so nothing is sent.
*Moved*: it is something else, so nothing is sent either: nobody reviewed that. After an ambiguous answer only AddUser is ever sent
again, after a look-up, because the user name is unique on the panel; everything else ends *unknown* if it can't be found as wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from typing import TypeVar, assert_never

from resellerplan.applying.bindings import Bindings, Unbound
from resellerplan.applying.outcome import Drifted, Outcome, Result, StepKind
from resellerplan.applying.ports import Clock, PanelWriter, SecretGiver
from resellerplan.applying.resume import STILL_WORKING
from resellerplan.applying.retrying import PATIENT, RetryPolicy, is_locked, retry, when_writing
from resellerplan.applying.standing import is_so, moved_fields, other_fields
from resellerplan.applying.step import Step
from resellerplan.applying.writes import (
    AddDomain,
    Changing,
    CreateCustomer,
    CreateSold,
    CreateSpace,
    Delete,
    MoveSpace,
    SendLetter,
    SetAddons,
    SetStatus,
    UpdateCustomer,
    UpdateSold,
    UpdateSpace,
)
from resellerplan.errors import (
    PanelAmbiguous,
    PanelError,
    PanelNotUnderstood,
    PanelRefused,
    ResellerPlanError,
    SecretUnavailable,
)
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.model.resource import Resource
from resellerplan.model.space import Space
from resellerplan.model.values import UNKNOWN, UNSET
from resellerplan.planning.differences import differing_fields

__all__ = ["Worker"]

T = TypeVar("T")

LOOK_AGAIN = (
    "Nothing more was sent for it, so that no second one can come to be; the panel may still be working on it for up to an hour"
)
SEEN_AGAIN = "Whether it came to be can be seen on the panel, so nothing is written twice"
_MAY_COME_LATE = frozenset({StepKind.CREATE, StepKind.ADD_DOMAIN, StepKind.ADDONS})
"""What could come to be twice while the panel still works on the first; but for customers, whose names are unique there."""


class _Ended(Exception):
    """A step is over before its write: carries how. Never leaves this module."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Does steps, one call each, from any thread.

    ``intend`` is called right before the first byte of a write may leave (the write-ahead journal). ``notice`` tells the reader
    something once. ``serial`` is set when the panel can't take parallel creations. ``stopping`` ends all retries.
    """

    panel: PanelWriter
    secrets: SecretGiver
    bindings: Bindings
    clock: Clock
    intend: Callable[[Step], None]
    notice: Callable[[str], None]
    chance: Callable[[], float]
    serial: Flag = field(default_factory=Flag)
    stopping: Flag = field(default_factory=Flag)
    policy: RetryPolicy = PATIENT
    wait_seconds: float = 600.0

    def do(self, step: Step) -> Outcome:
        """Do one step. Expected errors become outcomes; anything else is a bug of ours and is raised."""
        began = self.clock.monotonic()
        try:
            outcome = self._do(step)
        except _Ended as ended:
            outcome = ended.outcome
        except SecretUnavailable as error:
            outcome = self._failed(step, error)
        except Unbound as error:
            outcome = self._outcome(step, Result.FAILED, message=str(error), code="unbound")
        except PanelError as error:
            outcome = self._failed(step, error)
        return replace(outcome, seconds=self.clock.monotonic() - began)

    def _do(self, step: Step) -> Outcome:
        match step.work:
            case CreateCustomer():
                return self._create_customer(step, step.work)
            case CreateSold() | CreateSpace():
                return self._create(step, step.work)
            case UpdateCustomer() | UpdateSold() | UpdateSpace() | MoveSpace() | SetStatus() | AddDomain() | SetAddons():
                return self._change(step, step.work)
            case Delete():
                return self._delete(step, step.work)
            case SendLetter():
                return self._letter(step)
            case _:
                assert_never(step.work)

    # --- creations

    def _create_customer(self, step: Step, work: CreateCustomer) -> Outcome:
        self._not_there_yet(step, work.customer)
        password = self.secrets.password_for(work.customer)
        self.intend(step)
        failed = 0
        while True:
            try:
                return self._made(step, self._write(lambda: self.panel.create_customer(work.customer, password)))
            except PanelError as error:
                failed += 1
                locked = is_locked(error)
                if locked and not self.serial.is_set():
                    self.serial.set()
                    self.notice("the panel's database was locked: customers are created one at a time for the rest of the run")
                ambiguous = isinstance(error, PanelAmbiguous | PanelNotUnderstood)
                if not (ambiguous or locked):
                    return self._failed(step, error)
                found = self._look_up(step, error)
                if found is not None:
                    return self._made(step, found)
                if failed >= self.policy.attempts or self.stopping.is_set():
                    return self._unknown(step, error) if ambiguous else self._failed(step, error)
            self.clock.sleep(self.policy.pause(failed, self.chance()))

    def _create(self, step: Step, work: CreateSold | CreateSpace) -> Outcome:
        resource = work.sold if isinstance(work, CreateSold) else work.space
        self._not_there_yet(step, resource)
        create = self._creating(work)
        self.intend(step)
        try:
            return self._made(step, self._write(create))
        except (PanelAmbiguous, PanelNotUnderstood) as error:
            found = self._look_up(step, error)
            return self._unknown(step, error) if found is None else self._complete(step, resource, found, error)

    def _creating(self, work: CreateSold | CreateSpace) -> Callable[[], PanelId]:
        if isinstance(work, CreateSold):
            return lambda: self.panel.create_hosting_plan(work.sold)
        customer, plan = self.bindings.of(work.customer), self.bindings.of(work.plan)
        return lambda: self.panel.create_space(work.space, customer, plan)

    def _not_there_yet(self, step: Step, resource: Resource) -> None:
        """The proof of absence, right before the create. What appeared since the plan is taken as it is if it is as wanted."""
        found = self._read(lambda: self.panel.find(step.target))
        if found is None:
            return
        base = self._read(lambda: self.panel.read(step.target, found))
        if base is None:
            message = "something of this name is on the panel and can't be read"
            raise _Ended(self._moved(step, found, message, ()))
        drifted = tuple(
            Drifted(path=one.path, planned_on=UNSET, planned_to=one.after, now=one.before)
            for one in differing_fields(resource, base.resource, {})
            if one.before is not UNKNOWN
        )
        if drifted:
            message = "it was made by somebody else since the plan was made, and it is not what is declared"
            raise _Ended(self._moved(step, found, message, drifted))
        self.bindings.bind(step.target, found)
        raise _Ended(self._outcome(step, Result.ALREADY_DONE, panel_id=found))

    def _look_up(self, step: Step, error: PanelError) -> PanelId | None:
        """Look for what may have been made. Where even that can't be told, it is unknown."""
        try:
            return self._read(lambda: self.panel.find(step.target))
        except PanelRefused as refused:
            raise _Ended(self._failed(step, refused)) from error
        except PanelError as second:
            raise _Ended(self._unknown(step, second)) from error

    def _complete(self, step: Step, resource: Resource, found: PanelId, error: PanelError) -> Outcome:
        """Found after an ambiguous answer: done if it is complete, unknown if not."""
        try:
            base = self._read(lambda: self.panel.read(step.target, found))
        except PanelError as second:
            return self._unknown(step, second, found)
        if base is None or any(one.before is not UNKNOWN for one in differing_fields(resource, base.resource, {})):
            return self._unknown(step, error, found)
        outcome = self._made(step, found)
        if not isinstance(resource, Space) or not isinstance(resource.domains, tuple) or not resource.domains:
            return outcome
        unseen = tuple(dict.fromkeys((*outcome.not_verifiable, "resources made with the domain")))
        return replace(outcome, not_verifiable=unseen)

    def _made(self, step: Step, panel_id: PanelId) -> Outcome:
        self.bindings.bind(step.target, panel_id)
        self.bindings.touch([step.target])
        return self._outcome(step, Result.DONE, panel_id=panel_id)

    # --- changes

    def _change(self, step: Step, work: Changing) -> Outcome:
        panel_id = self.bindings.of(step.target)
        write = self._changing(step.target, work, panel_id)
        base = self._read(lambda: self.panel.read(step.target, panel_id))
        if base is None:
            return self._moved(step, panel_id, "it is gone from the panel since the plan was made", ())
        if is_so(step, base):
            return self._outcome(step, Result.ALREADY_DONE, panel_id=panel_id)
        drifted = moved_fields(step, base, touched=self.bindings.touched(step.target))
        if drifted is not None:
            return self._moved(step, panel_id, "not written, it moved since the plan was made", drifted)
        self.intend(step)
        try:
            self._write(write)
        except (PanelAmbiguous, PanelNotUnderstood) as error:
            return self._after_ambiguous_change(step, panel_id, error)
        return self._changed(step, panel_id)

    def _changed(self, step: Step, panel_id: PanelId) -> Outcome:
        self.bindings.touch([step.target])
        if isinstance(step.work, SetStatus):
            self.bindings.touch(step.work.reaches)
        return self._outcome(step, Result.DONE, panel_id=panel_id)

    def _changing(self, target: Address, work: Changing, panel_id: PanelId) -> Callable[[], None]:
        """The write of a step, as a call without arguments. Raises Unbound before anything is sent."""
        panel = self.panel
        match work:
            case UpdateCustomer():
                return lambda: panel.update_customer(panel_id, work.wanted)
            case UpdateSold():
                return lambda: panel.update_hosting_plan(panel_id, work.wanted, addon=work.addon)
            case UpdateSpace():
                plan_id = None if work.plan is None else self.bindings.of(work.plan)
                return lambda: panel.update_space(panel_id, work.wanted, plan_id=plan_id)
            case MoveSpace():
                customer = self.bindings.of(work.customer)
                return lambda: panel.move_space(panel_id, customer)
            case SetStatus():
                if target.kind is Kind.CUSTOMER:
                    return lambda: panel.set_customer_status(panel_id, work.status)
                return lambda: panel.set_space_status(panel_id, work.status)
            case AddDomain():
                return lambda: panel.add_domain(panel_id, work.domain)
            case SetAddons():
                ids = {name: self.bindings.of(addon) for name, addon in work.addons.items()}
                return lambda: panel.set_addons(panel_id, work.wanted, ids)
            case _:
                assert_never(work)

    def _after_ambiguous_change(self, step: Step, panel_id: PanelId, error: PanelError) -> Outcome:
        """An update can be seen: read again, and believe that."""
        try:
            base = self._read(lambda: self.panel.read(step.target, panel_id))
        except PanelError as second:
            return self._unknown(step, second, panel_id)
        if base is not None and is_so(step, base):
            return self._changed(step, panel_id)
        return self._unknown(step, error, panel_id)

    # --- deletes and letters

    def _delete(self, step: Step, work: Delete) -> Outcome:
        panel_id = self.bindings.of(step.target)
        base = self._read(lambda: self.panel.read(step.target, panel_id))
        if base is None:
            return self._outcome(step, Result.ALREADY_DONE, panel_id=panel_id)
        strange = step.fingerprint is not None and base.fingerprint != step.fingerprint
        renamed = step.live is not None and base.resource.self_address != step.live.self_address
        if renamed or (strange and not self.bindings.touched(step.target)):
            return self._moved(step, panel_id, "not deleted, it moved since the plan was made", other_fields(step, base))
        for condition in work.conditions:
            now = self._count(panel_id, condition.what)
            if now != condition.count:
                message = f"not deleted: only_if wants {condition.what}: {condition.count}, and now it is {now}"
                return self._outcome(step, Result.CONDITION, panel_id=panel_id, message=message, code="condition-not-met")
        self.intend(step)
        try:
            self._write(self._deleting(step.target.kind, panel_id))
        except (PanelAmbiguous, PanelNotUnderstood) as error:
            if not self._gone(step.target, panel_id):
                return self._unknown(step, error, panel_id)
        return self._outcome(step, Result.DONE, panel_id=panel_id)

    def _count(self, panel_id: PanelId, what: str) -> int:
        if what == "domains":
            return self._read(lambda: self.panel.count_domains(panel_id))
        return self._read(lambda: self.panel.count_used(panel_id, what))

    def _deleting(self, kind: Kind, panel_id: PanelId) -> Callable[[], None]:
        match kind:
            case Kind.SPACE:
                return lambda: self.panel.delete_space(panel_id, wait_seconds=self.wait_seconds)
            case Kind.CUSTOMER:
                return lambda: self.panel.delete_customer(panel_id, wait_seconds=self.wait_seconds)
            case Kind.PLAN | Kind.ADDON:
                return lambda: self.panel.delete_hosting_plan(panel_id)
            case _:
                assert_never(kind)

    def _gone(self, target: Address, panel_id: PanelId) -> bool:
        try:
            return self._read(lambda: self.panel.read(target, panel_id)) is None
        except PanelError:
            return False

    def _letter(self, step: Step) -> Outcome:
        panel_id = self.bindings.of(step.target)
        if step.needs and not self.bindings.touched(step.target):
            message = "no letter: it goes out once, on creation, and this was there already"
            return self._outcome(step, Result.ALREADY_DONE, panel_id=panel_id, message=message)
        send = self.panel.send_account_letter if step.target.kind is Kind.CUSTOMER else self.panel.send_space_letter
        self.intend(step)
        try:
            receipt = self._write(lambda: send(panel_id))
        except (PanelAmbiguous, PanelNotUnderstood) as error:
            hint = f"look whether it arrived; `resellerplan letter send {step.target}` sends it again"
            return replace(self._unknown(step, error, panel_id), detail="", hint=hint)
        if receipt.sent:
            return self._outcome(step, Result.DONE, panel_id=panel_id, message=receipt.remark)
        remark = receipt.remark or "the panel's template for this letter is empty, so no mail went out"
        return self._outcome(step, Result.NOT_SENT, panel_id=panel_id, message=remark, code="letter-empty")

    # --- calls and outcomes

    def _read(self, call: Callable[[], T]) -> T:
        """Once: reads are repeated by who sends them, and attempts of both would multiply."""
        return call()

    def _write(self, call: Callable[[], T]) -> T:
        stopped = self.stopping.is_set
        return retry(call, policy=self.policy, clock=self.clock, chance=self.chance, again=when_writing, stopped=stopped)

    def _outcome(
        self,
        step: Step,
        result: Result,
        *,
        panel_id: PanelId | None = None,
        message: str = "",
        detail: str = "",
        hint: str = "",
        code: str = "",
        drifted: tuple[Drifted, ...] = (),
    ) -> Outcome:
        return Outcome(
            step=step.name,
            address=step.address,
            kind=step.kind,
            action=step.action,
            result=result,
            panel_id=panel_id,
            message=message,
            detail=detail,
            hint=hint,
            code=code,
            not_verifiable=step.not_verifiable if result is Result.DONE else (),
            drifted=drifted,
        )

    def _failed(self, step: Step, error: ResellerPlanError) -> Outcome:
        code = error.slug if isinstance(error, PanelRefused) else type(error).__name__
        return self._outcome(
            step,
            Result.FAILED,
            panel_id=self.bindings.get(step.target),
            message=error.message,
            detail=error.detail,
            hint=error.hint,
            code=code,
        )

    def _unknown(self, step: Step, error: PanelError, panel_id: PanelId | None = None) -> Outcome:
        late = step.kind in _MAY_COME_LATE and step.target.kind is not Kind.CUSTOMER
        hour = f" after {(self.clock.now() + STILL_WORKING).astimezone():%H:%M}" if late else ""
        decides = f"`resellerplan apply --resume`{hour} decides it"
        return self._outcome(
            step,
            Result.UNKNOWN,
            panel_id=panel_id,
            message=error.message,
            detail="\n".join(text for text in (error.detail, LOOK_AGAIN if late else SEEN_AGAIN) if text),
            hint=f"{decides}; {error.hint}" if error.hint else decides,
            code="unknown",
        )

    def _moved(self, step: Step, panel_id: PanelId, message: str, drifted: tuple[Drifted, ...]) -> Outcome:
        return self._outcome(
            step,
            Result.MOVED,
            panel_id=panel_id,
            message=message,
            hint="run `resellerplan plan` again",
            code="moved",
            drifted=drifted,
        )
