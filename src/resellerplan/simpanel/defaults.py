"""The installer's settings of user 1: letters, policies, display preferences.

Names of settings and of their properties are the panel's (they are part of its protocol); the letters are our own words, in the
panel's template language. The space letter has no bodies, as on a fresh installation of both panels (contract 2.2).
"""

from __future__ import annotations

from resellerplan.simpanel.flavours import Flavour

__all__ = ["default_user_settings"]

_SENDER = "support@HostingCompany.com"

_ACCOUNT_TEXT = """Good day #user.FirstName#,

your hosting account is ready. These are the details for the control panel:

User name: #user.Username#
Password:  #user.Password#

You can change the password in the control panel whenever you like.
Keep this letter in a safe place, or delete it once you have changed the password.
"""

_ACCOUNT_HTML = """<html>
<head><title>Your hosting account</title></head>
<body>
<p>Good day #user.FirstName#,</p>
<p>your hosting account is ready. These are the details for the control panel:</p>
<table>
<tr><td>User name</td><td><b>#user.Username#</b></td></tr>
<tr><td>Password</td><td><b>#user.Password#</b></td></tr>
</table>
<p>You can change the password in the control panel whenever you like.</p>
</body>
</html>
"""

_REMINDER_TEXT = """Good day #user.FirstName#,

somebody, we hope it was you, asked us for the details of the account #user.Username#.
Password: #user.Password#
"""

_REMINDER_HTML = """<html><body>
<p>Good day #user.FirstName#,</p>
<p>somebody, we hope it was you, asked us for the details of the account <b>#user.Username#</b>.</p>
<p>Password: <b>#user.Password#</b></p>
</body></html>
"""

_CODE_TEXT = """Good day #user.FirstName#,

to finish logging in, enter this code: #verificationCode#
"""

_CODE_HTML = """<html><body>
<p>Good day #user.FirstName#,</p>
<p>to finish logging in, enter this code: <b>#verificationCode#</b></p>
</body></html>
"""


def _letter(subject: str, text: str, html: str, enabled: bool | None = None) -> dict[str, str]:
    letter = {
        "CC": _SENDER,
        "From": _SENDER,
        "HtmlBody": html,
        "Priority": "Normal",
        "Subject": subject,
        "TextBody": text,
    }
    if enabled is not None:
        letter["EnableLetter"] = str(enabled)
    return letter


def default_user_settings(flavour: Flavour) -> dict[str, dict[str, str]]:
    """Settings name -> property -> value, as a fresh installation of ``flavour`` has them at ``serveradmin``."""
    product = flavour.product
    return {
        "AccountSummaryLetter": _letter("Your hosting account", _ACCOUNT_TEXT, _ACCOUNT_HTML, enabled=False),
        "PackageSummaryLetter": {
            "CC": _SENDER,
            "EnableLetter": "True",
            "From": _SENDER,
            "Priority": "Normal",
            "Subject": '"#space.Package.PackageName#" is ready',
        },
        "PasswordReminderLetter": _letter("Your account #user.Username#", _REMINDER_TEXT, _REMINDER_HTML),
        "VerificationCodeLetter": _letter("Your code", _CODE_TEXT, _CODE_HTML),
        f"{product}Policy": {
            "DemoMessage": "This account is in demo mode: it can look at everything and change nothing.",
            "ForbiddenIP": "",
            "PasswordPolicy": "True;6;20;0;1;0;True;;0;;;False;False;0;",
        },
        "WebPolicy": {
            "AddParkingPage": "True",
            "AddRandomDomainString": "False",
            "AnonymousAccountPolicy": "True;;5;20;;_web;",
            "AspInstalled": "True",
            "AspNetInstalled": "2",
            "CgiBinInstalled": "False",
            "DefaultDocuments": "Default.htm,Default.asp,index.htm,Default.aspx",
            "EnableAnonymousAccess": "True",
            "EnableBasicAuthentication": "False",
            "EnableDedicatedPool": "False",
            "EnableDirectoryBrowsing": "False",
            "EnableParentPaths": "False",
            "EnableParkingPageTokens": "False",
            "EnableWindowsAuthentication": "True",
            "EnableWritePermissions": "False",
            "FrontPageAccountPolicy": "True;;1;20;;;",
            "ParkingPageName": "default.aspx",
            "PerlInstalled": "False",
            "PhpInstalled": "",
            "PublishingProfile": "",
            "PythonInstalled": "False",
            "SecuredGroupNamePolicy": "True;;1;20;;;",
            "SecuredUserNamePolicy": "True;;1;20;;;",
            "SecuredUserPasswordPolicy": "True;5;20;0;1;0;False;;0;0;0;False;False;0;",
            "VirtDirNamePolicy": "True;-;3;50;;;",
            "WebDataFolder": "\\[DOMAIN_NAME]\\data",
            "WebLogsFolder": "\\[DOMAIN_NAME]\\logs",
            "WebRootFolder": "\\[DOMAIN_NAME]\\wwwroot",
        },
        "FtpPolicy": {
            "UserNamePolicy": "True;-;1;20;;;",
            "UserPasswordPolicy": "True;5;20;0;1;0;True;;0;0;0;False;False;0;",
        },
        "MailPolicy": {
            "AccountNamePolicy": "True;;1;50;;;",
            "AccountPasswordPolicy": "True;5;20;0;1;0;False;;0;0;0;False;False;0;",
            "CatchAllName": "mail",
        },
        "MsSqlPolicy": {
            "DatabaseNamePolicy": "True;-;1;120;;;",
            "UserNamePolicy": "True;-;1;120;;;",
            "UserPasswordPolicy": "True;5;20;0;1;0;True;;0;0;0;False;False;0;",
        },
        "MySqlPolicy": {
            "DatabaseNamePolicy": "True;;1;40;;;",
            "UserNamePolicy": "True;;1;16;;;",
            "UserPasswordPolicy": "True;5;20;0;1;0;False;;0;0;0;False;False;0;",
        },
        "MariaDBPolicy": {
            "DatabaseNamePolicy": "True;;1;40;;;",
            "UserNamePolicy": "True;;1;16;;;",
            "UserPasswordPolicy": "True;5;20;0;1;0;False;;0;0;0;False;False;0;",
        },
        "OsPolicy": {"DsnNamePolicy": "True;-;2;40;;;"},
        "SharePointPolicy": {
            "GroupNamePolicy": "True;-;1;20;;;",
            "UserNamePolicy": "True;-;1;20;;;",
            "UserPasswordPolicy": "True;5;20;0;1;0;True;;0;;;False;False;0;",
        },
        "ExchangePolicy": {"MailboxPasswordPolicy": "True;8;20;0;2;0;True"},
        "VpsPolicy": {"AdministratorPasswordPolicy": "True;8;20;0;1;0;True;;0;0;0;False;False;0;"},
        "RdsPolicy": {"PublishedApplicationPolicy": "True"},
        "DisplayPreferences": {"GridItems": "10"},
    }
