"""The table of business codes (contract 4): number, the panel's name, a stable slug, a sentence in our words, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["CODES", "RANGES", "SERVER_FAILED", "ResultCode"]

SERVER_FAILED: Final = -999
"""A hosting server did not do its part: what the panel had done before that stands."""


@dataclass(frozen=True, slots=True)
class ResultCode:
    """One code. ``name`` is the panel's. ``hint`` names the line of the manifest concerned, where there is one."""

    number: int
    name: str
    slug: str
    sentence: str
    hint: str = ""


_SMTP = [
    "BAD_COMMAND_SEQUENCE",
    "CANNOT_VERIFY_USER_WILL_ATTEMPT_DELIVERY",
    "CLIENT_NOT_PERMITTED",
    "COMMAND_NOT_IMPLEMENTED",
    "COMMAND_PARAMETER_NOT_IMPLEMENTED",
    "COMMAND_UNRECOGNIZED",
    "EXCEEDED_STORAGE_ALLOCATION",
    "GENERAL_FAILURE",
    "INSUFFICIENT_STORAGE",
    "LOCAL_ERROR_IN_PROCESSING",
    "MAILBOX_BUSY",
    "MAILBOX_NAME_NOTALLOWED",
    "MAILBOX_UNAVAILABLE",
    "MUST_ISSUE_START_TLS_FIRST",
    "SERVICE_CLOSING_TRANSMISSION_CHANNEL",
    "SERVICE_NOT_AVAILABLE",
    "SYNTAX_ERROR",
    "TRANSACTION_FAILED",
    "USER_NOT_LOCAL_TRY_ALTERNATE_PATH",
    "USER_NOT_LOCAL_WILL_FORWARD",
    "UNKNOWN",
]

_SMTP_HINTS = {
    -1903: "the mail server does not let the panel send: its operator must allow it",
    -1908: "the mail server refused the recipient: check `email`",
    -1921: "check `email`; with a secondary e-mail and the letter's own CC the panel can't address the letter (contract 2.4)",
}

_ROWS: tuple[tuple[int, str, str, str, str], ...] = (
    (-1, "(raw)", "no-such-object", "the object does not exist on the panel", "plan again: somebody removed it meanwhile"),
    (
        -2,
        "(raw)",
        "owner-not-allowed",
        "this log-in may not create customers under that reseller",
        "check `panel: reseller`, and that the log-in is that reseller or his peer",
    ),
    (
        -100,
        "ERROR_USER_ALREADY_EXISTS",
        "user-exists",
        "the user name is taken on this panel",
        "user names are unique over all resellers: choose another `username`",
    ),
    (
        -101,
        "ERROR_USER_NOT_FOUND",
        "user-not-found",
        "the panel does not find that customer",
        "plan again: somebody removed it meanwhile",
    ),
    (
        -102,
        "ERROR_USER_HAS_USERS",
        "user-has-users",
        "the customer has customers of its own",
        "remove those first, or keep the customer",
    ),
    (
        -103,
        "ERROR_USER_ACCOUNT_PENDING",
        "caller-pending",
        "the panel account used here is pending",
        "the account of the log-in, not the customer's, must be active",
    ),
    (
        -104,
        "ERROR_USER_ACCOUNT_SUSPENDED",
        "caller-suspended",
        "the panel account used here is suspended",
        "the account of the log-in, not the customer's, must be active",
    ),
    (
        -105,
        "ERROR_USER_ACCOUNT_CANCELLED",
        "caller-cancelled",
        "the panel account used here is cancelled",
        "the account of the log-in, not the customer's, must be active",
    ),
    (
        -106,
        "ERROR_USER_ACCOUNT_DEMO",
        "caller-demo",
        "the panel account used here is a demo account and may not write",
        "use another log-in",
    ),
    (
        -107,
        "ERROR_USER_ACCOUNT_SHOULD_BE_ADMINISTRATOR",
        "needs-administrator",
        "only the panel's administrator may do this",
        "for domains: the plan's quota OS.NotAllowTenantCreateDomains forbids it to anybody else",
    ),
    (
        -108,
        "ERROR_USER_ACCOUNT_SHOULD_BE_RESELLER",
        "needs-reseller",
        "only a reseller may do this",
        "use the log-in of a reseller",
    ),
    (-109, "ERROR_USER_WRONG_USERNAME", "wrong-username", "the panel does not know this user name", "check the log-in"),
    (-110, "ERROR_USER_WRONG_PASSWORD", "wrong-password", "the password is wrong", "check the log-in"),
    (
        -111,
        "ERROR_INVALID_USER_NAME",
        "invalid-username",
        "the panel does not allow this user name",
        'it may not be empty nor hold any of \\ / : * ? < > | ": change `username`',
    ),
    (
        -112,
        "ERROR_USER_ACCOUNT_NOT_ENOUGH_PERMISSIONS",
        "not-enough-rights",
        "the role of the log-in is too low for this",
        "a helpdesk or CSR log-in can't do it: use the reseller's own, or a peer with the role Reseller",
    ),
    (
        -113,
        "ERROR_USER_ACCOUNT_ROLE_NOT_ALLOWED",
        "role-not-allowed",
        "the panel does not allow that role",
        "check `role`",
    ),
    (-114, "ERROR_USER_ACCOUNT_DISABLED", "login-disabled", "the log-in is disabled", "enable it in the panel"),
    (
        -115,
        "ERROR_USER_ACCOUNT_LOCKEDOUT",
        "login-locked-out",
        "the log-in is locked out after too many wrong passwords",
        "unlock it in the panel",
    ),
    (
        -116,
        "ERROR_USER_EXPIRED_ONETIMEPASSWORD",
        "one-time-password-expired",
        "the one-time password has expired",
        "ask for a new one",
    ),
    (
        -200,
        "ERROR_SETTINGS_ACCOUNT_LETTER_EMPTY_BODY",
        "account-letter-empty",
        "the account summary letter has no text",
        "write the letter in the panel's mail templates",
    ),
    (
        -201,
        "ERROR_SETTINGS_PACKAGE_LETTER_EMPTY_BODY",
        "space-letter-empty",
        "the space summary letter has no text",
        "write the letter in the panel's mail templates",
    ),
    (
        -202,
        "ERROR_SETTINGS_PASSWORD_LETTER_EMPTY_BODY",
        "password-letter-empty",
        "the password reminder has no text",
        "write the letter in the panel's mail templates",
    ),
    (
        -300,
        "ERROR_PACKAGE_NOT_FOUND",
        "space-not-found",
        "the space does not exist on the panel",
        "plan again: somebody removed it meanwhile",
    ),
    (
        -301,
        "ERROR_PACKAGE_HAS_PACKAGES",
        "space-has-spaces",
        "other spaces stand on this one",
        "remove those first, or keep the space",
    ),
    (-302, "ERROR_PACKAGE_NEW", "space-new", "the space is not active yet", "set `status: active`"),
    (
        -303,
        "ERROR_PACKAGE_SUSPENDED",
        "space-suspended",
        "the space is suspended, so nothing can be created in it",
        "set `status: active` first",
    ),
    (
        -304,
        "ERROR_PACKAGE_CANCELLED",
        "space-cancelled",
        "the space is cancelled, so nothing can be created in it",
        "set `status: active` first",
    ),
    (
        -305,
        "ERROR_PACKAGE_QUOTA_EXCEED",
        "quota-exceeded",
        "the reseller's own package does not hold that much",
        "lower the quotas in `plans:`, or buy a larger package",
    ),
    (
        -500,
        "ERROR_DOMAIN_QUOTA_LIMIT",
        "domain-quota",
        "the space may not hold another domain",
        "raise `OS: {Domains: ...}` of its plan",
    ),
    (
        -501,
        "ERROR_RESTRICTED_DOMAIN",
        "domain-restricted",
        "the domain lies below a domain that does not allow it",
        "another customer, or this one, owns the domain above: change `domain`",
    ),
    (
        -502,
        "ERROR_DOMAIN_ALREADY_EXISTS",
        "domain-exists",
        "the domain is already on this panel",
        "domains are unique over all resellers: change `domain`, or remove it where it is",
    ),
    (
        -503,
        "ERROR_DOMAIN_STARTS_WWW",
        "domain-starts-www",
        "a domain may not begin with www",
        "write the bare domain, and `resources: {host: www}`",
    ),
    (
        -504,
        "ERROR_DOMAIN_PACKAGE_ITEM_NOT_FOUND",
        "domain-item-missing",
        "the panel's record of the domain is missing",
        "the operator must look at the `domain` in the panel",
    ),
    (
        -505,
        "ERROR_DNS_PACKAGE_ITEM_NOT_FOUND",
        "zone-missing",
        "the domain has no DNS zone",
        "the operator must make the zone of that `domain`",
    ),
    (
        -506,
        "ERROR_DOMAIN_POINTS_TO_WEB_SITE",
        "domain-has-website",
        "a web site stands on the domain",
        "remove the web site first",
    ),
    (
        -507,
        "ERROR_DOMAIN_POINTS_TO_MAIL_DOMAIN",
        "domain-has-mail",
        "a mail domain stands on the domain",
        "remove the mail domain first",
    ),
    (
        -508,
        "ERROR_SUBDOMAIN_QUOTA_LIMIT",
        "subdomain-quota",
        "the space may not hold another sub-domain",
        "raise `OS: {SubDomains: ...}` of its plan",
    ),
    (
        -509,
        "ERROR_DNS_ZONE_EXISTS",
        "zone-exists",
        "the DNS server already has that zone",
        "the operator must remove the left-over zone",
    ),
    (
        -510,
        "ERROR_DOMAINPOINTERS_QUOTA_LIMIT",
        "pointer-quota",
        "the space may not hold another domain pointer",
        "raise the quota of its plan",
    ),
    (
        -511,
        "ERROR_INSTANT_ALIAS_IS_NOT_CONFIGURED",
        "no-preview-domain",
        "the panel has no preview domain",
        "the operator must configure one",
    ),
    (
        -600,
        "ERROR_WEB_SITES_QUOTA_LIMIT",
        "website-quota",
        "the space may not hold another web site",
        "raise `Web: {Sites: ...}` of its plan, or set `resources: {website: false}`",
    ),
    (
        -601,
        "ERROR_WEB_SITE_ALREADY_EXISTS",
        "website-exists",
        "that web site already exists",
        "check `domain` and `resources: {host: ...}`",
    ),
    (
        -602,
        "ERROR_WEB_SITE_SERVICE_UNAVAILABLE",
        "no-web-service",
        "the server has no web service",
        "the operator must add one, or set `resources: {website: false}`",
    ),
    (
        -610,
        "ERROR_GLOBALDNS_FOR_DEDICATEDIP",
        "dns-for-dedicated-ip",
        "DNS is not set up for a dedicated IP address",
        "the operator must set it up, or set `resources: {website: false}`",
    ),
    (
        -611,
        "ERROR_PUBLICSHAREDIP_FOR_SHAREDIP",
        "no-shared-ip",
        "the server's shared IP address has no public one",
        "the operator must set it up, or set `resources: {website: false}`",
    ),
    (-700, "ERROR_MAIL_DOMAIN_EXISTS", "mail-domain-exists", "the mail domain already exists", "check `domain`"),
    (
        -701,
        "ERROR_MAIL_SERVICE_UNAVAILABLE",
        "no-mail-service",
        "the server has no mail service",
        "the operator must add one, or set `resources: {mail: false}`",
    ),
    (
        -702,
        "ERROR_MAIL_ACCOUNTS_QUOTA_LIMIT",
        "mail-account-quota",
        "the space may not hold another mailbox",
        "raise `Mail: {Accounts: ...}` of its plan, or set `resources: {mail: false}`",
    ),
    (-703, "ERROR_MAIL_ACCOUNT_EXISTS", "mailbox-exists", "the mailbox already exists", "check `domain`"),
    (
        -704,
        "ERROR_MAIL_ACCOUNT_EXISTS_ON_SERVER",
        "mailbox-exists-on-server",
        "the mail server already has that mailbox",
        "the operator must look for it",
    ),
    (
        -723,
        "ERROR_MAIL_LICENSE_DOMAIN_QUOTA",
        "mail-licence-domains",
        "the mail server's licence holds no more domains",
        "the operator must extend it, or set `resources: {mail: false}`",
    ),
    (
        -724,
        "ERROR_MAIL_LICENSE_USERS_QUOTA",
        "mail-licence-users",
        "the mail server's licence holds no more users",
        "the operator must extend it, or set `resources: {mail: false}`",
    ),
    (
        -725,
        "ERROR_MAIL_ACCOUNT_MAX_MAILBOX_SIZE_LIMIT",
        "mailbox-size",
        "the mailbox is larger than the plan allows",
        "raise `Mail: {MaxBoxSize: ...}` of its plan",
    ),
    (
        -726,
        "ERROR_MAIL_ACCOUNT_PASSWORD_NOT_COMPLEXITY",
        "mail-password",
        "the mail server wants a stronger password",
        "the first mailbox gets the customer's own password",
    ),
    (
        -801,
        "ERROR_FTP_SERVICE_UNAVAILABLE",
        "no-ftp-service",
        "the server has no FTP service",
        "the operator must add one, or set `resources: {ftp: false}`",
    ),
    (
        -802,
        "ERROR_FTP_ACCOUNTS_QUOTA_LIMIT",
        "ftp-quota",
        "the space may not hold another FTP account",
        "raise `FTP: {Accounts: ...}` of its plan, or set `resources: {ftp: false}`",
    ),
    (
        -803,
        "ERROR_FTP_ACCOUNT_EXISTS_IN_PANEL",
        "ftp-exists",
        "that FTP account already exists",
        "set `resources: {ftp: {name: ...}}`",
    ),
    (
        -804,
        "ERROR_FTP_ACCOUNT_EXISTS_ON_SERVER",
        "ftp-exists-on-server",
        "the FTP server already has that account",
        "set `resources: {ftp: {name: ...}}`",
    ),
    (
        -805,
        "ERROR_FTP_ACCOUNT_NOT_FOUND",
        "ftp-not-found",
        "that FTP account does not exist",
        "plan again; look at `resources: {ftp: ...}`",
    ),
    (
        -806,
        "ERROR_FTP_USERNAME_LENGTH",
        "ftp-name-length",
        "the FTP account's name is too long",
        "set `resources: {ftp: {name: ...}}`",
    ),
    (
        -999,
        "FAILED_EXECUTE_SERVICE_OPERATION",
        "server-failed",
        "the hosting server did not do its part",
        "the panel's audit log says more; the operator must look at the server",
    ),
    (
        -1100,
        "ERROR_ACCOUNT_WIZARD_USER_EXISTS",
        "wizard-user-exists",
        "the user name is taken on this panel",
        "choose another `username`",
    ),
    (
        -1101,
        "ERROR_ACCOUNT_WIZARD_FTP_ACCOUNT_EXISTS",
        "ftp-name-taken",
        "an FTP account of that name exists on this panel",
        "set `resources: {ftp: {name: ...}}`: the default is the user name, once per panel",
    ),
    (
        -1501,
        "ERROR_HOSTING_PLAN_USED_IN_PACKAGE",
        "plan-in-use",
        "spaces stand on the plan",
        "move or remove its spaces first, foreign ones too",
    ),
    (
        -1502,
        "ERROR_HOSTING_ADDON_USED_IN_PACKAGE",
        "addon-in-use",
        "spaces have the add-on",
        "set its quantity to 0 in the spaces first",
    ),
    (
        -2200,
        "ERROR_SCHEDULED_TASK_QUOTA_LIMIT",
        "task-quota",
        "the space may not hold another scheduled task",
        "raise `OS: {ScheduledTasks: ...}` of its plan",
    ),
    (
        -2705,
        "ERROR_ORGANIZATION_DOMAIN_IS_IN_USE",
        "domain-in-organization",
        "a hosted organisation uses the domain",
        "remove it there first",
    ),
)

RANGES: tuple[tuple[int, int, str, str], ...] = (
    (-409, -400, "server-registration", "the panel could not register a server"),
    (-609, -603, "web", "the panel could not do this for a web site"),
    (-722, -705, "mail", "the panel could not do this for mail"),
    (-909, -901, "mssql", "the panel could not do this for MS SQL"),
    (-1011, -1001, "mysql", "the panel could not do this for MySQL or MariaDB"),
    (-1204, -1201, "web-installer", "the panel could not install the web application"),
    (-1305, -1301, "statistics", "the panel could not do this for web statistics"),
    (-1410, -1402, "sharepoint", "the panel could not do this for SharePoint"),
    (-1602, -1601, "ip-in-use", "the IP address is in use"),
    (-1703, -1701, "server-in-use", "the server is in use"),
    (-1802, -1801, "service-in-use", "the service is in use"),
    (-2004, -2001, "sql-server", "the panel could not do this for a database server"),
    (-2105, -2101, "os-resource", "the panel could not do this for a data source"),
    (-2402, -2400, "backup", "the panel could not back up or restore"),
    (-2503, -2501, "backup", "the panel could not back up or restore"),
    (-2614, -2602, "exchange", "the panel could not do this for Exchange"),
    (-2711, -2701, "organization", "the panel could not do this for a hosted organisation"),
    (-3004, -3000, "file-manager", "the panel could not do this with files"),
    (-3333, -3333, "file-manager", "the panel could not do this with files"),
)


def _smtp_rows() -> list[ResultCode]:
    rows = []
    for number, name in enumerate(_SMTP, start=1901):
        slug = "letter-" + name.lower().replace("_", "-")
        hint = _SMTP_HINTS.get(-number, "the panel's mail server or its settings: tell the operator")
        rows.append(ResultCode(-number, f"SMTP_{name}", slug, "the panel could not send the letter", hint))
    return rows


CODES: Final[Mapping[int, ResultCode]] = MappingProxyType(
    {row.number: row for row in (*(ResultCode(*row) for row in _ROWS), *_smtp_rows())}
)
"""Codes with a sentence of their own."""
