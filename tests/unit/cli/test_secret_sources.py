"""Where passwords come from, and what a manifest may not make us do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from resellerplan.cli.credentials import Entry
from resellerplan.cli.panel_url import parse_panel_url
from resellerplan.cli.secret_sources import SecretSources, fetch_entry, run_command
from resellerplan.cli.settings import Permissions
from resellerplan.errors import SecretUnavailable
from resellerplan.model.customer import Customer, FileSink, FromCommand, FromEnv, FromFile, Generated, InText, PasswordSource
from resellerplan.model.values import Secret


def sources(folder: Path, environ: dict[str, str] | None = None, **allowed: object) -> SecretSources:
    def made(_customer: Customer, how: Generated) -> Secret:
        return Secret("g" * how.length)

    permissions = Permissions(**allowed)  # type: ignore[arg-type]  # the test names the permissions it means
    return SecretSources(
        environ=environ or {},
        file_of=lambda _address: folder / "resellerplan.yaml",
        permissions=permissions,
        generate=made,
    )


def customer(source: PasswordSource | None) -> Customer:
    return Customer(username="mueller", password=source)


def password(given: SecretSources, source: PasswordSource | None) -> str:
    return given.password_for(customer(source)).reveal()


def test_a_variable_gives_the_password(tmp_path: Path) -> None:
    assert password(sources(tmp_path, {"MUELLER_PASSWORD": "Pw1!"}), FromEnv("MUELLER_PASSWORD")) == "Pw1!"


@pytest.mark.parametrize("environ", [{}, {"MUELLER_PASSWORD": ""}])
def test_a_variable_that_is_not_set_is_named(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(SecretUnavailable, match="the variable MUELLER_PASSWORD is not set"):
        password(sources(tmp_path, environ), FromEnv("MUELLER_PASSWORD"))


def test_a_file_gives_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "mueller").write_text("Pw1! \r\nrest\n", encoding="utf-8", newline="")
    assert password(sources(tmp_path), FromFile("secrets/mueller")) == "Pw1! "


def test_a_file_outside_the_repository_needs_a_permission_from_outside_the_manifest(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "pw").write_text("Pw1!", encoding="utf-8")
    with pytest.raises(SecretUnavailable, match="outside the manifest's repository"):
        password(sources(repository), FromFile("../elsewhere/pw"))
    allowed = sources(repository, secret_folders=(tmp_path / "elsewhere",))
    assert password(allowed, FromFile("../elsewhere/pw")) == "Pw1!"


def test_a_link_out_of_the_repository_does_not_get_around_that(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (tmp_path / "pw").write_text("Pw1!", encoding="utf-8")
    (repository / "pw").symlink_to(tmp_path / "pw")
    with pytest.raises(SecretUnavailable, match="outside the manifest's repository"):
        password(sources(repository), FromFile("pw"))


def test_a_manifest_in_a_folder_of_a_repository_may_name_files_of_the_whole_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pw").write_text("Pw1!", encoding="utf-8")
    (tmp_path / "customers").mkdir()
    assert password(sources(tmp_path / "customers"), FromFile("../pw")) == "Pw1!"


def test_a_command_runs_only_where_it_is_allowed(tmp_path: Path) -> None:
    argv = (sys.executable, "-c", "open('ran', 'w'); print('Pw1!')")
    with pytest.raises(SecretUnavailable, match="wants to run the command"):
        password(sources(tmp_path), FromCommand(argv))
    assert not (tmp_path / "ran").exists()
    assert password(sources(tmp_path, secret_commands=True), FromCommand(argv)) == "Pw1!"
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ((sys.executable, "-c", "raise SystemExit(3)"), "ended with exit code 3"),
        (("no-such-command-here",), "is not there"),
        ((sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'\\xff')"), "printed no UTF-8"),
        ((sys.executable, "-c", ""), "gave an empty password"),
    ],
)
def test_a_command_that_gives_nothing_says_why(tmp_path: Path, argv: Sequence[str], sentence: str) -> None:
    with pytest.raises(SecretUnavailable, match=sentence):
        password(sources(tmp_path, secret_commands=True), FromCommand(tuple(argv)))


def test_a_password_in_the_text_needs_its_flag(tmp_path: Path) -> None:
    with pytest.raises(SecretUnavailable, match="stands in the manifest's text"):
        password(sources(tmp_path), InText(Secret("canary")))
    assert password(sources(tmp_path, literal_passwords=True), InText(Secret("Pw1!"))) == "Pw1!"


def test_a_generated_password_is_made_by_the_generator(tmp_path: Path) -> None:
    assert password(sources(tmp_path), Generated(20, FileSink("pw"))) == "g" * 20


def test_a_customer_without_a_password_can_not_be_created(tmp_path: Path) -> None:
    with pytest.raises(SecretUnavailable, match="has no password in the manifest"):
        password(sources(tmp_path), None)


def test_a_password_that_the_panel_would_cut_is_refused_without_repeating_it(tmp_path: Path) -> None:
    with pytest.raises(SecretUnavailable) as caught:
        password(sources(tmp_path, {"PW": "c" * 72}), FromEnv("PW"))
    assert "ccc" not in caught.value.message + caught.value.detail
    assert "71" in caught.value.detail
    assert password(sources(tmp_path, {"PW": "c" * 71}), FromEnv("PW")) == "c" * 71


def test_what_is_missing_is_told_for_all_customers_at_once(tmp_path: Path) -> None:
    given = sources(tmp_path, {"HAVE": "Pw1!"})
    people = [
        Customer(username="a", password=FromEnv("HAVE")),
        Customer(username="b", password=FromEnv("MISSING")),
        Customer(username="c", password=FromFile("missing")),
        Customer(username="d", password=FromCommand(("pass",))),
        Customer(username="e", password=Generated(20, FileSink("pw"))),
        Customer(username="f"),
    ]
    missing = given.missing(people)
    assert [line.split(":")[0] for line in missing] == ["customer.b", "customer.c", "customer.d", "customer.f"]


def test_the_credentials_file_of_the_user_may_run_its_command() -> None:
    entry = Entry(url=parse_panel_url("https://p.example"), username="b", password_command=(sys.executable, "-c", "print('Pw1!')"))
    assert fetch_entry(entry).reveal() == "Pw1!"


def test_the_credentials_file_may_name_a_password_file(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("Pw1!\n", encoding="utf-8")
    url = parse_panel_url("https://p.example")
    assert fetch_entry(Entry(url=url, username="b", password_file=str(tmp_path / "pw"))).reveal() == "Pw1!"
    with pytest.raises(SecretUnavailable, match="can't be read or is empty"):
        fetch_entry(Entry(url=url, username="b", password_file=str(tmp_path / "none")))


def test_a_command_gets_no_standard_input(tmp_path: Path) -> None:
    assert run_command((sys.executable, "-c", "import sys; print(repr(sys.stdin.read()))"), tmp_path) == "''\n"
