"""A world written into a fresh store, and read from YAML.

``read_file`` is the door through which a world's YAML (or a scenario's ``start.json``) enters; ``seed`` writes a world into an
empty store on top of what the installer of its flavour leaves. Ids are given in the order of the document unless ``id:`` pins one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from resellerplan.simpanel.clock import Clock, as_text
from resellerplan.simpanel.crypt import Crypt
from resellerplan.simpanel.flavours import DEFAULT_FLAVOUR, FLAVOURS, Flavour
from resellerplan.simpanel.install import ADMINISTRATOR_PASSWORD, install
from resellerplan.simpanel.names import domain_key, item_key, user_key
from resellerplan.simpanel.store import Connection, Store, use_up_ids
from resellerplan.simpanel.world import USER_TEXTS, GroupTerms, PlanRow, SpaceRow, UserRow, World, WorldInvalid
from resellerplan.simpanel.world_reading import read_world

__all__ = ["flavour_of", "read_document", "read_file", "seed"]

# libyaml's parser where it was built in: a world of 10,000 written-out users is read in seconds.
_SAFE = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _Loader(_SAFE):  # type: ignore[misc, valid-type]  # one of two classes, chosen above
    """The safe loader, which takes no key twice: the first would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"found the key {key.value[:60]!r} twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_file(path: Path) -> World:
    """The world in a YAML or JSON file. Raises :class:`WorldInvalid`."""
    return read_world(read_document(path))


def read_document(path: Path) -> object:
    """The data in a YAML or JSON file (a world, or rules for chaos). Raises :class:`WorldInvalid`."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorldInvalid(str(path), f"can't be read: {error}") from error
    try:
        # The loader is PyYAML's safe one, in C where there is one.
        document = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_Loader)  # noqa: S506 - it is safe
    except RecursionError as error:
        raise WorldInvalid(str(path), "is nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        # A ValueError is what the reader says of a date that is none, or of a number of thousands of digits.
        raise WorldInvalid(str(path), f"is not YAML: {error}") from error
    return document


def flavour_of(world: World, default: str = DEFAULT_FLAVOUR) -> Flavour:
    """The flavour that the world names. Raises :class:`WorldInvalid` for one that does not exist."""
    name = world.flavour or default
    if name not in FLAVOURS:
        raise WorldInvalid("flavour", f"there is no {name}; there are: {', '.join(FLAVOURS)}")
    return FLAVOURS[name]


def seed(store: Store, world: World, flavour: Flavour, *, log_in_as: str | None = None) -> None:
    """Install ``flavour`` into the empty ``store`` and add what the world lists.

    ``log_in_as``: whose log-in ``embedded:PATH`` uses; else the first user of role reseller. Raises :class:`WorldInvalid`.
    """
    clock = Clock(world.clock)
    install(store, flavour, password=world.administrator_password or ADMINISTRATOR_PASSWORD, clock=clock)
    with store.writing() as db:
        _Seeding(db, world, flavour, Crypt.beside(store.path), clock.offset(flavour.database.date_digits)).run(log_in_as)


class _Seeding:
    """One seeding: look-ups by name while rows are written."""

    def __init__(self, db: Connection, world: World, flavour: Flavour, crypt: Crypt, clock: Clock) -> None:
        self.db = db
        self.world = world
        self.flavour = flavour
        self.crypt = crypt
        self.clock = clock
        self.users: dict[str, int] = {user_key("serveradmin", flavour.database): 1}
        self.servers: dict[str, int] = {}
        self.plans: list[tuple[PlanRow, int, int]] = []
        self.first_space: dict[int, int] = {}
        self.groups: dict[str, int] = {
            row["group_name"].lower(): row["group_id"] for row in db.execute("SELECT group_id, group_name FROM resource_groups")
        }
        self.quotas: dict[str, tuple[int, int]] = {
            row["quota_name"].lower(): (row["quota_id"], row["group_id"])
            for row in db.execute("SELECT quota_id, quota_name, group_id FROM quotas")
        }

    def run(self, log_in_as: str | None) -> None:
        self._meta()
        for server in self.world.servers:
            self._server(server.name, server.id, server.virtual, server.url, server.comments, server.services)
        self._users()
        for number, plan in enumerate(self.world.plans):
            self._plan(plan, f"plans[{number}]")
        for number, space in enumerate(self.world.spaces):
            self._space(space, f"spaces[{number}]")
        self._hang_up_plans()
        self._comments()
        self._settings()
        for table, number in self.world.next_ids.items():
            use_up_ids(self.db, table, number - 1)
        self._log_in(log_in_as)

    def _meta(self) -> None:
        if self.world.clock is not None:
            self.db.execute("INSERT INTO meta VALUES ('clock', ?)", (as_text(self.world.clock),))
            self.db.execute("INSERT INTO meta VALUES ('clock_set', ?)", (as_text(Clock().now()),))

    def _log_in(self, name: str | None) -> None:
        key = None if name is None else user_key(name, self.flavour.database)
        if key is not None and key not in self.users:
            raise WorldInvalid("--as", f"the world has no user {name}")
        row = self.db.execute(
            "SELECT username FROM users WHERE user_id = ?"
            if key is not None
            else "SELECT username FROM users WHERE role_id = 2 AND is_peer = 0 ORDER BY user_id LIMIT 1",
            (self.users[key],) if key is not None else (),
        ).fetchone()
        if row is not None:
            self.db.execute("INSERT INTO meta VALUES ('log_in', ?)", (row[0],))

    def _now(self) -> str:
        return as_text(self.clock.now())

    def _at(self, moment: datetime | None) -> str:
        return self._now() if moment is None else as_text(moment)

    def _user_id(self, name: str, path: str) -> int:
        found = self.users.get(user_key(name, self.flavour.database))
        if found is None:
            raise WorldInvalid(path, f"there is no user {name}")
        return found

    def _group_id(self, name: str, path: str) -> int:
        found = self.groups.get(name.lower())
        if found is None:
            raise WorldInvalid(path, f"{self.flavour.name} has no group {name}")
        return found

    def _server(
        self, name: str, number: int | None, virtual: bool, url: str | None, comments: str | None, services: Iterable[str]
    ) -> None:
        cursor = self.db.execute(
            "INSERT INTO servers (server_id, server_name, server_url, comments, virtual_server) VALUES (?, ?, ?, ?, ?)",
            (number, name, url or "", comments or "", virtual),
        )
        server_id = int(cursor.lastrowid or 0)
        self.servers[name] = server_id
        for service in services:
            group_id = self._group_id(service, f"servers.{name}.services")
            cursor = self.db.execute(
                "INSERT INTO services (server_id, group_id, service_name) VALUES (?, ?, ?)", (server_id, group_id, service)
            )
            if virtual:
                self.db.execute("INSERT INTO virtual_services (server_id, service_id) VALUES (?, ?)", (server_id, cursor.lastrowid))

    def _users(self) -> None:
        next_id = int(self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'users'").fetchone()[0]) + 1
        rows: list[tuple[object, ...]] = []
        now = self._now()
        for number, user in enumerate(self.world.users):
            path = f"users[{number}] ({user.username})"
            key = user_key(user.username, self.flavour.database)
            if key in self.users:
                raise WorldInvalid(path, "this user name is taken")
            user_id = next_id if user.id is None else user.id
            next_id = max(next_id, user_id + 1)
            rows.append(self._user_values(user, user_id, key, self._user_id(user.owner, path), now))
            self.users[key] = user_id
        columns = (
            "user_id, owner_id, role_id, status_id, is_demo, is_peer, username, username_key, password, created, changed,"
            f" html_mail, ecommerce_enabled, login_status_id, failed_logins, {', '.join(USER_TEXTS)}"
        )
        marks = ", ".join("?" * (15 + len(USER_TEXTS)))
        self.db.executemany(f"INSERT INTO users ({columns}) VALUES ({marks})", rows)

    def _user_values(self, user: UserRow, user_id: int, key: str, owner_id: int, now: str) -> tuple[object, ...]:
        return (
            user_id,
            owner_id,
            user.role,
            user.status,
            user.demo,
            user.peer,
            user.username,
            key,
            None if user.password is None else self.crypt.seal(user.password),
            now if user.created is None else as_text(user.created),
            now if user.changed is None else as_text(user.changed),
            user.html_mail,
            user.ecommerce,
            user.login_status,
            user.failed_logins,
            *(user.texts.get(name, "") for name in USER_TEXTS[:14]),
            user.texts.get("subscriber_number"),
            user.texts.get("comments", ""),
            user.texts.get("additional_params"),
        )

    def _plan(self, plan: PlanRow, path: str) -> None:
        owner_id = self._user_id(plan.owner, f"{path}.owner")
        server_id: int | None = None
        if plan.server is not None:
            server_id = self._server_id(plan.server, f"{path}.server")
        cursor = self.db.execute(
            "INSERT INTO hosting_plans (plan_id, user_id, package_id, server_id, plan_name, plan_description, available,"
            " setup_price, recurring_price, recurrence_unit, recurrence_length, is_addon)"
            " VALUES (?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                plan.id,
                owner_id,
                server_id,
                plan.name,
                plan.description,
                plan.available,
                plan.setup_price,
                plan.recurring_price,
                plan.recurrence_unit,
                plan.recurrence_length,
                plan.addon,
            ),
        )
        plan_id = int(cursor.lastrowid or 0)
        self.plans.append((plan, plan_id, owner_id))
        for group, quotas in self._granted(plan.groups, plan.extra_quotas, f"{path}.groups"):
            if group is not None:
                group_id, disk, bandwidth = group
                self.db.execute("INSERT INTO hosting_plan_resources VALUES (?, ?, ?, ?)", (plan_id, group_id, disk, bandwidth))
            self.db.executemany(
                "INSERT INTO hosting_plan_quotas VALUES (?, ?, ?)", [(plan_id, quota, value) for quota, value in quotas]
            )

    def _server_id(self, name: str, path: str) -> int:
        if name not in self.servers:
            raise WorldInvalid(path, f"there is no server {name}")
        return self.servers[name]

    def _granted(
        self, groups: Mapping[str, GroupTerms], extra: Mapping[str, int], path: str
    ) -> list[tuple[tuple[int, bool, bool] | None, list[tuple[int, int]]]]:
        """Groups with their quotas as ids; ``extra`` are quotas whose group is not granted."""
        granted: list[tuple[tuple[int, bool, bool] | None, list[tuple[int, int]]]] = []
        for name, terms in groups.items():
            group_id = self._group_id(name, path)
            values = [(self._quota_id(quota, group_id, f"{path}.{name}.{quota}"), value) for quota, value in terms.quotas.items()]
            granted.append(((group_id, terms.disk, terms.bandwidth), values))
        if extra:
            granted.append((None, [(self._quota_id(quota, None, path), value) for quota, value in extra.items()]))
        return granted

    def _quota_id(self, name: str, group_id: int | None, path: str) -> int:
        """A quota by its full name, or by what stands behind the dot, within its group."""
        lower = name.lower()
        found = self.quotas.get(lower)
        if found is not None and (group_id is None or found[1] == group_id):
            return found[0]
        if group_id is not None:
            matching = [i for full, (i, group) in self.quotas.items() if group == group_id and full.endswith(f".{lower}")]
            if len(matching) == 1:
                return matching[0]
        raise WorldInvalid(path, f"{self.flavour.name} has no such quota in this group: {name}")

    def _find_plan(self, wanted: str | int, user_id: int, path: str) -> tuple[PlanRow, int, int]:
        """A plan by id, or by name: the owner's of the user first, then the user's own, then anybody's."""
        if isinstance(wanted, int):
            candidates = [entry for entry in self.plans if entry[1] == wanted]
        else:
            named = [entry for entry in self.plans if entry[0].name == wanted]
            row = self.db.execute("SELECT owner_id FROM users WHERE user_id = ?", (user_id,)).fetchone()
            candidates = (
                [entry for entry in named if row is not None and entry[2] == row[0]]
                or [entry for entry in named if entry[2] == user_id]
                or named
            )
        if not candidates:
            raise WorldInvalid(path, f"there is no plan {wanted}")
        return candidates[0]

    def _space(self, space: SpaceRow, path: str) -> None:
        user_id = self._user_id(space.user, f"{path}.user")
        plan_id: int | None = None
        parent = space.parent or 1
        server_id: int | None = None
        if space.plan is not None:
            plan, plan_id, plan_owner = self._find_plan(space.plan, user_id, f"{path}.plan")
            if space.parent is None and not plan.no_space:
                parent = self._space_of_plan(plan, plan_owner) or 1
            server_id = self._server_of_plan(plan, parent)
        self._check_parent(parent, path)
        if space.no_server:
            server_id = None
        elif space.server is not None:
            server_id = self._server_id(space.server, f"{path}.server")
        cursor = self.db.execute(
            "INSERT INTO packages (package_id, parent_package_id, user_id, package_name, package_comments, server_id,"
            " status_id, plan_id, purchase_date, status_id_change_date, override_quotas, default_top_package)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                space.id,
                parent,
                user_id,
                space.name,
                space.comments,
                server_id,
                space.status,
                plan_id,
                self._at(space.purchased),
                self._at(space.status_changed),
                space.overrides is not None,
                space.default_top,
            ),
        )
        package_id = int(cursor.lastrowid or 0)
        self.first_space.setdefault(user_id, package_id)
        self._cache_tree(package_id, parent)
        self._overrides(space, package_id, plan_id, f"{path}.overrides")
        self._belongings(space, package_id, user_id, server_id, path)

    def _check_parent(self, parent: int, path: str) -> None:
        """A space hangs under one that is there already: so none is its own ancestor, and every way up ends at the root."""
        if self.db.execute("SELECT 1 FROM packages WHERE package_id = ?", (parent,)).fetchone() is None:
            raise WorldInvalid(
                f"{path}.parent", f"there is no space {parent} before this one; list the space above before those below it"
            )

    def _space_of_plan(self, plan: PlanRow, owner_id: int) -> int | None:
        if isinstance(plan.space, int):
            return plan.space
        if isinstance(plan.space, str):
            row = self.db.execute(
                "SELECT package_id FROM packages WHERE user_id = ? AND package_name = ? ORDER BY package_id",
                (owner_id, plan.space),
            ).fetchone()
            return None if row is None else int(row[0])
        return None if owner_id == 1 else self.first_space.get(owner_id)

    def _server_of_plan(self, plan: PlanRow, parent: int) -> int | None:
        if plan.addon or plan.no_server:
            return None
        if plan.server is not None:
            return self.servers[plan.server]
        row = self.db.execute("SELECT server_id FROM packages WHERE package_id = ?", (parent,)).fetchone()
        return None if row is None else row[0]

    def _hang_up_plans(self) -> None:
        """Plans get their space and its server, now that the spaces are there."""
        for plan, plan_id, owner_id in self.plans:
            package_id = None if plan.no_space else self._space_of_plan(plan, owner_id)
            if package_id is None:
                continue
            server_id = self._server_of_plan(plan, package_id)
            self.db.execute(
                "UPDATE hosting_plans SET package_id = ?, server_id = ? WHERE plan_id = ?", (package_id, server_id, plan_id)
            )

    def _cache_tree(self, package_id: int, parent: int) -> None:
        """The space itself and every ancestor hold it (EF's missing own row, contract 7.4.8, is a defect that can be switched)."""
        self.db.execute("INSERT OR IGNORE INTO packages_tree_cache VALUES (?, ?)", (package_id, package_id))
        current: int | None = parent
        while current is not None:
            self.db.execute("INSERT OR IGNORE INTO packages_tree_cache VALUES (?, ?)", (current, package_id))
            row = self.db.execute("SELECT parent_package_id FROM packages WHERE package_id = ?", (current,)).fetchone()
            current = None if row is None else row[0]

    def _overrides(self, space: SpaceRow, package_id: int, plan_id: int | None, path: str) -> None:
        """The space's own terms; what is not listed follows its plan, unless they are said to be exact (as in a dump)."""
        if space.overrides is None:
            return
        if not space.exact and plan_id is not None:
            self.db.execute(
                "INSERT INTO package_resources SELECT ?, group_id, calculate_disk_space, calculate_bandwidth"
                " FROM hosting_plan_resources WHERE plan_id = ?",
                (package_id, plan_id),
            )
            self.db.execute(
                "INSERT INTO package_quotas SELECT ?, quota_id, quota_value FROM hosting_plan_quotas WHERE plan_id = ?",
                (package_id, plan_id),
            )
        for group, quotas in self._granted(space.overrides, space.extra_overrides, path):
            if group is not None:
                self.db.execute("INSERT OR REPLACE INTO package_resources VALUES (?, ?, ?, ?)", (package_id, *group))
            self.db.executemany(
                "INSERT OR REPLACE INTO package_quotas VALUES (?, ?, ?)", [(package_id, quota, value) for quota, value in quotas]
            )

    def _belongings(self, space: SpaceRow, package_id: int, user_id: int, server_id: int | None, path: str) -> None:
        for number, addon in enumerate(space.addons):
            _, addon_plan, _ = self._find_plan(addon.plan, user_id, f"{path}.addons[{number}].plan")
            self.db.execute(
                "INSERT INTO package_addons (package_addon_id, package_id, plan_id, quantity, purchase_date, comments, status_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (addon.id, package_id, addon_plan, addon.quantity, self._at(addon.purchased), addon.comments, addon.status),
            )
        items: dict[tuple[str, str], int] = {}
        for item in space.items:
            group_id = self._group_id(item.group, f"{path}.items")
            service = self.db.execute(
                "SELECT service_id FROM services WHERE server_id = ? AND group_id = ?", (server_id, group_id)
            ).fetchone()
            cursor = self.db.execute(
                "INSERT INTO service_items (item_id, package_id, service_id, group_id, item_type, item_name, item_key, enabled,"
                " created_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    item.id,
                    package_id,
                    None if service is None else service[0],
                    group_id,
                    item.kind,
                    item.name,
                    item_key(item.name),
                    item.enabled,
                    self._now(),
                ),
            )
            number = int(cursor.lastrowid or 0)
            items[item.kind, item_key(item.name)] = number
            self.db.executemany(
                "INSERT INTO service_item_properties VALUES (?, ?, ?)",
                [(number, name, value) for name, value in item.properties.items()],
            )
        for domain in space.domains:
            now = None if domain.undated else self._at(domain.created)

            def behind(kind: str, named: str | None, own: str = domain.name) -> int | None:
                return items.get((kind, item_key(own if named is None else named)))

            self.db.execute(
                "INSERT INTO domains (domain_id, package_id, zone_item_id, domain_name, domain_key, hosting_allowed, web_site_id,"
                " mail_domain_id, is_sub_domain, is_preview_domain, is_domain_pointer, last_update_date)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    domain.id,
                    package_id,
                    behind("dns_zone", domain.zone),
                    domain.name,
                    domain_key(domain.name),
                    domain.hosting_allowed,
                    behind("site", domain.site),
                    behind("mail_domain", domain.mail_domain),
                    domain.sub_domain,
                    domain.preview,
                    domain.pointer,
                    now,
                ),
            )
        for name, properties in space.settings.items():
            self.db.executemany(
                "INSERT INTO package_settings VALUES (?, ?, ?, ?)",
                [(package_id, name, key, value) for key, value in properties.items()],
            )

    def _comments(self) -> None:
        for number, comment in enumerate(self.world.comments):
            path = f"comments[{number}]"
            item = self._user_id(comment.user, path) if comment.user is not None else comment.item_id
            self.db.execute(
                "INSERT INTO comments (comment_id, item_type_id, item_id, user_id, created_date, comment_text, severity_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    comment.id,
                    comment.item,
                    item,
                    self._user_id(comment.by, f"{path}.by"),
                    self._at(comment.created),
                    comment.text,
                    comment.severity,
                ),
            )

    def _settings(self) -> None:
        """Listed sets replace the installed ones; a set that is empty is removed."""
        for user, sets in self.world.user_settings.items():
            user_id = self._user_id(user, f"user_settings.{user}")
            for name, properties in sets.items():
                self.db.execute("DELETE FROM user_settings WHERE user_id = ? AND settings_name = ?", (user_id, name))
                self.db.executemany(
                    "INSERT INTO user_settings VALUES (?, ?, ?, ?)",
                    [(user_id, name, key, value) for key, value in properties.items()],
                )
        for name, properties in self.world.system_settings.items():
            self.db.execute("DELETE FROM system_settings WHERE settings_name = ?", (name,))
            self.db.executemany(
                "INSERT INTO system_settings VALUES (?, ?, ?)", [(name, key, value) for key, value in properties.items()]
            )
