"""Slips at the keyboard: what a person typed, and what the hint says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import resellerplan


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("apply -auto-approve", "write --auto-approve, with two dashes"),
        ("plan -out=p.plan", "write --out=p.plan, with two dashes"),
        ("plan -detailed-exitcode", "write --detailed-exitcode, with two dashes"),
        ("apply -input=false", "--no-input never asks"),
        ("apply --yes", "--auto-approve does without asking"),
        ("apply -y", "--auto-approve does without asking"),
        ("apply --dry-run", "`resellerplan plan` shows what would be done, and does nothing"),
        ("plan -destroy", "`state: absent` with a `reason` in the manifest deletes"),
        ("plan -C estate", "it stands before the command: `resellerplan -C DIR plan`"),
        ("-v plan", "it stands behind the command: `resellerplan plan -v`"),
        ("plan --auto-approve", "`resellerplan apply` takes --auto-approve"),
        ("apply --out p.plan", "`resellerplan plan` takes --out"),
        ("plan --strict", "`resellerplan validate` takes --strict"),
        ("plan --xyzzy", "`resellerplan plan --help` shows what it takes"),
        ("show live --xyzzy", "`resellerplan show live --help` shows what it takes"),
    ],
)
def test_an_option_that_is_not_there_says_what_is(typed: str, hint: str) -> None:
    ran = resellerplan(*typed.split(), environ={})
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.splitlines()[-1] == f"  hint: {hint}"


@pytest.mark.parametrize("command", ["", "show", "letter", "lock", "panel", "customer", "space"])
def test_a_group_without_a_command_shows_its_help_page_and_no_error(command: str) -> None:
    ran = resellerplan(*command.split(), environ={})
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.startswith("Usage: resellerplan")
    assert "Error" not in ran.err
    assert "..." not in ran.err.partition("Commands:")[2], "a purpose is cut"


@pytest.mark.parametrize("flag", ["--target", "--exclude"])
def test_a_bare_name_is_told_how_an_address_is_written(flag: str) -> None:
    ran = resellerplan("plan", flag, "mueller", environ={})
    assert ran.code == 64
    assert "  hint: a customer's name is written customer.mueller" in ran.err


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("plan.Web S", """'plan["Web S"]'"""),
        ("addon.Extra 10", """'addon["Extra 10"]'"""),
        ("space.mueller/Web S", """'space["mueller/Web S"]'"""),
        ("customer.p.müller", """'customer["p.müller"]'"""),
    ],
)
def test_an_address_without_its_quotes_is_shown_with_them(typed: str, written: str) -> None:
    ran = resellerplan("plan", "--target", typed, environ={})
    assert ran.code == 64
    assert f"  hint: write it {written}, in quotes for the shell" in ran.err


def test_a_saved_plan_in_the_wrong_place_names_the_command_that_shows_it(tmp_path: Path) -> None:
    (tmp_path / "p.plan").write_text("{}", encoding="utf-8")
    ran = resellerplan("show", "p.plan", environ={}, folder=tmp_path)
    assert ran.code == 64
    assert "hint: `resellerplan show plan p.plan` shows a saved plan" in ran.err


@pytest.mark.parametrize("flag", ["--out", "--json-into", "--gitlab-report"])
def test_a_folder_that_is_not_there_is_told_before_the_panel_is_read(tmp_path: Path, flag: str) -> None:
    (tmp_path / "resellerplan.yaml").write_text("version: 1\nplans: [{name: S, existing: true}]\n", encoding="utf-8")
    environ = {"HOME": str(tmp_path), "RESELLERPLAN_URL": "embedded:nobody-looks.sqlite"}
    ran = resellerplan("plan", flag, "nowhere/file", environ=environ, folder=tmp_path)
    assert ran.code == 64
    assert ran.err.startswith(f"Error: {flag}: there is no folder nowhere")


def test_an_error_is_as_wide_as_the_terminal() -> None:
    typed = ("plan", "--target", "mueller")
    whole = resellerplan(*typed, environ={"COLUMNS": "60"}).err
    assert len(whole.splitlines()[0]) > 80
    broken = resellerplan(*typed, environ={"COLUMNS": "60"}, answers="").err
    assert all(len(line) <= 60 for line in broken.splitlines())
    assert broken.split() == whole.split()
