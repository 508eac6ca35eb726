"""What a fresh installation has: the quota catalogue, ``serveradmin``, the root space, the installer's settings (contract 6.9)."""

from __future__ import annotations

from datetime import datetime

from resellerplan.simpanel.catalogue import catalogue_of
from resellerplan.simpanel.clock import Clock, as_text
from resellerplan.simpanel.crypt import Crypt
from resellerplan.simpanel.defaults import default_user_settings
from resellerplan.simpanel.flavours import Flavour
from resellerplan.simpanel.names import user_key
from resellerplan.simpanel.store import Connection, Store

__all__ = ["ADMINISTRATOR_PASSWORD", "install", "major_version", "system_defaults", "world_clock"]

ADMINISTRATOR_PASSWORD = "Admin-Pw1!"  # noqa: S105 - a published default of a panel for made-up data
"""Where a world names none; the embedded panel is no place for real data, and a known log-in is what people look for."""

_CREATED = datetime(2010, 7, 16, 12, 53, 2, 453000)
_CHANGED = {"ef": datetime(2010, 7, 16, 10, 53, 2, 453000), "sp": _CREATED}
_ROOT_SINCE_EF = datetime(2024, 10, 12, 19, 29, 19, 927000)


def major_version(flavour: Flavour) -> int:
    """1 or 2: which catalogue and which settings a flavour has."""
    return 2 if flavour.face == "corewcf" else 1


def world_clock(store: Store) -> Clock:
    """The clock of a world: the real time, or the one that the world was given, ticking on since it was seeded."""
    clock, since = store.meta("clock"), store.meta("clock_set")
    if clock is None or since is None:
        return Clock()
    passed = Clock().now() - datetime.fromisoformat(since)
    return Clock(datetime.fromisoformat(clock) + passed)


def install(store: Store, flavour: Flavour, *, password: str = ADMINISTRATOR_PASSWORD, clock: Clock | None = None) -> None:
    """Fill an empty store with what the installer of ``flavour`` leaves."""
    now = (clock or Clock()).offset(flavour.database.date_digits).now()
    crypt = Crypt.beside(store.path)
    with store.writing() as db:
        db.execute("INSERT INTO meta VALUES ('flavour', ?)", (flavour.name,))
        _catalogue(db, flavour)
        _administrator(db, flavour, crypt.seal(password))
        _root_space(db, _ROOT_SINCE_EF if flavour.logic == "ef" else now)
        _system_settings(db, flavour)
        for settings, properties in default_user_settings(flavour).items():
            db.executemany(
                "INSERT INTO user_settings VALUES (1, ?, ?, ?)",
                [(settings, name, value) for name, value in properties.items()],
            )
        db.executemany(
            "INSERT INTO schedules (task_id, package_id, schedule_name, schedule_type_id, enabled) VALUES (?, 1, ?, 'Daily', 1)",
            [
                ("SCHEDULE_TASK_CALCULATE_PACKAGES_DISKSPACE", "Calculate Disk Space"),
                ("SCHEDULE_TASK_CALCULATE_PACKAGES_BANDWIDTH", "Calculate Bandwidth"),
            ],
        )


def _catalogue(db: Connection, flavour: Flavour) -> None:
    catalogue = catalogue_of(major_version(flavour), flavour.product)
    db.executemany(
        "INSERT INTO resource_groups VALUES (?, ?, ?, ?, 1)",
        [
            (
                group.id,
                group.name,
                group.order,
                group.controller and f"{flavour.product}.EnterpriseServer.{group.controller}",
            )
            for group in catalogue.groups
        ],
    )
    db.executemany(
        "INSERT INTO quotas VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                quota.id,
                quota.group_id,
                quota.order,
                quota.name,
                quota.description,
                quota.type,
                quota.service,
                quota.hidden,
                quota.per_organization,
            )
            for quota in catalogue.quotas
        ],
    )


def _administrator(db: Connection, flavour: Flavour, password: bytes) -> None:
    db.execute(
        "INSERT INTO users (user_id, owner_id, role_id, status_id, username, username_key, password, first_name, last_name,"
        " email, created, changed, comments, secondary_email, address, city, state, country, zip, primary_phone,"
        " secondary_phone, fax, instant_messenger, html_mail, ecommerce_enabled)"
        " VALUES (1, NULL, 1, 1, ?, ?, ?, 'Enterprise', 'Administrator', 'serveradmin@myhosting.com', ?, ?,"
        " '', '', '', '', '', '', '', '', '', '', '', 1, 1)",
        (
            "serveradmin",
            user_key("serveradmin", flavour.database),
            password,
            as_text(_CREATED),
            as_text(_CHANGED[flavour.logic]),
        ),
    )


def _root_space(db: Connection, since: datetime) -> None:
    db.execute(
        "INSERT INTO packages (package_id, parent_package_id, user_id, package_name, package_comments, server_id, status_id,"
        " plan_id, purchase_date, status_id_change_date) VALUES (1, NULL, 1, 'System', '', NULL, 1, NULL, NULL, ?)",
        (as_text(since),),
    )
    db.execute("INSERT INTO packages_tree_cache VALUES (1, 1)")


def system_defaults(flavour: Flavour) -> dict[str, dict[str, str]]:
    """The installer's system settings: name -> property -> value."""
    return {
        "AccessIpsSettings": {"AccessIps": ""},
        "AuthenticationSettings": {"CanPeerChangeMfa": "True", "MfaTokenAppDisplayName": flavour.product},
        "BackupSettings": {"BackupsPath": "c:\\HostingBackups"},
        "SmtpSettings": {
            "SmtpEnableSsl": "False",
            "SmtpPort": "25",
            "SmtpServer": "127.0.0.1",
            "SmtpUsername": "postmaster",
        },
    }


def _system_settings(db: Connection, flavour: Flavour) -> None:
    db.executemany(
        "INSERT INTO system_settings VALUES (?, ?, ?)",
        [(name, key, value) for name, properties in system_defaults(flavour).items() for key, value in properties.items()],
    )
