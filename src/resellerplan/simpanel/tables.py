"""The tables of a world: one SQL script, written once into a fresh store.

Names are the panel's, in snake case. Times are text, ``YYYY-MM-DDTHH:MM:SS.ffffff``, server-local without offset, so that they
sort as text. Money is text, the decimal as it was given. ``*_key`` columns hold the folded form of a name by which the flavour's
database compares it (see :mod:`resellerplan.simpanel.names`); they, not the names, are unique.

Foreign keys are the real panel's where both logics have them; where they differ (a plan's space) the service checks.
``AUTOINCREMENT`` because a number is never given twice, not even after a delete.
"""

from __future__ import annotations

__all__ = ["SCHEMA", "SCHEMA_VERSION"]

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

CREATE TABLE users (
    user_id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER REFERENCES users (user_id),
    role_id INTEGER NOT NULL,
    status_id INTEGER NOT NULL,
    is_demo INTEGER NOT NULL DEFAULT 0,
    is_peer INTEGER NOT NULL DEFAULT 0,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password BLOB,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    created TEXT,
    changed TEXT,
    comments TEXT,
    secondary_email TEXT,
    address TEXT,
    city TEXT,
    state TEXT,
    country TEXT,
    zip TEXT,
    primary_phone TEXT,
    secondary_phone TEXT,
    fax TEXT,
    instant_messenger TEXT,
    html_mail INTEGER,
    company_name TEXT,
    ecommerce_enabled INTEGER,
    additional_params TEXT,
    login_status_id INTEGER,
    failed_logins INTEGER,
    subscriber_number TEXT,
    one_time_password_state INTEGER,
    mfa_mode INTEGER NOT NULL DEFAULT 0,
    pin_secret BLOB
);
CREATE INDEX users_owner ON users (owner_id);

CREATE TABLE user_settings (
    user_id INTEGER NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    settings_name TEXT NOT NULL COLLATE NOCASE,
    property_name TEXT NOT NULL COLLATE NOCASE,
    property_value TEXT,
    PRIMARY KEY (user_id, settings_name, property_name)
) WITHOUT ROWID;

CREATE TABLE system_settings (
    settings_name TEXT NOT NULL COLLATE NOCASE,
    property_name TEXT NOT NULL COLLATE NOCASE,
    property_value TEXT,
    PRIMARY KEY (settings_name, property_name)
) WITHOUT ROWID;

CREATE TABLE resource_groups (
    group_id INTEGER PRIMARY KEY,
    group_name TEXT NOT NULL,
    group_order INTEGER NOT NULL,
    group_controller TEXT,
    show_group INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE quotas (
    quota_id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES resource_groups (group_id),
    quota_order INTEGER NOT NULL,
    quota_name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    quota_description TEXT,
    quota_type_id INTEGER NOT NULL,
    service_quota INTEGER NOT NULL DEFAULT 0,
    hide_quota INTEGER NOT NULL DEFAULT 0,
    per_organization INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE servers (
    server_id INTEGER PRIMARY KEY AUTOINCREMENT,
    server_name TEXT NOT NULL,
    server_url TEXT,
    password BLOB,
    comments TEXT,
    virtual_server INTEGER NOT NULL DEFAULT 0,
    instant_domain_alias TEXT,
    primary_group_id INTEGER,
    ad_root_domain TEXT,
    ad_username TEXT,
    ad_password BLOB,
    ad_authentication_type TEXT,
    ad_enabled INTEGER NOT NULL DEFAULT 0,
    ad_parent_domain TEXT,
    ad_parent_domain_controller TEXT
);

CREATE TABLE services (
    service_id INTEGER PRIMARY KEY AUTOINCREMENT,
    server_id INTEGER NOT NULL REFERENCES servers (server_id),
    group_id INTEGER NOT NULL REFERENCES resource_groups (group_id),
    service_name TEXT NOT NULL,
    comments TEXT,
    service_quota_value INTEGER
);
CREATE INDEX services_server ON services (server_id, group_id);

-- A virtual server borrows services of others.
CREATE TABLE virtual_services (
    virtual_service_id INTEGER PRIMARY KEY AUTOINCREMENT,
    server_id INTEGER NOT NULL REFERENCES servers (server_id),
    service_id INTEGER NOT NULL REFERENCES services (service_id)
);
CREATE INDEX virtual_services_server ON virtual_services (server_id);

CREATE TABLE hosting_plans (
    plan_id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER REFERENCES users (user_id),
    package_id INTEGER,
    server_id INTEGER REFERENCES servers (server_id),
    plan_name TEXT NOT NULL,
    plan_description TEXT,
    available INTEGER NOT NULL,
    setup_price TEXT,
    recurring_price TEXT,
    recurrence_unit INTEGER,
    recurrence_length INTEGER,
    is_addon INTEGER
);
CREATE INDEX hosting_plans_user ON hosting_plans (user_id);
CREATE INDEX hosting_plans_package ON hosting_plans (package_id);

CREATE TABLE hosting_plan_resources (
    plan_id INTEGER NOT NULL REFERENCES hosting_plans (plan_id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES resource_groups (group_id),
    calculate_disk_space INTEGER,
    calculate_bandwidth INTEGER,
    PRIMARY KEY (plan_id, group_id)
) WITHOUT ROWID;

CREATE TABLE hosting_plan_quotas (
    plan_id INTEGER NOT NULL REFERENCES hosting_plans (plan_id) ON DELETE CASCADE,
    quota_id INTEGER NOT NULL REFERENCES quotas (quota_id),
    quota_value INTEGER NOT NULL,
    PRIMARY KEY (plan_id, quota_id)
) WITHOUT ROWID;

CREATE TABLE packages (
    package_id INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_package_id INTEGER REFERENCES packages (package_id),
    user_id INTEGER NOT NULL REFERENCES users (user_id),
    package_name TEXT,
    package_comments TEXT,
    server_id INTEGER REFERENCES servers (server_id),
    status_id INTEGER NOT NULL,
    plan_id INTEGER REFERENCES hosting_plans (plan_id),
    purchase_date TEXT,
    status_id_change_date TEXT NOT NULL,
    override_quotas INTEGER NOT NULL DEFAULT 0,
    default_top_package INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX packages_user ON packages (user_id);
CREATE INDEX packages_parent ON packages (parent_package_id);
CREATE INDEX packages_plan ON packages (plan_id);

-- One row per space and ancestor (itself too where the logic stores that): what usage is counted over.
CREATE TABLE packages_tree_cache (
    parent_package_id INTEGER NOT NULL,
    package_id INTEGER NOT NULL,
    PRIMARY KEY (parent_package_id, package_id)
) WITHOUT ROWID;
CREATE INDEX packages_tree_cache_package ON packages_tree_cache (package_id);

CREATE TABLE package_resources (
    package_id INTEGER NOT NULL REFERENCES packages (package_id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES resource_groups (group_id),
    calculate_disk_space INTEGER NOT NULL DEFAULT 0,
    calculate_bandwidth INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (package_id, group_id)
) WITHOUT ROWID;

CREATE TABLE package_quotas (
    package_id INTEGER NOT NULL REFERENCES packages (package_id) ON DELETE CASCADE,
    quota_id INTEGER NOT NULL REFERENCES quotas (quota_id),
    quota_value INTEGER NOT NULL,
    PRIMARY KEY (package_id, quota_id)
) WITHOUT ROWID;

CREATE TABLE package_services (
    package_id INTEGER NOT NULL REFERENCES packages (package_id) ON DELETE CASCADE,
    service_id INTEGER NOT NULL REFERENCES services (service_id),
    PRIMARY KEY (package_id, service_id)
) WITHOUT ROWID;

CREATE TABLE package_addons (
    package_addon_id INTEGER PRIMARY KEY AUTOINCREMENT,
    package_id INTEGER REFERENCES packages (package_id) ON DELETE CASCADE,
    plan_id INTEGER REFERENCES hosting_plans (plan_id),
    quantity INTEGER,
    purchase_date TEXT,
    comments TEXT,
    status_id INTEGER
);
CREATE INDEX package_addons_package ON package_addons (package_id);
CREATE INDEX package_addons_plan ON package_addons (plan_id);

CREATE TABLE package_settings (
    package_id INTEGER NOT NULL REFERENCES packages (package_id) ON DELETE CASCADE,
    settings_name TEXT NOT NULL COLLATE NOCASE,
    property_name TEXT NOT NULL COLLATE NOCASE,
    property_value TEXT,
    PRIMARY KEY (package_id, settings_name, property_name)
) WITHOUT ROWID;

-- item_type: home_folder, site, ftp_account, mail_domain, mail_account, dns_zone, organization, database ...
CREATE TABLE service_items (
    item_id INTEGER PRIMARY KEY AUTOINCREMENT,
    package_id INTEGER REFERENCES packages (package_id),
    service_id INTEGER REFERENCES services (service_id),
    group_id INTEGER NOT NULL REFERENCES resource_groups (group_id),
    item_type TEXT NOT NULL,
    item_name TEXT NOT NULL,
    item_key TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    created_date TEXT
);
CREATE INDEX service_items_package ON service_items (package_id);
CREATE INDEX service_items_name ON service_items (item_type, item_key);

CREATE TABLE service_item_properties (
    item_id INTEGER NOT NULL REFERENCES service_items (item_id) ON DELETE CASCADE,
    property_name TEXT NOT NULL,
    property_value TEXT,
    PRIMARY KEY (item_id, property_name)
) WITHOUT ROWID;

CREATE TABLE domains (
    domain_id INTEGER PRIMARY KEY AUTOINCREMENT,
    package_id INTEGER NOT NULL REFERENCES packages (package_id),
    zone_item_id INTEGER REFERENCES service_items (item_id),
    domain_item_id INTEGER,
    domain_name TEXT NOT NULL,
    domain_key TEXT NOT NULL,
    hosting_allowed INTEGER NOT NULL DEFAULT 0,
    web_site_id INTEGER REFERENCES service_items (item_id),
    mail_domain_id INTEGER REFERENCES service_items (item_id),
    is_sub_domain INTEGER NOT NULL DEFAULT 0,
    is_preview_domain INTEGER NOT NULL DEFAULT 0,
    is_domain_pointer INTEGER NOT NULL DEFAULT 0,
    creation_date TEXT,
    expiration_date TEXT,
    last_update_date TEXT,
    registrar_name TEXT
);
CREATE INDEX domains_key ON domains (domain_key);
CREATE INDEX domains_package ON domains (package_id);

CREATE TABLE comments (
    comment_id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_type_id TEXT NOT NULL COLLATE NOCASE,
    item_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (user_id),
    created_date TEXT,
    comment_text TEXT,
    severity_id INTEGER
);
CREATE INDEX comments_item ON comments (item_type_id, item_id);
CREATE INDEX comments_user ON comments (user_id);

-- record_number keeps the order of writing; record_id is the key that the panel shows.
CREATE TABLE audit_log (
    record_number INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id TEXT NOT NULL UNIQUE,
    severity_id INTEGER NOT NULL,
    user_id INTEGER,
    username TEXT,
    effective_user_id INTEGER,
    package_id INTEGER,
    item_id INTEGER,
    item_name TEXT,
    source_name TEXT NOT NULL,
    task_name TEXT NOT NULL,
    start_date TEXT NOT NULL,
    finish_date TEXT NOT NULL,
    execution_log TEXT
);
CREATE INDEX audit_log_start ON audit_log (start_date);

CREATE TABLE schedules (
    schedule_id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL,
    package_id INTEGER REFERENCES packages (package_id) ON DELETE CASCADE,
    schedule_name TEXT,
    schedule_type_id TEXT,
    interval INTEGER,
    from_time TEXT,
    to_time TEXT,
    start_time TEXT,
    last_run TEXT,
    next_run TEXT,
    enabled INTEGER NOT NULL DEFAULT 0,
    priority_id TEXT,
    histories_number INTEGER,
    max_execution_time INTEGER,
    week_month_day INTEGER
);

-- Every letter that the panel would have mailed.
CREATE TABLE outbox (
    letter_id INTEGER PRIMARY KEY AUTOINCREMENT,
    sent TEXT NOT NULL,
    letter TEXT NOT NULL,
    user_id INTEGER,
    package_id INTEGER,
    sender TEXT,
    recipient TEXT,
    bcc TEXT,
    subject TEXT,
    priority TEXT,
    is_html INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    handed_over TEXT
);

CREATE TABLE request_log (
    request_number INTEGER PRIMARY KEY AUTOINCREMENT,
    received TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    service TEXT,
    operation TEXT,
    caller TEXT,
    status INTEGER,
    outcome TEXT,
    seconds REAL,
    request BLOB,
    reply BLOB
);
"""
