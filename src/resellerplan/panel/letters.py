"""Summary letters: a call of their own after the object is verified (operator rules, contract 6.1).

The panel's own flag on a create sends nothing where a setting is off and hides mail errors, so it is never used. Recipients are not
given: the panel takes the customer's address. An empty template answers 0 and sends nothing, so the template is looked at first.
"""

from __future__ import annotations

from resellerplan.applying.ports import LetterReceipt
from resellerplan.errors import PanelFault
from resellerplan.model.address import PanelId
from resellerplan.panel.reach import Reach
from resellerplan.panel.record import Record
from resellerplan.panel.session import Session
from resellerplan.panel.settling import Doubt, check_number, send

__all__ = ["LetterTemplate", "Letters"]


class LetterTemplate:
    """A letter's settings as they hold for one customer (they may be the reseller's or the panel's own)."""

    def __init__(self, values: dict[str, str], *, html: bool) -> None:
        self.subject = values.get("subject", "")
        self.sender = values.get("from", "")
        self.copy_to = values.get("cc", "")
        self.body = values.get("htmlbody" if html else "textbody", "")


class Letters:
    """Looks at letters and sends them."""

    def __init__(self, session: Session, reach: Reach) -> None:
        self._client = session.client
        self._reach = reach

    def account_template(self, customer_id: PanelId) -> LetterTemplate | None:
        """The account summary letter of a customer, not filled in; None where it can't be read."""
        return self._template(self._reach.customer(customer_id), "AccountSummaryLetter")

    def space_template(self, space_id: PanelId) -> LetterTemplate | None:
        """The space summary letter of a space, not filled in."""
        owner = self._reach.space(space_id).integer("userid")
        return self._template(self._reach.customer(owner), "PackageSummaryLetter")

    def send_account(self, customer_id: PanelId) -> LetterReceipt:
        """SendAccountSummaryLetter, unless its template is empty."""
        template = self.account_template(customer_id)
        call = "esPackages.SendAccountSummaryLetter"
        return self._send(
            template,
            lambda: check_number(self._client.integer("SendAccountSummaryLetter", userId=customer_id, to=None, cc=None), call),
        )

    def send_space(self, space_id: PanelId) -> LetterReceipt:
        """SendPackageSummaryLetter, unless its template is empty."""
        template = self.space_template(space_id)
        call = "esPackages.SendPackageSummaryLetter"
        return self._send(
            template,
            lambda: check_number(self._client.integer("SendPackageSummaryLetter", packageId=space_id, to=None, cc=None), call),
        )

    def evaluated_account(self, customer_id: PanelId) -> str | None:
        """The letter filled in: it holds the customer's password in clear. None where its template is empty."""
        self._reach.customer(customer_id)
        return self._client.text("GetEvaluatedAccountTemplateBody", userId=customer_id)

    def evaluated_space(self, space_id: PanelId) -> str | None:
        """The space's letter filled in; it may hold the customer's password."""
        self._reach.space(space_id)
        return self._client.text("GetEvaluatedPackageTemplateBody", packageId=space_id)

    def _send(self, template: LetterTemplate | None, write: object) -> LetterReceipt:
        assert callable(write)
        if template is not None and not template.body:
            return LetterReceipt(sent=False, remark="the panel's template for this letter is empty, so no mail goes out")
        try:
            send(write)
        except Doubt as doubt:
            raise doubt.unknown("the letter may or may not have gone out; it is not sent again by itself") from None
        if template is None:
            return LetterReceipt(sent=True, remark="the panel says it was sent; its template could not be looked at")
        return LetterReceipt(sent=True)

    def _template(self, customer: Record, name: str) -> LetterTemplate | None:
        try:
            settings = self._client.record("GetUserSettings", userId=customer.integer("userid"), settingsName=name)
        except PanelFault:
            return None
        if settings is None:
            return None
        values: dict[str, str] = {}
        for pair in settings.records("settingsarray") or ():
            texts = [child.text or "" for child in pair.node.children]
            if len(texts) == 2:
                values[texts[0].casefold()] = texts[1]
        return LetterTemplate(values, html=customer.boolean("htmlmail"))
