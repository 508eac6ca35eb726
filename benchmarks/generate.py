"""An estate of N customers with a space each on 20 plans: the manifest, and the world of a panel that is already so.

    python benchmarks/generate.py 1000 FOLDER [--contact]

writes FOLDER/world.yaml (for `resellerplan panel seed`) and FOLDER/resellerplan.yaml. With ``--contact`` the manifest also manages
the address and the telephone, which only the full record of a customer holds, so that each costs a call of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

PLANS = 20
RESELLER = "brightweb"
PASSWORD = "Reseller-Pw1!"


def groups(plan: int) -> str:
    """The groups of one plan, the same for the manifest and the world."""
    return (
        f"{{OS: {{Diskspace: {plan + 1} GB, Bandwidth: {10 * (plan + 1)} GB, Domains: {plan + 1}}}, Web: {{Sites: {plan + 1}}}, "
        f"FTP: {{Accounts: {plan + 1}}}, Mail: {{Accounts: {5 * (plan + 1)}}}, DNS: {{Editor: true}}}}"
    )


def customer(number: int, *, contact: bool, world: bool) -> Iterator[str]:
    """The fields of one customer, as `key: value` in flow style."""
    phone = "primary_phone" if world else "phone"
    yield f"username: c{number:06}"
    yield f'first_name: "Vorname {number}"'
    yield f'last_name: "Kundin-Müller {number}"'
    yield f"email: c{number:06}@customers.example"
    if contact or world:
        yield f'address: "Straße {number}"'
        yield "city: Dresden"
        yield f'zip: "{1067 + number % 300:05}"'
        yield "country: DE"
        yield f'{phone}: "+49 351 {number:06}"'


def manifest(count: int, *, contact: bool) -> Iterator[str]:
    """The lines of the manifest."""
    yield "version: 1"
    yield "plans:"
    for plan in range(PLANS):
        yield f"  - name: Plan {plan:02}"
        yield f"    groups: {groups(plan)}"
        yield f"    price: {{setup: 0, recurring: {plan + 1}.90, every: 1 month}}"
    yield "customers:"
    for number in range(count):
        fields = list(customer(number, contact=contact, world=False))
        yield f"  - {fields[0]}"
        yield from (f"    {field}" for field in fields[1:])
        yield f"    spaces: [{{name: Space {number:06}, plan: Plan {number % PLANS:02}}}]"


def world(count: int) -> Iterator[str]:
    """The lines of the world in which everything is as the manifest says."""
    yield "flavour: fusecp-2-ef"
    yield "servers: [{name: web01, virtual: true, services: [OS, Web, FTP, Mail, DNS]}]"
    yield "plans:"
    yield (
        "  - {name: Reseller L, owner: serveradmin, server: web01, groups: {OS: {Diskspace: unlimited, Bandwidth: unlimited, "
        "Domains: unlimited}, Web: {Sites: unlimited}, FTP: {Accounts: unlimited}, Mail: {Accounts: unlimited}, "
        "DNS: {Editor: true}}}"
    )
    for plan in range(PLANS):
        yield (f'  - {{name: Plan {plan:02}, owner: {RESELLER}, groups: {groups(plan)}, recurring_price: "{plan + 1}.90"}}')
    yield "users:"
    yield f"  - {{username: {RESELLER}, role: reseller, owner: serveradmin, password: {PASSWORD}, email: info@brightweb.example}}"
    for number in range(count):
        yield f"  - {{owner: {RESELLER}, password: Kunde-Pw1!, {', '.join(customer(number, contact=True, world=True))}}}"
    yield "spaces:"
    yield f"  - {{user: {RESELLER}, plan: Reseller L, name: Reseller L}}"
    for number in range(count):
        yield f"  - {{user: c{number:06}, plan: Plan {number % PLANS:02}, name: Space {number:06}}}"


def write(count: int, folder: Path, *, contact: bool) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "world.yaml").write_text("\n".join(world(count)) + "\n", encoding="utf-8")
    (folder / "resellerplan.yaml").write_text("\n".join(manifest(count, contact=contact)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]), contact="--contact" in sys.argv)
