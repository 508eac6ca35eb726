"""The plan, the estate and the end of a run as text for a terminal of 80 columns and for a log.

The comment line over each block and the closing sentences are byte-exact, because other tools match them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

from resellerplan.applying.outcome import ApplyReport, Outcome, Result, StepKind
from resellerplan.diagnostics import Finding, Severity
from resellerplan.model.address import Kind
from resellerplan.model.customer import Customer
from resellerplan.model.hosting_plan import GroupTerms
from resellerplan.model.space import Space
from resellerplan.model.traits import KINDS
from resellerplan.model.values import NULL, UNSET
from resellerplan.planning.change import Action, Change, FieldChange
from resellerplan.planning.plan import CapacityRow, Plan
from resellerplan.report.summary import apply_sentence, by_kind, plan_sentence
from resellerplan.report.value_text import Wording, field_name, harmless, password_text, quoted

__all__ = ["plan_text", "remark", "report_text"]

WIDTH = 80
_BECOMES = {
    Action.CREATE: "will be created",
    Action.UPDATE: "will be updated in-place",
    Action.DELETE: "will be destroyed",
}
_CREATED_AS_SAID = frozenset({"password", "summary_letter"})


def plan_text(plan: Plan, *, show_unmanaged: bool = False, show_unchanged: bool = False) -> str:
    """The whole plan: a block per change in the order of doing, the closing sentence, findings, and what was left alone."""
    wording = Wording(currency=plan.currency)
    parts: list[str] = []
    blocks = ["\n".join(change_lines(change, wording)) for change in plan.pending]
    if blocks:
        parts += ["resellerplan will perform the following actions:", *blocks]
    parts += [kept for kept in ["\n".join(suppressed_lines(plan, wording))] if kept]
    parts.append(plan_sentence(plan.counts))
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
    yield f"  {change.action.symbol} {heading(change)} {{"
    yield from aligned(field_rows(change, wording))
    yield "    }"
    for sentence in (*change.remarks, *letter_remarks(change)):
        yield from wrap(harmless(sentence), WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def because(change: Change) -> str:
    """Why something is destroyed; other reasons as they are."""
    reason = harmless(change.reason)
    return reason if reason.startswith("because ") else f"because {reason}"


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
    """The fields of a change, in the order of the table of kinds."""
    if change.action is Action.DELETE:
        return []
    rows: list[Row] = []
    for each in sorted(change.fields, key=lambda field: field_position(change, field.path)):
        rows += list(rows_of(each, change.action, wording))
    if change.action is Action.CREATE and isinstance(change.desired, Customer) and change.desired.password is not None:
        rows.append(("+", "password", f"= {password_text(change.desired.password)}"))
    return rows


def field_position(change: Change, path: str) -> int:
    """Where a field stands in the table of its kind."""
    names = list(KINDS[change.address.kind].fields)
    head = path.partition(".")[0]
    return names.index(head) if head in names else len(names)


def rows_of(field: FieldChange, action: Action, wording: Wording) -> Iterator[Row]:
    """One field as rows; groups and quotas become a row per quota that differs."""
    if field.path in _CREATED_AS_SAID:
        return
    if isinstance(field.after, Mapping) and field.path in {"groups", "overrides"}:
        for name, terms in field.after.items():
            if isinstance(terms, GroupTerms):
                yield from group_rows(f"{field.path}.", name, terms, wording)
        return
    name = field_name(field.path)
    after = wording.value(field.path, field.after)
    if action is Action.CREATE or field.before is UNSET:
        yield ("+", name, f"= {after}")
        return
    symbol = "-" if field.after is NULL else "+" if field.before is NULL else "~"
    yield (symbol, name, f": {wording.value(field.path, field.before)} -> {after}")


def group_rows(prefix: str, name: str, terms: GroupTerms, wording: Wording) -> Iterator[Row]:
    """The quotas of one group of a new plan; a group without any is said to be on."""
    shown = {quota: number for quota, number in terms.quotas.items() if number}
    if not shown:
        yield ("+", field_name(f"{prefix}{name}"), "= on")
    for quota, number in shown.items():
        yield ("+", field_name(f"{prefix}{quota}"), f"= {wording.value(f'{prefix}{quota}', number)}")


def aligned(rows: list[Row]) -> Iterator[str]:
    """Rows with their ``=`` and ``:`` below each other."""
    width = max((len(name) for _, name, _ in rows), default=0)
    return (f"      {symbol} {name:<{width}} {text}" for symbol, name, text in rows)


def letter_remarks(change: Change) -> Iterator[str]:
    """Whether a summary letter goes out, said for everything that is created."""
    if change.action is not Action.CREATE:
        return
    match change.desired:
        case Customer(summary_letter=wished):
            yield (
                "one account summary is sent, after the customer is verified"
                if wished
                else ("no account summary is sent (summary_letter: false)")
            )
        case Space(summary_letter=wished, domains=domains):
            made = "the domain and its resources are created with it" if domains else "no domain, so no resources are created"
            letter = "one space summary is sent afterwards" if wished else "no space summary is sent"
            yield f"{letter}; {made}"
        case _:
            return


def suppressed_lines(plan: Plan, wording: Wording) -> Iterator[str]:
    """Differences that somebody said to leave alone, with that person's reason."""
    for change in plan.changes:
        for kept in change.suppressed:
            before, after = wording.value(kept.path, kept.before), wording.value(kept.path, kept.after)
            yield (
                f"  left alone: {harmless(str(change.address))} {field_name(kept.path)}: {before} (manifest: {after})"
                f" because {harmless(kept.reason)}"
            )


def capacity_lines(rows: Iterable[CapacityRow], wording: Wording) -> Iterator[str]:
    """What is sold of the own package where the plan changes it."""
    for row in rows:
        if row.sold_before == row.sold_after:
            continue
        path = f"groups.{row.quota}"
        sold = f"{wording.number(path, row.sold_before)} -> {wording.number(path, row.sold_after)}"
        of = "unlimited" if row.allocated < 0 else wording.number(path, row.allocated)
        without = f", and {row.unlimited} without a limit" if row.unlimited else ""
        yield f"capacity: {field_name(path)} sold {sold} of your {of}{without}"


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
        lines.append(f"  hint: {harmless(finding.hint)}")
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
    if plan.not_read:
        lines += wrap(f"Not read: {harmless(', '.join(plan.not_read))}.", WIDTH, break_on_hyphens=False)
    return lines


def report_text(report: ApplyReport) -> str:
    """The end of a run: the closing sentence, what was skipped, what can't be verified, and where it is written down."""
    lines = [apply_sentence(report)]
    lines += skipped_lines(report)
    lines += [f"  {line}" for line in not_verifiable_lines(report.outcomes)]
    lines += [f"Note: {harmless(notice)}" for notice in report.notices]
    if report.journal:
        lines.append(f"Journal: {harmless(report.journal)}")
    return "\n".join(lines)


def skipped_lines(report: ApplyReport) -> Iterator[str]:
    """``skipped: space["schmidt/Shop"] (because of customer.schmidt)``."""
    for outcome in report.with_result(Result.SKIPPED):
        letter = "letter " if outcome.kind is StepKind.LETTER else ""
        why = f" (because of {harmless(str(outcome.because))})" if outcome.because is not None else ""
        yield f"  skipped: {letter}{harmless(str(outcome.address))}{why}"


def not_verifiable_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What was asked for and can't be read back from the panel, once per thing."""
    things: dict[str, int] = {}
    for outcome in outcomes:
        for thing in outcome.not_verifiable:
            things[thing] = things.get(thing, 0) + 1
    for thing, number in things.items():
        times = f" ({number} times)" if number > 1 else ""
        yield f"not verifiable: {harmless(thing)}{times}"
