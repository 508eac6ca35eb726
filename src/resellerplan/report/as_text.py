"""The plan, the estate and the end of a run as text for a terminal of 80 columns and for a log.

The comment line over each block and the closing sentences are byte-exact, because other tools match them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from resellerplan.applying.outcome import ApplyReport, Outcome, Result, StepKind
from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Kind
from resellerplan.model.values import NULL, UNSET
from resellerplan.planning.change import Action, Change, FieldChange
from resellerplan.planning.compare import manifest_word
from resellerplan.planning.plan import CapacityRow, Plan
from resellerplan.report.fitting import fitted
from resellerplan.report.summary import apply_sentence, by_kind, counted, plan_sentence
from resellerplan.report.value_text import Wording, field_name, harmless, quoted

__all__ = ["plan_text", "remark", "report_text"]

WIDTH = 80
_BECOMES = {
    Action.CREATE: "will be created",
    Action.UPDATE: "will be updated in-place",
    Action.DELETE: "will be destroyed",
}


def plan_text(plan: Plan, *, show_unmanaged: bool = False, show_unchanged: bool = False) -> str:
    """The whole plan: a block per change in the order of doing, the closing sentence, findings, and what was left alone."""
    wording = Wording(currency=plan.currency)
    parts: list[str] = []
    blocks = ["\n".join(change_lines(change, wording)) for change in plan.pending]
    if blocks:
        parts += ["resellerplan will perform the following actions:", *blocks]
    parts += [kept for kept in ["\n".join([*suppressed_lines(plan, wording), *waiting_lines(plan)])] if kept]
    if plan.counts.anything or all(finding.severity is not Severity.ERROR for finding in plan.findings):
        parts.append(plan_sentence(plan.counts))  # what was refused is not "No changes": wrappers would take it for agreement
    figures = [*capacity_lines(plan.capacity, wording), *revenue_lines(plan)]
    if figures:
        parts.append("\n".join(figures))
    parts += [remark(finding) for finding in plan.findings]
    left = left_alone(plan, show_unmanaged=show_unmanaged)
    if show_unchanged:
        left += [f"unchanged: {harmless(str(c.address))}" for c in plan.changes if c.action is Action.NO_OP]
    if left:
        parts.append("\n".join(left))
    return "\n\n".join(parts)


def change_lines(change: Change, wording: Wording) -> Iterator[str]:
    """The block of one change, two blanks in."""
    shown = harmless(str(change.address))
    yield f"  # {shown} {_BECOMES.get(change.action, 'is as it should be')}"
    if change.previous is not None:
        yield f"  # (moved from {harmless(str(change.previous))})"
    if change.reason:
        yield f"  # ({because(change)})"
    rows = field_rows(change, wording)
    yield f"  {change.action.symbol} {heading(change)}" + (" {" if rows else "")
    if rows:
        yield from aligned(rows)
        yield "    }"
    for sentence in change.remarks:
        yield from wrap(harmless(sentence), WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def because(change: Change) -> str:
    """Why something is destroyed: ``because customer.acme is marked absent: "moved away"``."""
    if change.action is Action.DELETE:
        return f"because {harmless(str(change.address))} is marked absent: {quoted(change.reason)}"
    return f"because: {harmless(change.reason)}"


def heading(change: Change) -> str:
    """``plan "Web S" (id 41)``, ``space "Web S" of customer "mueller"``."""
    address = change.address
    text = f"{address.kind} {quoted(address.name)}"
    if address.kind is Kind.SPACE:
        text += f" of customer {quoted(address.owner)}"
    return text if change.panel_id is None else f"{text} (id {change.panel_id})"


Row = tuple[str, str, str]
"""A symbol, a field's name, and what stands behind it (with its own ``=`` or ``:``)."""


def field_rows(change: Change, wording: Wording) -> list[Row]:
    """The fields of a change, in the order in which planning names them. A created group that has quotas is told by them."""
    if change.action is Action.DELETE:
        return []
    creation = change.action is Action.CREATE
    told = {group_of(field.path, wording) for field in change.fields if "." in field.path.partition(".")[2]} if creation else set()
    return [
        row_of(field, change, wording)
        for field in change.fields
        if field.path not in told and not (creation and field.after == 0 and field.path.startswith("groups."))
    ]


def group_of(path: str, wording: Wording) -> str:
    """The path of the group that a quota's path lies in: ``groups.OS`` for ``groups.OS.Diskspace``."""
    prefix, _, name = path.partition(".")
    quota = wording.catalogue.quotas.get(name)
    return f"{prefix}.{quota.group if quota is not None else name.partition('.')[0]}"


def row_of(field: FieldChange, change: Change, wording: Wording) -> Row:
    """One field as a row."""
    if field.path.startswith("domains."):
        return ("+", "domain", f"= {wording.value(field.path, field.after)}")
    name = harmless(manifest_word(change.address.kind, field.path))
    after = wording.value(field.path, field.after)
    if change.action is Action.CREATE or field.before is UNSET:
        return ("+", name, f"= {after}")
    symbol = "-" if field.after is NULL else "+" if field.before is NULL else "~"
    return (symbol, name, f": {wording.value(field.path, field.before)} -> {after}")


def aligned(rows: list[Row]) -> Iterator[str]:
    """Rows with their ``=`` and ``:`` below each other."""
    width = max((len(name) for _, name, _ in rows), default=0)
    return (f"      {symbol} {name:<{width}} {text}" for symbol, name, text in rows)


def suppressed_lines(plan: Plan, wording: Wording) -> Iterator[str]:
    """Differences that somebody said to leave alone, with that person's reason."""
    for change in plan.changes:
        for kept in change.suppressed:
            word = harmless(manifest_word(change.address.kind, kept.path))
            yield f"  left alone: {harmless(str(change.address))} {word}"
            before, after = wording.value(kept.path, kept.before), wording.value(kept.path, kept.after)
            yield f"    {before} (manifest: {after}) because {harmless(kept.reason)}"


def waiting_lines(plan: Plan) -> Iterator[str]:
    """What is to happen on a later day: ``waiting: customer.koch, in quarantine until 2026-12-24``."""
    for change in plan.changes:
        declared_or_there = change.desired is not None or change.live is not None
        if change.action is Action.NO_OP and change.remarks and declared_or_there:
            yield f"  waiting: {harmless(str(change.address))}, {harmless('; '.join(change.remarks))}"


def capacity_lines(rows: Iterable[CapacityRow], wording: Wording) -> Iterator[str]:
    """What is sold of the own package where the plan changes it, and what could not be counted."""
    unread = 0
    for row in rows:
        if row.sold_before == row.sold_after:
            continue
        path = f"groups.{row.quota}"
        sold = f"{wording.number(path, row.sold_before)} -> {wording.number(path, row.sold_after)}"
        of = "unlimited" if row.allocated < 0 else wording.number(path, row.allocated)
        without = f", and {row.unlimited} without a limit" if row.unlimited else ""
        yield f"capacity: {field_name(path)} sold {sold} of your {of}{without}"
        unread = row.unread
    if unread:
        yield f"capacity: not counted: {counted(unread, Kind.SPACE)} whose terms were not read"


def revenue_lines(plan: Plan) -> Iterator[str]:
    """What the plan does to the income of a month, where a currency is declared."""
    if plan.revenue_delta is not None and plan.revenue_delta.amount:
        sign = "+" if plan.revenue_delta.amount > 0 else ""
        yield f"revenue: {sign}{Wording(currency=plan.currency).money('per-month', plan.revenue_delta)}"


def remark(finding: Finding) -> str:
    """A finding about the plan: what, where, and what to do, each on a line of its own."""
    word = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.NOTE: "Note"}[finding.severity]
    lines = [f"{word}: {harmless(finding.summary)}"]
    if finding.place is not None:
        lines.append(f"  --> {finding.place}")
    for text in (finding.label, *(note.text for note in finding.notes)):
        lines += wrap(harmless(text), WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    if finding.hint:
        lines += fitted(harmless(finding.hint), WIDTH, head="  hint: ", hang="    ")
    return "\n".join(lines)


def left_alone(plan: Plan, *, show_unmanaged: bool) -> list[str]:
    """What the panel holds and no manifest names, and what was not read."""
    lines: list[str] = []
    if plan.unmanaged:
        lines.append(
            f"Unmanaged and left alone: {by_kind(plan.unmanaged)}"
            + ("" if show_unmanaged else " (`--show-unmanaged` lists them)")
            + "."
        )
        if show_unmanaged:
            lines += [f"  {harmless(str(address))}" for address in sorted(plan.unmanaged)]
            lines.append("  hint: an entry of that name manages it, `state: absent` with a `reason` deletes it")
    if plan.not_read:
        lines += wrap(f"Not read: {harmless(', '.join(plan.not_read))}.", WIDTH, break_on_hyphens=False)
    return lines


def report_text(report: ApplyReport) -> str:
    """The end of a run: the closing sentence, what was skipped, what can't be verified, and where it is written down."""
    lines = [apply_sentence(report)]
    already = report.counts.already
    if already:
        were, them = ("was", "it") if already == 1 else ("were", "them")
        lines.append(f"  {already} {were} as planned already, so nothing was sent for {them}")
    lines += skipped_lines(report)
    lines += [f"  {line}" for line in not_verifiable_lines(report.outcomes)]
    lines += [f"Note: {harmless(notice)}" for notice in report.notices]
    hint = what_next(report)
    if hint:
        lines += fitted(hint, WIDTH, head="  hint: ", hang="    ")
    if report.journal:
        lines.append(f"Journal: {harmless(report.journal)}")
    return "\n".join(lines)


def what_next(report: ApplyReport) -> str:
    """What to do about a run that did not do everything; empty where it did, or where nothing is left to be done."""
    if report.with_result(Result.UNKNOWN):
        return "`resellerplan apply --resume` looks up what is unknown, then does what is left; nothing is done twice"
    if report.interrupted:
        return "`resellerplan apply` does what is left; nothing is done twice"
    if report.good:
        return ""
    left = "`resellerplan plan` shows what is left; nothing is done twice"
    return f"mend that, then {left}" if report.with_result(Result.FAILED) else left


def skipped_lines(report: ApplyReport) -> Iterator[str]:
    """``skipped: space["schmidt/Shop"] (because of customer.schmidt)``."""
    for outcome in report.with_result(Result.SKIPPED):
        letter = "letter " if outcome.kind is StepKind.LETTER else ""
        why = f" (because of {harmless(str(outcome.because))})" if outcome.because is not None else ""
        yield f"  skipped: {letter}{harmless(str(outcome.address))}{why}"


def not_verifiable_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What was asked for and the panel keeps no record of that could be read back, once per thing."""
    things: dict[str, int] = {}
    for outcome in outcomes:
        for thing in outcome.not_verifiable:
            things[thing] = things.get(thing, 0) + 1
    for thing, number in things.items():
        times = f" ({number} times)" if number > 1 else ""
        yield f"not verifiable: {harmless(thing)}{times} (can't be read back; look once in the web panel)"
