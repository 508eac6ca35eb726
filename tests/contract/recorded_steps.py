"""The worlds of the single recordings, and what was done between them without being recorded.

The pairs of ``tests/recordings/fusecp-2.x`` were taken in order on changing databases, with gaps.
A *phase* is a run of cases with a world of its own (the last main one goes on behind it);
a *step* before a case is either SQL on the store or another recorded request sent again, with
texts exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DIFFERENT", "OUT_OF_SCOPE", "PHASES", "STEPS", "Again", "Sql"]


@dataclass(frozen=True, slots=True)
class Sql:
    """Statements on the store."""

    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Another recorded request, with texts of it exchanged."""

    number: int
    exchanged: tuple[tuple[str, str], ...] = ()


Step = Sql | Again

_NOTHING = (
    "secondary_email: null, address: null, city: null, state: null, country: null, zip: null, primary_phone: null,"
    " secondary_phone: null, fax: null, instant_messenger: null, comments: null, html_mail: false"
)
_ADMINISTRATOR = "administrator: {password: Admin-Pw1!}\n"
_RESELLER = "role: reseller, owner: serveradmin"

PHASES: Mapping[tuple[int, int], str] = {
    (1, 63): _ADMINISTRATOR,
    (64, 999): f"""{_ADMINISTRATOR}
servers: [{{name: vs1, virtual: true, comments: test server}}]
users:
  - {{username: res1, {_RESELLER}, password: Res1-Pw!x, first_name: Rosa, last_name: Reseller, email: res1@example.test,
     company_name: Res One GmbH, ecommerce: true, {_NOTHING}}}
  - {{username: res2, {_RESELLER}, password: Res2-Pw!x, first_name: Second, last_name: Reseller, email: res2@example.test,
     company_name: null, {_NOTHING}}}
""",
    (467, 476): f"""{_ADMINISTRATOR}
servers:
  - {{name: vs1, virtual: true}}
  - {{name: dead, url: "http://127.0.0.1:9/", services: [DNS]}}
plans:
  - {{name: for res3, id: 32, owner: serveradmin, server: dead, groups: {{OS: {{Domains: -1}}, DNS: {{Editor: true}}}}}}
  - {{name: c3 plan, id: 33, owner: res3, server: dead, groups: {{OS: {{Domains: 5}}, DNS: {{Editor: true}}}}}}
users:
  - {{username: res3, id: 11700, {_RESELLER}, password: Res3-Pw!x}}
  - {{username: c3, id: 11701, owner: res3, password: x}}
next_ids: {{packages: 11158}}
""",
    (489, 502): f"""{_ADMINISTRATOR}
servers: [{{name: vs1, virtual: true}}]
plans:
  - {{name: Reseller plan, owner: serveradmin, server: vs1, groups: {{OS: {{Domains: -1}}, DNS: {{}}}}}}
  - {{name: Basic, owner: res1, groups: {{OS: {{Domains: 5}}, DNS: {{}}}}}}
users:
  - {{username: res1, {_RESELLER}, password: Res1-Pw!x}}
  - {{username: pcsr, id: 11702, role: reseller_csr, owner: res1, peer: true, password: Peer-Pw1!}}
  - {{username: anna, id: 4, owner: res1, password: x}}
spaces:
  - {{user: res1, plan: Reseller plan, name: Res1 space}}
  - {{user: anna, plan: Basic, id: 5, name: one}}
  - {{user: anna, plan: Basic, id: 6, name: two}}
next_ids: {{packages: 11162}}
""",
    (503, 505): f"""{_ADMINISTRATOR}
servers: [{{name: vs1, virtual: true}}]
plans:
  - {{name: Reseller plan, owner: serveradmin, server: vs1, groups: {{OS: {{Domains: 12}}, DNS: {{}}}}}}
  - {{name: Basic, owner: res1, groups: {{OS: {{Domains: 5}}, DNS: {{}}}}}}
  - {{name: Addon, owner: res1, addon: true, groups: {{OS: {{Domains: 3}}}}}}
users:
  - {{username: res1, {_RESELLER}, password: Res1-Pw!x}}
  - {{username: anna, owner: res1, password: x}}
spaces:
  - {{user: res1, plan: Reseller plan, name: Res1 space}}
  - {{user: anna, plan: Basic, id: 4, name: one, addons: [{{plan: Addon, quantity: 2}}]}}
""",
}

_NO_DESCRIPTION = ("<d:planDescription>desc</d:planDescription>", '<d:planDescription i:nil="true"/>')
_PLAN = "Basic ä &amp; &lt;b&gt;"


def _plan(name: str) -> Again:
    return Again(153, ((_PLAN, name), _NO_DESCRIPTION))


def _space(number: int, name: str) -> Sql:
    """A space that a clean-up left behind: the recorded panel's process had ended in the middle of it."""
    return Sql(
        (
            f"INSERT INTO packages SELECT {number}, parent_package_id, user_id, '{name}', package_comments, server_id, status_id,"
            " plan_id, '2026-11-23T22:41:56.679875', status_id_change_date, override_quotas, default_top_package"
            " FROM packages WHERE package_id = 15",
            f"INSERT INTO packages_tree_cache SELECT CASE WHEN parent_package_id = 15 THEN {number} ELSE parent_package_id END,"
            f" {number} FROM packages_tree_cache WHERE package_id = 15",
        )
    )


def _letter(name: str, **properties: str) -> Sql:
    inserts = (f"INSERT INTO user_settings VALUES (2, '{name}', '{key}', '{value}')" for key, value in properties.items())
    return Sql((f"DELETE FROM user_settings WHERE user_id = 2 AND settings_name = '{name}'", *inserts))


def _user(number: int, name: str, first: str, last: str, mail: str, role: int = 3) -> Sql:
    return Sql(
        (
            "INSERT INTO users (user_id, owner_id, role_id, status_id, username, username_key, first_name, last_name, email,"
            " login_status_id, failed_logins, ecommerce_enabled, created, changed)"
            f" SELECT {number}, 2, {role}, 1, '{name}', '{name}', '{first}', '{last}', '{mail}', 0, 0, 0, created, changed"
            " FROM users WHERE user_id = 4",
        )
    )


def _set(what: str, where: str) -> Sql:
    return Sql((f"UPDATE users SET {what} WHERE {where}",))


def _domain(number: int, space: int, name: str) -> Sql:
    return Sql(
        (
            "INSERT OR IGNORE INTO domains (domain_id, package_id, domain_name, domain_key)"
            f" VALUES ({number}, {space}, '{name}', '{name}')",
        )
    )


STEPS: Mapping[int, tuple[Step, ...]] = {
    56: (
        Sql(
            (
                "INSERT INTO users (user_id, owner_id, role_id, status_id, username, username_key)"
                " VALUES (3, 1, 2, 1, 'res2', 'res2')",
                "UPDATE sqlite_sequence SET seq = 9 WHERE name = 'users'",
            )
        ),
    ),
    67: (Again(66, (("<userId>2<", "<userId>3<"), ("Res1 space", "Res2 space"))), Again(34)),
    108: (Sql(("DELETE FROM users WHERE user_id = 18",)),),
    120: (_set("status_id = 1", "user_id = 5"),),
    155: (_plan("WithServer"),),
    159: (_plan("n" * 250),),
    169: (_plan("neg"),),
    190: (Sql(("DELETE FROM packages_tree_cache WHERE package_id = 4", "DELETE FROM packages WHERE package_id = 4")),),
    192: (Again(190),),
    194: (Again(192),),
    218: (_space(16, "web"), _space(17, "ftp"), _space(18, "ftp"), _space(19, "mail"), _domain(2, 16, "anna2.example")),
    295: (_set("status_id = 1", "user_id = 5"),),
    324: (
        _letter(
            "AccountSummaryLetter",
            From="panel@example.test",
            CC="",
            Subject="Account #user.Username#",
            Priority="Normal",
            TextBody="Hello #user.FirstName# #user.LastName#, login #user.Username# password #user.Password# ",
            HtmlBody="",
            EnableLetter="False",
        ),
    ),
    332: (
        _letter(
            "PackageSummaryLetter",
            From="panel@example.test",
            CC="",
            Subject="Space #space.Package.PackageName#",
            Priority="Normal",
            TextBody="Space text",
            HtmlBody=f"{'x' * 40}#space.User.Username#",
            EnableLetter="False",
        ),
    ),
    345: (
        Again(301, (("New-Pw:ö€1", "Third-Pw3"),)),
        Again(345),
        Again(301, (("New-Pw:ö€1", "Fourth-Pw4"),)),
    ),
    346: (_set("login_status_id = 1", "user_id = 5"),),
    349: (_set("login_status_id = 2", "user_id = 5"),),
    352: (_set("login_status_id = 0, status_id = 2", "user_id = 5"),),
    355: (_set("status_id = 3", "user_id = 5"),),
    358: (_set("status_id = 4", "user_id = 5"),),
    361: (_set("status_id = 1, is_demo = 1", "user_id = 5"),),
    364: (_set("is_demo = 0", "user_id = 5"),),
    369: (Sql(("UPDATE hosting_plan_quotas SET quota_value = 150 WHERE plan_id = 1 AND quota_id = 53",)),),
    370: (Sql(("UPDATE hosting_plan_quotas SET quota_value = -1 WHERE plan_id = 1 AND quota_id = 53",)),),
    382: (
        _user(29, "planowner", "P", "O", "po@example.test", role=2),
        _set("failed_logins = NULL", "user_id = 29"),
        Sql(("INSERT INTO hosting_plans (user_id, plan_name, available, is_addon, package_id) VALUES (29, 'po', 1, 0, 2)",)),
    ),
    383: (_user(30, "delme", "D", "M", "d@example.test"),),
    393: (_set("status_id = 1", "user_id = 4"),),
    417: (
        Sql(
            (
                "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'domains'",
                "UPDATE packages SET status_id = 1 WHERE package_id = 15",
            )
        ),
        _domain(3, 7, "sub.anna1.example"),
    ),
    431: (_domain(13, 15, "quota1.example"), _domain(14, 15, "quota2.example")),
    436: (Sql(("UPDATE sqlite_sequence SET seq = 30 WHERE name = 'users'",)),),
    438: (
        Sql(
            (
                "INSERT INTO packages SELECT 24, parent_package_id, user_id, 'viaAddPackage', '', server_id, 1, plan_id,"
                " '2026-01-01T00:00:00.000000', status_id_change_date, 0, 0 FROM packages WHERE package_id = 8",
                "INSERT INTO packages_tree_cache SELECT parent_package_id, 24 FROM packages_tree_cache WHERE package_id = 8"
                " AND parent_package_id <> 8",
            )
        ),
    ),
    441: (Sql(("UPDATE packages SET status_id = 1 WHERE package_id = 5",)),),
    449: (Sql(("UPDATE sqlite_sequence SET seq = 28 WHERE name = 'packages'",)),),
    473: (Sql(("INSERT INTO services (server_id, group_id, service_name) VALUES (2, 1, 'OS')",)),),
    469: (Sql(("UPDATE hosting_plans SET package_id = 11158, server_id = 2 WHERE plan_id = 33",)),),
    488: (
        _user(11699, "racer", "R", "C", "r@example.test"),
        _set("failed_logins = NULL", "user_id = 11699"),
        Sql(("UPDATE packages SET user_id = 4 WHERE package_id = 5",)),
    ),
    496: (
        _user(11704, "phelpdesk", "P", "H", "ph@example.test", role=6),
        Sql(("UPDATE users SET is_peer = 1, password = (SELECT password FROM users WHERE user_id = 11702) WHERE user_id = 11704",)),
    ),
    454: (_set("first_name = 'Rosi'", "user_id = 2"),),
}

_LINQ = "the text is .NET's rendering of the panel's own query, cut short here; kind, code and first line are equal"
_HISTORY = "the log counts every call since the installation, and not all of them were recorded"

DIFFERENT: Mapping[int, str] = {
    50: _LINQ,
    51: _LINQ,
    54: _LINQ,
    55: _LINQ,
    481: _LINQ,
    321: "the demo message of the installer's policy is the panel's own text; ours is another",
    473: "the recorded panel names the item of an earlier failed call, by chance of its threads; ours names the call's own",
    385: _HISTORY,
    386: _HISTORY,
}
"""Case -> why its reply differs. Everything else is equal."""

OUT_OF_SCOPE: Mapping[int, str] = {
    466: "its ten customers have fixed times with a seventh digit, which a Python date does not hold",
}
