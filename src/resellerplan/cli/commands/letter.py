"""``resellerplan letter``: look at a summary letter, or send it, on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from resellerplan.cli.approval import agreed
from resellerplan.cli.exit_codes import ExitCode
from resellerplan.cli.findings import show_findings
from resellerplan.cli.invocation import Invocation, with_invocation
from resellerplan.cli.loading import MANIFEST_HERE, load_manifest
from resellerplan.cli.option_sets import PANEL, address_typed, settings_of, with_options
from resellerplan.cli.options import option
from resellerplan.cli.settings import Settings
from resellerplan.cli.slips import CommandGroup
from resellerplan.cli.wiring import login_for, open_session
from resellerplan.errors import PanelError, ResellerPlanError, UsageError
from resellerplan.model.address import Address, Kind, PanelId
from resellerplan.report.letter_text import letter_text

if TYPE_CHECKING:
    from resellerplan.manifest.load import Loaded
    from resellerplan.panel.letters import Letters
    from resellerplan.panel.reach import Reach

__all__ = ["letter"]


@click.group(cls=CommandGroup)
def letter() -> None:
    """Show or send a summary letter: of a customer (customer.NAME) or of a space (space["NAME/SPACE"])."""


@letter.command()
@click.argument("address")
@option("--reveal", is_flag=True, help="Fetch the letter filled in: it holds the customer's password in clear.")
@with_options(PANEL)
@with_invocation
def show(invocation: Invocation, /, address: str, reveal: bool, **given: Any) -> int:
    """Print recipients, subject and the template of the letter; sends nothing."""
    target, settings, loaded = prepared(invocation, address, given)
    if loaded is not None and not show_findings(loaded, invocation):
        return ExitCode.FAILED
    with open_session(login_for(loaded, settings, invocation), loaded, settings, invocation) as session:
        from resellerplan.panel.letters import Letters
        from resellerplan.panel.reach import Reach

        reach = Reach(session)
        letters = Letters(session, reach)
        panel_id = found(reach, target)
        template = letters.account_template(panel_id) if target.kind is Kind.CUSTOMER else letters.space_template(panel_id)
        if template is None:
            raise PanelError(
                "the letter's template can't be read from this panel", hint="look at it in the web panel, under mail templates"
            )
        customer = found(reach, Address.customer(target.owner)) if target.kind is Kind.SPACE else panel_id
        recipient = reach.customer(customer).text("email") or ""
        body = evaluated(letters, target, panel_id) if reveal else template.body
    invocation.say(
        letter_text(
            to=recipient, sender=template.sender, copy_to=template.copy_to, subject=template.subject, body=body, revealed=reveal
        )
    )
    if reveal:
        invocation.tell("This letter holds the customer's password: keep it out of logs and tickets.")
    return ExitCode.DONE


@letter.command()
@click.argument("address")
@option("--auto-approve", is_flag=True, help="Do not ask.")
@with_options(PANEL)
@with_invocation
def send(invocation: Invocation, /, address: str, auto_approve: bool, **given: Any) -> int:
    """Send the letter once, to the customer's address; it holds the password in clear, as the panel writes it."""
    target, settings, loaded = prepared(invocation, address, given)
    if loaded is not None and not show_findings(loaded, invocation):
        return ExitCode.FAILED
    with open_session(login_for(loaded, settings, invocation), loaded, settings, invocation, may_write=True) as session:
        from resellerplan.panel.writer import Writer

        writer = Writer(session)
        panel_id = writer.find(target)
        if panel_id is None:
            raise missing(target)
        if not auto_approve and not agreed(
            invocation,
            f"Send the summary letter of {target}? It holds the password.",
            refusal="send it, so nothing was sent",
            flag_does="sends it",
            nothing="Nothing was sent.",
        ):
            return ExitCode.FAILED
        receipt = writer.send_account_letter(panel_id) if target.kind is Kind.CUSTOMER else writer.send_space_letter(panel_id)
    remark = f": {receipt.remark}" if receipt.remark else ""
    if not receipt.sent:
        invocation.tell(f"{target}: not sent{remark}")
        return ExitCode.FAILED
    invocation.say(f"{target}: the panel took the letter{remark}")
    return ExitCode.DONE


def prepared(invocation: Invocation, address: str, given: dict[str, Any]) -> tuple[Address, Settings, Loaded | None]:
    """The object that is meant, the settings, and the manifest in this folder where there is one. Raises UsageError."""
    target = address_typed(address)
    if target.kind not in {Kind.CUSTOMER, Kind.SPACE}:
        raise UsageError(f"{target} has no letter", hint='a customer has one (customer.NAME), and a space (space["NAME/SPACE"])')
    settings = settings_of(given, invocation)
    return target, settings, load_manifest(settings, invocation) if MANIFEST_HERE.exists() else None


def found(reach: Reach, target: Address) -> PanelId:
    """The panel's id of an object. Raises ResellerPlanError where it is not there."""
    panel_id = reach.find(target)
    if panel_id is None:
        raise missing(target)
    return panel_id


def missing(target: Address) -> ResellerPlanError:
    """What to say about an object that is not on the panel."""
    return ResellerPlanError(f"{target} is not on the panel", hint="`resellerplan show live` lists what is there")


def evaluated(letters: Letters, target: Address, panel_id: PanelId) -> str:
    """The letter filled in."""
    text = letters.evaluated_account(panel_id) if target.kind is Kind.CUSTOMER else letters.evaluated_space(panel_id)
    return text or ""
