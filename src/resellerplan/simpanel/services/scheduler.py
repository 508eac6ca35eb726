"""esScheduler (1.x only, contract 7.2): what is known of it. Its other calls answer the fault that names them.

No reply of this service was recorded and no section states one, so lists of schedules and changes to them would be inventions.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from resellerplan.simpanel.dispatch import operation
from resellerplan.simpanel.rules import rule

if TYPE_CHECKING:
    from resellerplan.simpanel.call import Call

SERVER_TIME = rule("scheduler.server_time", "7.2, 6.6", "GetSchedulerTime is the server's local time, in which schedules are kept.")


@operation("esScheduler", "GetSchedulerTime")
def get_scheduler_time(call: Call) -> datetime:
    return call.now() if call.on(SERVER_TIME) else datetime.min
