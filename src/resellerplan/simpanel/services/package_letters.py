"""esPackages: letters and templates (contract 2.4), and the letters that go out with a new space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check, may_access_package, may_access_user, may_see_user, owner_of_package
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.letters import (
    account_body,
    account_variables,
    package_body,
    package_variables,
    send_account_letter,
    send_package_letter,
)
from resellerplan.simpanel.template_language import evaluate_or_error
from resellerplan.simpanel.user_records import by_id

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.store import Row

__all__ = ["letter_after_creation", "send_space_letter"]

DEMO = rule("send_letter.demo", "2.4 letters 1", "A demo caller gets -106.")
USER_VISIBLE = rule("send_account_letter.visible", "2.4 letters 2", "An invisible or unknown user is -101.")
SPACE_KNOWN = rule("send_package_letter.known", "2.4 letters", "An unknown space is -300.")
SPACE_VISIBLE = rule("send_package_letter.visible", "2.4 letters", "A foreign space is -101.")
BODY_VISIBLE = rule("template_body.visible", "2.4 letters", "The body for an invisible user or space is a NullReference fault.")
SETTINGS_RIGHTS = rule(
    "template_body.settings_rights",
    "2.4 letters",
    "A visible user whose settings are out of reach (one's own reseller) is a rights fault.",
)


def letter_after_creation(call: Call, package_id: int, *, only_enabled: bool) -> None:
    """The space letter that AddPackage sends; its mail errors are nobody's."""
    send_package_letter(call, package_id, only_if_enabled=only_enabled)


def send_space_letter(call: Call, package_id: int) -> int:
    """The space letter that was asked for, whatever EnableLetter says; 0 or the mail system's code."""
    return send_package_letter(call, package_id)


@operation("esPackages", "SendAccountSummaryLetter")
def send_account_summary_letter(call: Call, *, userId: int, to: str | None, cc: str | None) -> int:
    """EnableLetter is not consulted."""
    if call.on(DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    if by_id(call, userId) is None or (call.on(USER_VISIBLE) and not may_see_user(call, userId)):
        return -101 if call.on(USER_VISIBLE) else 0
    _check_settings(call, userId)
    return send_account_letter(call, userId, to, cc)


@operation("esPackages", "SendPackageSummaryLetter")
def send_package_summary_letter(call: Call, *, packageId: int, to: str | None, cc: str | None) -> int:
    if call.on(DEMO) and (refused := account_check(call, Demand.NOT_DEMO)):
        return refused
    owner_id = owner_of_package(call.db, packageId)
    if owner_id is None:
        return -300 if call.on(SPACE_KNOWN) else 0
    if call.on(SPACE_VISIBLE) and not may_see_user(call, owner_id):
        return -101
    _check_settings(call, owner_id)
    return send_package_letter(call, packageId, to, cc)


def _check_settings(call: Call, user_id: int) -> None:
    if call.on(SETTINGS_RIGHTS) and not may_access_user(call, user_id):
        raise call.denied_account()


def _seen_user(call: Call, user_id: int) -> Row:
    row = by_id(call, user_id)
    if row is None or (call.on(BODY_VISIBLE) and not may_see_user(call, user_id)):
        raise faults.null_reference()
    return row


@operation("esPackages", "GetEvaluatedAccountTemplateBody")
def get_evaluated_account_template_body(call: Call, *, userId: int) -> str | None:
    row = _seen_user(call, userId)
    _check_settings(call, userId)
    return account_body(call, row)


@operation("esPackages", "GetEvaluatedPackageTemplateBody")
def get_evaluated_package_template_body(call: Call, *, packageId: int) -> str | None:
    owner_id = owner_of_package(call.db, packageId)
    if owner_id is None:
        raise faults.null_reference()
    row = _seen_user(call, owner_id)
    _check_settings(call, owner_id)
    return package_body(call, row, packageId)


@operation("esPackages", "EvaluateUserPackageTempate")
def evaluate_user_package_tempate(call: Call, *, userId: int, packageId: int, template: str | None) -> str:
    """A template with a user's data, and with a space's where ``packageId`` is above -1. The spelling is the panel's."""
    row = _seen_user(call, userId)
    if packageId <= -1:
        return evaluate_or_error(template or "", account_variables(call, row))
    if not may_access_package(call, packageId):
        raise call.denied_package()
    return evaluate_or_error(template or "", package_variables(call, row, packageId))
