"""A document (mappings and lists, as YAML gives them) read as a world: what is not understood is told with its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from resellerplan.simpanel.world import (
    ITEM_KINDS,
    LOGIN_STATUSES,
    ROLES,
    SPACE_STATUSES,
    USER_STATUSES,
    USER_TEXTS,
    Addon,
    Comment,
    DomainRow,
    GroupTerms,
    Item,
    PlanRow,
    ServerRow,
    SpaceRow,
    UserRow,
    World,
    WorldInvalid,
)

__all__ = ["quota_value", "read_world"]

_MEGABYTES = {"MB": 1, "GB": 1024, "TB": 1024 * 1024}


class _Node:
    """A mapping of the document with its path: every key is taken once, what is left over is an error."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise WorldInvalid(path, f"expected a mapping, found {_kind(value)}")
        self._rest = dict(value)
        self._path = path

    def path(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def has(self, key: str) -> bool:
        return key in self._rest

    def take(self, key: str, default: object = None) -> object:
        return self._rest.pop(key, default)

    def text(self, key: str, default: str | None = None) -> str | None:
        value = self.take(key, default)
        if isinstance(value, bool) or (value is not None and not isinstance(value, (str, int, float))):
            raise WorldInvalid(self.path(key), f"expected a text, found {_kind(value)}")
        return None if value is None else str(value)

    def required(self, key: str) -> str:
        if not self.has(key):
            raise WorldInvalid(self.path(key), "is missing")
        value = self.text(key)
        if value is None:
            raise WorldInvalid(self.path(key), "must not be null")
        return value

    def number(self, key: str, default: int | None = None) -> int | None:
        value = self.take(key, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise WorldInvalid(self.path(key), f"expected a whole number, found {_kind(value)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise WorldInvalid(self.path(key), f"expected true or false, found {_kind(value)}")
        return value

    def word(self, key: str, words: Mapping[str, int], default: int) -> int:
        value = self.take(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        raise WorldInvalid(self.path(key), f"expected one of {', '.join(words)}, found {value!r}")

    def moment(self, key: str) -> datetime | None:
        return _moment(self.take(key), self.path(key))

    def items(self, key: str) -> Sequence[object]:
        value = self.take(key)
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise WorldInvalid(self.path(key), f"expected a list, found {_kind(value)}")
        return value

    def done(self) -> None:
        if self._rest:
            raise WorldInvalid(self.path(next(iter(map(str, self._rest)))), "is not known here")


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return {"dict": "a mapping", "list": "a list", "str": "a text", "bool": "true or false", "int": "a number"}.get(
        type(value).__name__, type(value).__name__
    )


def _moment(value: object, path: str) -> datetime | None:
    """A time as the store keeps it: naive; what carries an offset is turned into the panel's zone, UTC."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise WorldInvalid(path, f"expected a time such as 2026-11-24T09:00:00, found {value!r}") from None
    if not isinstance(value, datetime):
        raise WorldInvalid(path, f"expected a time such as 2026-11-24T09:00:00, found {_kind(value)}")
    return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)


def quota_value(value: object, path: str) -> int:
    """A quota's number: ``unlimited`` is -1, true and false are 1 and 0, sizes (``20 GB``) are megabytes of 1024."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        text = value.strip()
        if text.lower() == "unlimited":
            return -1
        number, _, unit = text.partition(" ")
        factor = _MEGABYTES.get(unit.strip().upper())
        if factor is not None and number.replace(".", "", 1).isdigit():
            return round(float(number) * factor)
        if not unit and number.lstrip("-").isdigit():
            return int(number)
    raise WorldInvalid(path, f"expected a number, true, false, unlimited or a size such as 20 GB, found {value!r}")


def _terms(value: object, path: str) -> dict[str, GroupTerms]:
    node = _Node(value if value is not None else {}, path)
    terms: dict[str, GroupTerms] = {}
    for group in list(node._rest):
        inner = node.take(group)
        quotas = _Node(inner if inner is not None else {}, node.path(str(group)))
        disk = quotas.flag("count_disk", True)
        bandwidth = quotas.flag("count_bandwidth", True)
        terms[str(group)] = GroupTerms(
            quotas={str(name): quota_value(number, quotas.path(str(name))) for name, number in list(quotas._rest.items())},
            disk=disk,
            bandwidth=bandwidth,
        )
    return terms


def _quotas(value: object, path: str) -> dict[str, int]:
    node = _Node(value if value is not None else {}, path)
    return {str(name): quota_value(number, node.path(str(name))) for name, number in node._rest.items()}


def _server(value: object, path: str) -> ServerRow:
    node = _Node(value, path)
    row = ServerRow(
        name=node.required("name"),
        id=node.number("id"),
        virtual=node.flag("virtual"),
        url=node.text("url"),
        comments=node.text("comments"),
        services=tuple(str(service) for service in node.items("services")),
    )
    node.done()
    return row


def _plan(value: object, path: str) -> PlanRow:
    node = _Node(value, path)
    space = node.take("space")
    server = node.take("server")
    row = PlanRow(
        name=node.required("name"),
        owner=node.required("owner"),
        id=node.number("id"),
        addon=node.flag("addon"),
        description=node.text("description", ""),
        available=node.flag("available", True),
        server=server if isinstance(server, str) else None,
        no_server=server is False,
        space=space if isinstance(space, (str, int)) and not isinstance(space, bool) else None,
        no_space=space is False,
        setup_price=node.text("setup_price", "0") or "0",
        recurring_price=node.text("recurring_price", "0") or "0",
        recurrence_length=node.number("recurrence_length", 1) or 0,
        recurrence_unit=node.number("recurrence_unit", 2) or 0,
        groups=_terms(node.take("groups"), node.path("groups")),
        extra_quotas=_quotas(node.take("extra_quotas"), node.path("extra_quotas")),
    )
    node.done()
    return row


def _user(value: object, path: str) -> list[UserRow]:
    node = _Node(value, path)
    repeat = node.number("repeat")
    username = node.required("username")
    texts: dict[str, str | None] = {name: node.text(name) for name in USER_TEXTS if node.has(name)}
    row = UserRow(
        username=username,
        owner=node.text("owner", "serveradmin") or "serveradmin",
        id=node.number("id"),
        password=node.text("password"),
        role=node.word("role", ROLES, 3),
        status=node.word("status", USER_STATUSES, 1),
        login_status=None
        if node.has("login_status") and node._rest["login_status"] is None and node.take("login_status") is None
        else node.word("login_status", LOGIN_STATUSES, 0),
        failed_logins=node.number("failed_logins"),
        peer=node.flag("peer"),
        demo=node.flag("demo"),
        html_mail=node.flag("html_mail", True),
        ecommerce=node.flag("ecommerce"),
        created=node.moment("created"),
        changed=node.moment("changed"),
        texts=texts,
    )
    node.done()
    if repeat is None:
        return [row]
    return [_numbered(row, n, node.path("username")) for n in range(1, repeat + 1)]


def _numbered(row: UserRow, n: int, path: str) -> UserRow:
    """The n-th of a repeated user: ``{n}`` and ``{n:05}`` in its texts are the number."""

    def fill(text: str) -> str:
        try:
            return text.format(n=n)
        except (KeyError, IndexError, ValueError) as error:
            raise WorldInvalid(path, f"only {{n}} can be filled in, as in c{{n:05}}: {error}") from None

    return UserRow(
        username=fill(row.username),
        owner=row.owner,
        id=None if row.id is None else row.id + n - 1,
        password=row.password,
        role=row.role,
        status=row.status,
        login_status=row.login_status,
        failed_logins=row.failed_logins,
        peer=row.peer,
        demo=row.demo,
        html_mail=row.html_mail,
        ecommerce=row.ecommerce,
        created=row.created,
        changed=row.changed,
        texts={name: None if text is None else fill(text) for name, text in row.texts.items()},
    )


def _addon(value: object, path: str) -> Addon:
    if isinstance(value, str):
        return Addon(plan=value)
    node = _Node(value, path)
    row = Addon(
        plan=_name_or_id(node, "plan"),
        id=node.number("id"),
        quantity=node.number("quantity", 1) or 0,
        status=node.word("status", SPACE_STATUSES, 1),
        purchased=node.moment("purchased"),
        comments=node.text("comments", ""),
    )
    node.done()
    return row


def _name_or_id(node: _Node, key: str) -> str | int:
    value = node.take(key)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise WorldInvalid(node.path(key), f"expected a name or a number, found {_kind(value)}")
    return value


def _domain(value: object, path: str) -> DomainRow:
    if isinstance(value, str):
        return DomainRow(name=value)
    node = _Node(value, path)
    dated = node.has("created")
    created = node.moment("created")
    row = DomainRow(
        name=node.required("name"),
        id=node.number("id"),
        hosting_allowed=node.flag("hosting_allowed"),
        sub_domain=node.flag("sub_domain"),
        preview=node.flag("preview"),
        pointer=node.flag("pointer"),
        site=node.text("site"),
        mail_domain=node.text("mail_domain"),
        zone=node.text("zone"),
        created=created,
        undated=dated and created is None,
    )
    node.done()
    return row


def _items(value: object, path: str) -> tuple[Item, ...]:
    node = _Node(value if value is not None else {}, path)
    rows: list[Item] = []
    for key, (kind, group) in ITEM_KINDS.items():
        for place, entry in enumerate(node.items(key)):
            if isinstance(entry, str):
                rows.append(Item(kind=kind, group=group, name=entry))
                continue
            inner = _Node(entry, f"{node.path(key)}[{place}]")
            properties = _Node(inner.take("properties") or {}, inner.path("properties"))
            rows.append(
                Item(
                    kind=kind,
                    group=group,
                    name=inner.required("name"),
                    id=inner.number("id"),
                    enabled=inner.flag("enabled", True),
                    properties={str(name): _setting_text(properties.take(name)) for name in list(properties._rest)},
                )
            )
            inner.done()
    node.done()
    return tuple(rows)


def _settings(value: object, path: str) -> dict[str, Mapping[str, str | None]]:
    """Sets of settings; one that is null has no properties."""
    node = _Node(value if value is not None else {}, path)
    found: dict[str, Mapping[str, str | None]] = {}
    for name in list(node._rest):
        inner = _Node(node.take(name) or {}, node.path(str(name)))
        found[str(name)] = {str(key): _setting_text(inner.take(key)) for key in list(inner._rest)}
    return found


def _setting_text(value: object) -> str | None:
    """Settings are texts; a YAML boolean is the panel's ``True`` or ``False``."""
    return None if value is None else str(value)


def _space(value: object, path: str) -> SpaceRow:
    node = _Node(value, path)
    server = node.take("server")
    plan = _name_or_id(node, "plan") if node.has("plan") else None
    overrides = None if not node.has("overrides") else _terms(node.take("overrides"), node.path("overrides"))
    row = SpaceRow(
        user=node.required("user"),
        name=node.text("name", plan if isinstance(plan, str) else None),
        plan=plan,
        id=node.number("id"),
        parent=node.number("parent"),
        server=server if isinstance(server, str) else None,
        no_server=server is False,
        status=node.word("status", SPACE_STATUSES, 1),
        comments=node.text("comments", ""),
        purchased=node.moment("purchased"),
        status_changed=node.moment("status_changed"),
        default_top=node.flag("default_top"),
        overrides=overrides,
        exact=node.flag("exact_overrides"),
        extra_overrides=_quotas(node.take("extra_overrides"), node.path("extra_overrides")),
        addons=tuple(_addon(v, f"{node.path('addons')}[{n}]") for n, v in enumerate(node.items("addons"))),
        domains=tuple(_domain(v, f"{node.path('domains')}[{n}]") for n, v in enumerate(node.items("domains"))),
        items=_items(node.take("items"), node.path("items")),
        settings=_settings(node.take("settings"), node.path("settings")),
    )
    node.done()
    return row


def _comment(value: object, path: str) -> Comment:
    node = _Node(value, path)
    user, space = node.text("user"), node.number("space")
    item, item_id = node.text("item", "USER") or "", node.number("item_id")
    if [user, space, item_id].count(None) != 2:
        raise WorldInvalid(path, "a comment stands at a user, at a space (by its id), or at an item (item, item_id)")
    row = Comment(
        by=node.required("by"),
        text=node.text("text"),
        user=user,
        item="PACKAGE" if space is not None else item,
        item_id=space if space is not None else item_id,
        id=node.number("id"),
        severity=node.number("severity", 1),
        created=node.moment("created"),
    )
    node.done()
    return row


def read_world(document: object) -> World:
    """The world that a document says. Raises :class:`WorldInvalid` at the first thing that is not understood."""
    node = _Node(document if document is not None else {}, "")
    if node.has("about") and node.has("next_ids") and node.has("catalogue"):
        return _read_start(node)
    administrator = _Node(node.take("administrator") or {}, "administrator")
    user_settings = _Node(node.take("user_settings") or {}, "user_settings")
    world = World(
        flavour=node.text("flavour"),
        clock=node.moment("clock"),
        administrator_password=administrator.text("password"),
        servers=tuple(_server(v, f"servers[{n}]") for n, v in enumerate(node.items("servers"))),
        plans=tuple(_plan(v, f"plans[{n}]") for n, v in enumerate(node.items("plans"))),
        users=tuple(row for n, v in enumerate(node.items("users")) for row in _user(v, f"users[{n}]")),
        spaces=tuple(_space(v, f"spaces[{n}]") for n, v in enumerate(node.items("spaces"))),
        comments=tuple(_comment(v, f"comments[{n}]") for n, v in enumerate(node.items("comments"))),
        user_settings={
            str(user): _settings(user_settings.take(user), f"user_settings.{user}") for user in list(user_settings._rest)
        },
        system_settings=_settings(node.take("system_settings"), "system_settings"),
        next_ids={str(k): quota_value(v, f"next_ids.{k}") for k, v in _Node(node.take("next_ids") or {}, "next_ids")._rest.items()},
    )
    administrator.done()
    node.done()
    return world


def _read_start(node: _Node) -> World:
    """A scenario's ``start.json``: a fresh installation; only the administrator's password and system settings are said in it.

    Its prose (numbers of rows, other texts) means the flavour's own fresh-install facts, so that any flavour may start from it.
    """
    administrator = _Node(node.take("administrator") or {}, "administrator")
    for key in ("plans", "servers", "services", "domains", "package_addons", "comments"):
        if node.items(key):
            raise WorldInvalid(key, "a start that is not a fresh installation must be written as a world")
    return World(
        administrator_password=administrator.text("password"),
        system_settings={
            name: properties
            for name, properties in _settings(node.take("system_settings"), "system_settings").items()
            if name != "AuthenticationSettings"
        },
    )
