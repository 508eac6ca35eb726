"""One changed field changes one field: in the panel's tables, whatever else the object holds, on every flavour.

What the panel itself does on any update is listed with its reason and allowed, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resellerplan.model.address import Kind
from resellerplan.model.hosting_plan import GroupTerms
from resellerplan.model.traits import KINDS
from resellerplan.model.values import NULL, LoginStatus, Money, Recurrence, Role
from tests.support.opened import ALL_FLAVOURS, Opened, opened

SETTINGS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)

COLUMNS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "secondary_email": "secondary_email",
    "company": "company_name",
    "address": "address",
    "city": "city",
    "state_province": "state",
    "country": "country",
    "zip": "zip",
    "primary_phone": "primary_phone",
    "secondary_phone": "secondary_phone",
    "fax": "fax",
    "instant_messenger": "instant_messenger",
    "subscriber_number": "subscriber_number",
    "comments": "comments",
    "html_mail": "html_mail",
    "role": "role_id",
    "login_status": "login_status_id",
    "demo": "is_demo",
}
BY_THE_PANEL = {
    "changed": "stamped on every update",
    "additional_params": "dropped on every update (contract 2.2)",
    "failed_logins": "reset with login status 0 (contract 2.2)",
}

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)


def text_for(field: str) -> st.SearchStrategy[str]:
    """Texts that every database stores as they are: short, and in single-byte letters where the column is one of varchar."""
    narrow = field in {"zip", "primary_phone", "secondary_phone", "fax", "instant_messenger"}
    return st.text("abcXYZ019 +-ü", min_size=1, max_size=12).map(lambda t: t) if narrow else TEXT


VALUES: Mapping[str, st.SearchStrategy[object]] = {
    **{
        field: st.one_of(st.just(NULL), text_for(field))
        for field in COLUMNS
        if field not in {"html_mail", "role", "login_status", "demo"}
    },
    "html_mail": st.booleans(),
    "role": st.sampled_from(Role),
    "login_status": st.sampled_from(LoginStatus),
    "demo": st.booleans(),
}


def stored(value: object) -> object:
    match value:
        case _ if value is NULL:
            return None
        case bool():
            return int(value)
        case Role():
            return {Role.RESELLER: 2, Role.USER: 3}[value]
        case LoginStatus():
            return {LoginStatus.ENABLED: 0, LoginStatus.DISABLED: 1, LoginStatus.LOCKED_OUT: 2}[value]
        case _:
            return value


def fill(panel: Opened, table: str, key: str, number: int, values: Mapping[str, object]) -> None:
    columns = ", ".join(f"{column} = ?" for column in values)
    with panel.site.panel.store.writing() as db:
        db.execute(f"UPDATE {table} SET {columns} WHERE {key} = ?", (*values.values(), number))


def row(panel: Opened, table: str, key: str, number: int) -> dict[str, object]:
    return panel.rows(f"SELECT * FROM {table} WHERE {key} = ?", number)[0]


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {column for column in before if before[column] != after[column]}


def test_every_field_of_a_customer_that_an_update_writes_is_covered() -> None:
    own_calls = {"status", "ecommerce", "password", "summary_letter"}
    assert set(COLUMNS) == set(KINDS[Kind.CUSTOMER].fields) - own_calls


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
def test_one_changed_field_of_a_customer_changes_one_column(flavour: str) -> None:
    with opened(flavour) as panel:
        number = int(str(panel.rows("SELECT user_id FROM users WHERE username = 'mueller'")[0]["user_id"]))
        fill(panel, "users", "owner_id", number, {"owner_id": 1})  # no children, so that the role may change

        @SETTINGS
        @given(st.fixed_dictionaries(VALUES), st.sampled_from(sorted(COLUMNS)), st.data())
        def law(held: dict[str, object], field: str, data: st.DataObject) -> None:
            new = data.draw(VALUES[field])
            fill(panel, "users", "user_id", number, {COLUMNS[name]: stored(value) for name, value in held.items()})
            before = row(panel, "users", "user_id", number)
            panel.writer.update_customer(number, {field: new})
            after = row(panel, "users", "user_id", number)
            assert differing(before, after) - set(BY_THE_PANEL) <= {COLUMNS[field]}
            assert (after[COLUMNS[field]] or None) == (stored(new) or None)

        law()


PLAN_COLUMNS = {
    "description": ("plan_description", st.one_of(st.just(NULL), TEXT)),
    "available": ("available", st.booleans()),
    "setup": ("setup_price", st.decimals(0, 999, places=4).map(Money)),
    "recurring": ("recurring_price", st.decimals(0, 999, places=4).map(Money)),
    "every": ("recurrence_length", st.integers(1, 36).map(Recurrence)),
    "name": ("plan_name", TEXT),
}


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
def test_one_changed_field_of_a_plan_changes_one_column_and_no_quota(flavour: str) -> None:
    with opened(flavour) as panel:
        number = int(str(panel.rows("SELECT plan_id FROM hosting_plans WHERE plan_name = 'Start'")[0]["plan_id"]))

        def contents() -> tuple[object, object]:
            groups = panel.rows("SELECT * FROM hosting_plan_resources WHERE plan_id = ? ORDER BY group_id", number)
            quotas = panel.rows("SELECT * FROM hosting_plan_quotas WHERE plan_id = ? ORDER BY quota_id", number)
            return groups, [quota for quota in quotas if quota["quota_value"] != 0]

        @SETTINGS
        @given(TEXT, st.decimals(0, 99, places=4), st.integers(1, 24), st.sampled_from(sorted(PLAN_COLUMNS)), st.data())
        def law(description: str, price: Decimal, length: int, field: str, data: st.DataObject) -> None:
            column, values = PLAN_COLUMNS[field]
            new = data.draw(values)
            held = {"plan_description": description, "setup_price": f"{price:.4f}", "recurrence_length": length}
            fill(panel, "hosting_plans", "plan_id", number, held)
            before, inside = row(panel, "hosting_plans", "plan_id", number), contents()
            panel.writer.update_hosting_plan(number, {field: new}, addon=False)
            after = row(panel, "hosting_plans", "plan_id", number)
            changed = differing(before, after)
            prices = {c for c in changed if c.endswith("price") and Decimal(str(before[c])) == Decimal(str(after[c]))}
            assert changed - prices <= {column}
            assert contents() == inside

        law()


def test_one_changed_quota_changes_one_quota() -> None:
    for flavour in ALL_FLAVOURS:
        with opened(flavour) as panel:
            number = int(str(panel.rows("SELECT plan_id FROM hosting_plans WHERE plan_name = 'Start'")[0]["plan_id"]))
            sql = (
                "SELECT quota_name, quota_value FROM hosting_plan_quotas JOIN quotas USING (quota_id) "
                "WHERE plan_id = ? AND quota_value <> 0"
            )
            before = {str(r["quota_name"]): r["quota_value"] for r in panel.rows(sql, number)}
            groups = panel.rows("SELECT * FROM hosting_plan_resources WHERE plan_id = ? ORDER BY group_id", number)
            held: dict[str, GroupTerms] = {}
            for name in ("OS", "Web", "FTP", "Mail", "DNS"):
                quotas = {q: int(str(v)) for q, v in before.items() if q.startswith(f"{name}.")}
                held[name] = GroupTerms(quotas=quotas)
            held["Web"] = GroupTerms(quotas={**held["Web"].quotas, "Web.Sites": 7})
            panel.writer.update_hosting_plan(number, {"groups": held}, addon=False)
            after = {str(r["quota_name"]): r["quota_value"] for r in panel.rows(sql, number)}
            assert {q for q in {*before, *after} if before.get(q) != after.get(q)} == {"Web.Sites"}
            assert panel.rows("SELECT * FROM hosting_plan_resources WHERE plan_id = ? ORDER BY group_id", number) == groups


@pytest.mark.parametrize("flavour", ALL_FLAVOURS)
@pytest.mark.parametrize("name", ["Seite", "Eigen"])
def test_one_changed_field_of_a_space_changes_one_column_and_no_own_quota(flavour: str, name: str) -> None:
    with opened(flavour) as panel:
        number = int(str(panel.rows("SELECT package_id FROM packages WHERE package_name = ?", name)[0]["package_id"]))

        def own_terms() -> tuple[object, object]:
            groups = panel.rows("SELECT * FROM package_resources WHERE package_id = ? ORDER BY group_id", number)
            quotas = panel.rows("SELECT * FROM package_quotas WHERE package_id = ? ORDER BY quota_id", number)
            return groups, [quota for quota in quotas if quota["quota_value"] != 0]

        @SETTINGS
        @given(TEXT, TEXT, st.booleans(), st.sampled_from(["name", "comments"]), st.one_of(st.just(NULL), TEXT))
        def law(old_name: str, comments: str, top: bool, field: str, new: object) -> None:
            if field == "name" and new is NULL:
                new = "x"
            top = top and not flavour.startswith("websitepanel")  # a column that WebsitePanel does not have
            held = {"package_name": old_name, "package_comments": comments, "default_top_package": int(top)}
            fill(panel, "packages", "package_id", number, held)
            before, own = row(panel, "packages", "package_id", number), own_terms()
            panel.writer.update_space(number, {field: new})
            after = row(panel, "packages", "package_id", number)
            changed = differing(before, after)
            if str(before["purchase_date"])[:19] == str(after["purchase_date"])[:19]:
                changed.discard("purchase_date")  # 2.x shows and stores whole seconds (contract 1.4)
            assert changed <= {"package_name" if field == "name" else "package_comments"}
            assert own_terms() == own

        law()
