"""A store written out as a world: what ``panel seed`` reads again to an equal one (contract of ``schemas/world.schema.json``).

What equals the flavour's fresh installation is left out. Passwords are in it: a dump is as secret as its store. The audit log, the
outbox and the log of requests are history, not world, and stay behind.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from resellerplan.simpanel.crypt import Crypt
from resellerplan.simpanel.defaults import default_user_settings
from resellerplan.simpanel.flavours import FLAVOURS, Flavour
from resellerplan.simpanel.install import ADMINISTRATOR_PASSWORD, system_defaults
from resellerplan.simpanel.store import Connection, Row, Store
from resellerplan.simpanel.world import (
    ITEM_KINDS,
    LOGIN_STATUSES,
    ROLES,
    SPACE_STATUSES,
    USER_STATUSES,
    USER_TEXTS,
)

__all__ = ["dump", "dump_yaml"]

_TABLES_WITH_IDS = ("users", "packages", "hosting_plans", "servers", "package_addons", "domains", "service_items", "comments")
_EMPTY_TEXTS = {"subscriber_number": None, "additional_params": None}


def dump_yaml(store: Store) -> str:
    """The world of a store as YAML text."""
    return yaml.safe_dump(dump(store), allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)


def dump(store: Store) -> dict[str, object]:
    """The world of a store as a document."""
    flavour = FLAVOURS[store.meta("flavour") or ""]
    clock = store.meta("clock")
    with store.reading() as db:
        return _Dumping(db, flavour, Crypt.beside(store.path)).document(clock)


class _Dumping:
    def __init__(self, db: Connection, flavour: Flavour, crypt: Crypt) -> None:
        self.db = db
        self.flavour = flavour
        self.crypt = crypt
        self.names: dict[int, str] = {row[0]: row[1] for row in db.execute("SELECT user_id, username FROM users")}
        self.servers: dict[int, str] = {row[0]: row[1] for row in db.execute("SELECT server_id, server_name FROM servers")}
        self.groups: dict[int, str] = {row[0]: row[1] for row in db.execute("SELECT group_id, group_name FROM resource_groups")}
        self.quotas: dict[int, tuple[str, int]] = {
            row[0]: (row[1], row[2]) for row in db.execute("SELECT quota_id, quota_name, group_id FROM quotas")
        }

    def document(self, clock: str | None) -> dict[str, object]:
        found: dict[str, object] = {"flavour": self.flavour.name}
        if clock is not None:
            found["clock"] = clock
        administrator = self.db.execute("SELECT password FROM users WHERE user_id = 1").fetchone()
        password = self.crypt.open(administrator[0])
        if password != ADMINISTRATOR_PASSWORD:
            found["administrator"] = {"password": password}
        sections: dict[str, object] = {
            "servers": [self._server(row) for row in self.db.execute("SELECT * FROM servers ORDER BY server_id")],
            "plans": [self._plan(row) for row in self.db.execute("SELECT * FROM hosting_plans ORDER BY plan_id")],
            "users": [self._user(row) for row in self.db.execute("SELECT * FROM users WHERE user_id > 1 ORDER BY user_id")],
            "spaces": [
                self._space(row) for row in self.db.execute("SELECT * FROM packages WHERE package_id > 1 ORDER BY package_id")
            ],
            "comments": [self._comment(row) for row in self.db.execute("SELECT * FROM comments ORDER BY comment_id")],
            "user_settings": self._user_settings(),
            "system_settings": self._system_settings(),
            "next_ids": self._next_ids(),
        }
        return found | {name: section for name, section in sections.items() if section}

    def _server(self, row: Row) -> dict[str, object]:
        services = self.db.execute(
            "SELECT group_id FROM services WHERE server_id = ? ORDER BY service_id", (row["server_id"],)
        ).fetchall()
        server: dict[str, object] = {"name": row["server_name"], "id": row["server_id"], "virtual": bool(row["virtual_server"])}
        _add(server, {"url": row["server_url"] or None, "comments": row["comments"] or None})
        if services:
            server["services"] = [self.groups[service[0]] for service in services]
        return server

    def _terms(self, table: str, key: str, number: int) -> tuple[dict[str, object], dict[str, int]]:
        """Groups with their quotas, and the quotas whose group is not granted."""
        groups: dict[str, object] = {}
        inner: dict[int, dict[str, object]] = {}
        for row in self.db.execute(
            f"SELECT group_id, calculate_disk_space, calculate_bandwidth FROM {table}_resources WHERE {key} = ? ORDER BY group_id",
            (number,),
        ):
            terms: dict[str, object] = {}
            if not row[1]:
                terms["count_disk"] = False
            if not row[2]:
                terms["count_bandwidth"] = False
            inner[row[0]] = terms
            groups[self.groups[row[0]]] = terms
        extra: dict[str, int] = {}
        for quota_id, value in self.db.execute(
            f"SELECT quota_id, quota_value FROM {table}_quotas WHERE {key} = ? ORDER BY quota_id", (number,)
        ):
            name, group_id = self.quotas[quota_id]
            if group_id in inner:
                inner[group_id][name] = value
            else:
                extra[name] = value
        return groups, extra

    def _plan(self, row: Row) -> dict[str, object]:
        plan: dict[str, object] = {"name": row["plan_name"], "owner": self.names[row["user_id"]], "id": row["plan_id"]}
        if row["is_addon"]:
            plan["addon"] = True
        plan["space"] = row["package_id"] if row["package_id"] is not None else False
        plan["server"] = self.servers[row["server_id"]] if row["server_id"] is not None else False
        plan["description"] = row["plan_description"]
        if not row["available"]:
            plan["available"] = False
        for name in ("setup_price", "recurring_price"):
            plan[name] = row[name] or "0"
        plan |= {"recurrence_length": row["recurrence_length"], "recurrence_unit": row["recurrence_unit"]}
        groups, extra = self._terms("hosting_plan", "plan_id", row["plan_id"])
        _add(plan, {"groups": groups or None, "extra_quotas": extra or None})
        return plan

    def _user(self, row: Row) -> dict[str, object]:
        user: dict[str, object] = {"username": row["username"], "owner": self.names[row["owner_id"]], "id": row["user_id"]}
        password = self.crypt.open(row["password"])
        if password is not None:
            user["password"] = password
        user["role"] = _word(ROLES, row["role_id"])
        user["status"] = _word(USER_STATUSES, row["status_id"])
        if row["login_status_id"] != 0:
            user["login_status"] = None if row["login_status_id"] is None else _word(LOGIN_STATUSES, row["login_status_id"])
        _add(
            user,
            {"failed_logins": row["failed_logins"], "peer": bool(row["is_peer"]) or None, "demo": bool(row["is_demo"]) or None},
        )
        if not row["html_mail"]:
            user["html_mail"] = False
        if row["ecommerce_enabled"]:
            user["ecommerce"] = True
        user |= {name: row[name] for name in USER_TEXTS if row[name] != _EMPTY_TEXTS.get(name, "")}
        return user | {"created": row["created"], "changed": row["changed"]}

    def _space(self, row: Row) -> dict[str, object]:
        number = row["package_id"]
        space: dict[str, object] = {"user": self.names[row["user_id"]], "name": row["package_name"], "id": number}
        if row["plan_id"] is not None:
            space["plan"] = row["plan_id"]
        space["parent"] = row["parent_package_id"]
        space["server"] = self.servers[row["server_id"]] if row["server_id"] is not None else False
        space["status"] = _word(SPACE_STATUSES, row["status_id"])
        if row["package_comments"] != "":
            space["comments"] = row["package_comments"]
        space |= {"purchased": row["purchase_date"], "status_changed": row["status_id_change_date"]}
        if row["default_top_package"]:
            space["default_top"] = True
        if row["override_quotas"]:
            groups, extra = self._terms("package", "package_id", number)
            space |= {"overrides": groups, "exact_overrides": True}
            _add(space, {"extra_overrides": extra or None})
        _add(
            space,
            {
                "addons": self._addons(number) or None,
                "domains": self._domains(number) or None,
                "items": self._items(number) or None,
                "settings": self._package_settings(number) or None,
            },
        )
        return space

    def _addons(self, number: int) -> list[dict[str, object]]:
        return [
            {
                "plan": row["plan_id"],
                "id": row["package_addon_id"],
                "quantity": row["quantity"],
                "status": _word(SPACE_STATUSES, row["status_id"]),
                "purchased": row["purchase_date"],
                "comments": row["comments"],
            }
            for row in self.db.execute("SELECT * FROM package_addons WHERE package_id = ? ORDER BY package_addon_id", (number,))
        ]

    def _domains(self, number: int) -> list[dict[str, object]]:
        found = []
        for row in self.db.execute("SELECT * FROM domains WHERE package_id = ? ORDER BY domain_id", (number,)):
            domain: dict[str, object] = {"name": row["domain_name"], "id": row["domain_id"]}
            flags = {
                "hosting_allowed": "hosting_allowed",
                "is_sub_domain": "sub_domain",
                "is_preview_domain": "preview",
                "is_domain_pointer": "pointer",
            }
            domain |= {word: True for column, word in flags.items() if row[column]}
            items = {"web_site_id": ("site", "site"), "mail_domain_id": ("mail_domain", "mail_domain")}
            for column, (word, kind) in (items | {"zone_item_id": ("zone", "dns_zone")}).items():
                query = "SELECT item_name FROM service_items WHERE item_id = ?"
                if row[column] is not None:
                    domain[word] = self.db.execute(query, (row[column],)).fetchone()[0]
                    continue
                # Unsaid, the item of the domain's own name would be taken for its own.
                query = "SELECT 1 FROM service_items WHERE package_id = ? AND item_type = ? AND item_key = ?"
                if self.db.execute(query, (number, kind, row["domain_key"])).fetchone() is not None:
                    domain[word] = ""
            found.append(domain | {"created": row["last_update_date"]})
        return found

    def _items(self, number: int) -> dict[str, list[object]]:
        found: dict[str, list[object]] = {}
        sections = {kind: section for section, (kind, _) in ITEM_KINDS.items()}
        for row in self.db.execute("SELECT * FROM service_items WHERE package_id = ? ORDER BY item_id", (number,)):
            item: dict[str, object] = {"name": row["item_name"], "id": row["item_id"]}
            if not row["enabled"]:
                item["enabled"] = False
            properties = self.db.execute(
                "SELECT property_name, property_value FROM service_item_properties WHERE item_id = ? ORDER BY property_name",
                (row["item_id"],),
            ).fetchall()
            if properties:
                item["properties"] = {entry[0]: entry[1] for entry in properties}
            found.setdefault(sections[row["item_type"]], []).append(item)
        return found

    def _package_settings(self, number: int) -> dict[str, dict[str, str | None]]:
        return _sets(
            self.db.execute(
                "SELECT settings_name, property_name, property_value FROM package_settings WHERE package_id = ?"
                " ORDER BY settings_name, property_name",
                (number,),
            ).fetchall()
        )

    def _comment(self, row: Row) -> dict[str, object]:
        where: dict[str, object] = (
            {"user": self.names[row["item_id"]]}
            if row["item_type_id"] == "USER" and row["item_id"] in self.names
            else {"item": row["item_type_id"], "item_id": row["item_id"]}
        )
        return {
            **where,
            "id": row["comment_id"],
            "by": self.names[row["user_id"]],
            "text": row["comment_text"],
            "severity": row["severity_id"],
            "created": row["created_date"],
        }

    def _user_settings(self) -> dict[str, dict[str, Mapping[str, str | None] | None]]:
        """The sets that differ from the installed ones; an installed set that is gone is null."""
        found: dict[str, dict[str, Mapping[str, str | None] | None]] = {}
        installed = default_user_settings(self.flavour)
        for user_id, name in self.names.items():
            rows = self.db.execute(
                "SELECT settings_name, property_name, property_value FROM user_settings WHERE user_id = ?"
                " ORDER BY settings_name, property_name",
                (user_id,),
            ).fetchall()
            sets: dict[str, Mapping[str, str | None] | None] = dict(_sets(rows))
            if user_id == 1:
                changed = {known: values for known, values in sets.items() if values != installed.get(known)}
                sets = {**changed, **{known: None for known in installed if known not in sets}}
            if sets:
                found[name] = sets
        return found

    def _system_settings(self) -> dict[str, Mapping[str, str | None]]:
        rows = self.db.execute(
            "SELECT settings_name, property_name, property_value FROM system_settings ORDER BY settings_name, property_name"
        ).fetchall()
        installed = system_defaults(self.flavour)
        return {name: values for name, values in _sets(rows).items() if values != installed.get(name)}

    def _next_ids(self) -> dict[str, int]:
        """The first number each table gives next, where rows were deleted behind the last one."""
        found: dict[str, int] = {}
        for table in _TABLES_WITH_IDS:
            sequence = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
            last = self.db.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
            if sequence is not None and sequence[0] > last:
                found[table] = sequence[0] + 1
        return found


def _add(mapping: dict[str, object], entries: Mapping[str, object]) -> None:
    """Entries that say something."""
    mapping.update({name: value for name, value in entries.items() if value is not None})


def _word(words: Mapping[str, int], number: int) -> str | int:
    """The word for a number; a number that no word has stays a number."""
    return next((word for word, value in words.items() if value == number), number)


def _sets(rows: list[Row]) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for name, key, value in rows:
        found.setdefault(name, {})[key] = value
    return found
