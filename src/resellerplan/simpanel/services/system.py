"""esSystem and esTest: the panel's own settings, and signs of life (contract 2.6, 1.2)."""

from __future__ import annotations

import base64
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from resellerplan.simpanel import faults
from resellerplan.simpanel.datasets import dataset
from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rights import Demand, account_check
from resellerplan.simpanel.rules import rule
from resellerplan.simpanel.services.settings import property_pairs, sorted_pairs

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call
    from resellerplan.simpanel.wire import DataSet

__all__ = ["themes"]

READ_ADMIN = rule("get_system_settings.administrator", "2.6", "System settings are null for who is no administrator.")
UNKNOWN_EMPTY = rule("get_system_settings.unknown_is_empty", "2.6", "An unknown name is an object without properties, not null.")
ACTIVE_ANYBODY = rule("system_settings_active.any_active_account", "2.6", "GetSystemSettingsActive serves any active account.")
PASSWORDS_HIDDEN = rule(
    "get_system_settings.demo_sees_no_passwords", "2.6, 5.4", "Passwords in settings are ciphers but for an administrator who asks."
)
WRITE_ADMIN = rule("set_system_settings.administrator", "2.6", "Who is no administrator gets -107.")
SWITCH_NOWHERE = rule("set_use_entity_framework.sql_server_only", "2.6", "Off SQL Server the switch of logics is 0 and nothing.")
WRITE_WHOLE = rule("set_system_settings.whole_set", "2.6", "A set is replaced as a whole.")
NO_CRYPTO_KEY = rule("crypto_key.never_given", "2.6", "This panel gives its key to nobody: the call is a fault that says so.")


def _read(call: Call, name: str | None, *, hidden: bool) -> dict[str, object]:
    """A set; ``hidden``: values of passwords are given as ciphers, as they would be stored."""
    rows = call.db.execute(
        "SELECT property_name, property_value FROM system_settings WHERE settings_name = ?", (name or "",)
    ).fetchall()
    values = {row[0]: row[1] for row in rows}
    if hidden and call.on(PASSWORDS_HIDDEN):
        values = {key: _cipher(call, value) if "password" in key.lower() else value for key, value in values.items()}
    if not values and call.on(UNKNOWN_EMPTY):
        return {"SettingsArray": None}
    return {"SettingsArray": sorted_pairs(values)}


def _cipher(call: Call, text: str | None) -> str:
    """An empty password is told as it is (recording 465)."""
    if not text:
        return ""
    return base64.b64encode(call.panel.crypt.seal(text)).decode("ascii")


@operation("esSystem", "GetSystemSettings")
def get_system_settings(call: Call, *, settingsName: str | None) -> dict[str, object] | None:
    if call.on(READ_ADMIN) and account_check(call, Demand.IS_ACTIVE, Demand.IS_ADMIN) < 0:
        return None
    return _read(call, settingsName, hidden=call.caller.is_demo)


@operation("esSystem", "GetSystemSettingsActive")
def get_system_settings_active(call: Call, *, settingsName: str | None, decrypt: bool) -> dict[str, object] | None:
    """``decrypt`` or not: passwords are never in it."""
    del decrypt
    demands = (Demand.IS_ACTIVE,) if call.on(ACTIVE_ANYBODY) else (Demand.IS_ACTIVE, Demand.IS_ADMIN)
    return None if account_check(call, *demands) < 0 else _read(call, settingsName, hidden=True)


@operation("esSystem", "SetSystemSettings")
def set_system_settings(call: Call, *, settingsName: str | None, settings: Mapping[str, object] | None) -> int:
    if call.on(WRITE_ADMIN) and (refused := account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_ADMIN)):
        return refused
    given = None if settings is None else property_pairs(settings["SettingsArray"])
    if given is None:
        raise faults.null_reference()
    pairs = [(key, value or "") for key, value in given]
    name = call.cut(settingsName or "", 50)
    if call.on(WRITE_WHOLE):
        call.db.execute("DELETE FROM system_settings WHERE settings_name = ?", (name,))
    call.db.executemany(
        "INSERT OR REPLACE INTO system_settings VALUES (?, ?, ?)", [(name, call.cut(key or "", 50), value) for key, value in pairs]
    )
    return 0


@operation("esSystem", "CheckIsTwilioEnabled")
def check_is_twilio_enabled(call: Call) -> bool:
    rows = call.db.execute(
        "SELECT property_value FROM system_settings WHERE settings_name = 'TwilioSettings' AND property_value <> ''"
    ).fetchall()
    return len(rows) >= 3


def themes(call: Call) -> DataSet:
    """The themes that are switched on, in their order: a fresh installation has the one of its product."""
    columns = "ThemeID:int! DisplayName:string LTRName:string RTLName:string DisplayOrder:int!"
    if call.ef:
        columns = columns.replace("ThemeID", "ThemeId")
    return dataset(call, (columns, [(1, f"{call.flavour.product} v1", "Default", "Default", 1)]))


@operation("esSystem", "GetThemes")
def get_themes(call: Call) -> DataSet:
    return themes(call)


@operation("esSystem", "GetThemeSettings")
def get_theme_settings(call: Call, *, ThemeID: int) -> DataSet:
    """The colours that a theme offers are the portal's affair: this panel, which has none, lists none."""
    del ThemeID
    columns = "ThemeID:int! SettingsName:string PropertyName:string PropertyValue:string"
    return dataset(call, (columns.replace("ThemeID", "ThemeId") if call.ef else columns, []))


@operation("esSystem", "GetThemeSetting")
def get_theme_setting(call: Call, *, ThemeID: int, SettingsName: str | None) -> DataSet:
    del SettingsName
    return get_theme_settings(call, ThemeID=ThemeID)


@operation("esSystem", "GetUseEntityFramework")
def get_use_entity_framework(call: Call) -> bool:
    """Which logic serves; any account may ask."""
    return call.ef


@operation("esSystem", "SetUseEntityFramework")
def set_use_entity_framework(call: Call, *, useEntityFramework: bool) -> int:
    """Only SQL Server has both logics: elsewhere 0, whoever asks for what. There administrators only (-107).

    The logic of a store is fixed: 0 where that is what is wanted, a fault by name else.
    """
    if call.ef and call.on(SWITCH_NOWHERE):
        return 0
    if call.on(WRITE_ADMIN) and (refused := account_check(call, Demand.NOT_DEMO, Demand.IS_ACTIVE, Demand.IS_ADMIN)):
        return refused
    if useEntityFramework != call.ef:
        raise faults.plain(
            "The logic of the embedded panel is fixed by its flavour: seed a world of another one.",
            "System.NotSupportedException",
        )
    return 0


@operation("esSystem", "GetDatabaseType")
def get_database_type(call: Call) -> str:
    return "Sqlite" if call.ef else "SqlServer"


@operation("esSystem", "GetCryptoKey")
def get_crypto_key(call: Call) -> str:
    """The real panel gives its key to any account; no client of ours asks for it, and this panel does not hand one out."""
    if call.on(NO_CRYPTO_KEY):
        raise faults.plain("The embedded panel gives its key to nobody.", "System.NotSupportedException")
    return ""


# -- esTest: without credentials, 2.x only --------------------------------------------------------------------------------------


@operation("esTest", "Echo")
def echo(call: Call, *, msg: str | None) -> str | None:
    del call
    return msg


@operation("esTest", "Touch")
def touch(call: Call) -> None:
    del call


@operation("esTest", "OSPlatform")
def os_platform(call: Call) -> dict[str, object]:
    """What FuseCP on .NET says where this panel runs."""
    del call
    names = {"win32": "Windows", "darwin": "Mac"}
    return {"IsCore": True, "OSPlatform": names.get(sys.platform, "Linux")}
