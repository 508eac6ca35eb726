"""Mail: where the letters of the outbox are handed over, for who wants to see them arrive."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resellerplan.simpanel.store import Store

__all__ = ["SmtpServer"]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over besides the outbox."""

    host: str
    port: int

    def deliver(self, store: Store, letter_id: int) -> None:
        """Hand one letter of the outbox to the server; what becomes of it is noted in the outbox, and never raised."""
        with store.reading() as db:
            letter = db.execute("SELECT * FROM outbox WHERE letter_id = ?", (letter_id,)).fetchone()
        message = EmailMessage()
        message["From"] = letter["sender"] or "panel@localhost"
        message["To"] = letter["recipient"]
        message["Subject"] = re.sub(r"[\r\n]+", " ", letter["subject"] or "")
        message.set_content(letter["body"], subtype="html" if letter["is_html"] else "plain")
        recipients = [letter["recipient"], *([letter["bcc"]] if letter["bcc"] else [])]
        try:
            with smtplib.SMTP(self.host, self.port, timeout=10) as server:
                server.send_message(message, to_addrs=recipients)
            outcome = "accepted"
        except (OSError, smtplib.SMTPException, ValueError) as error:
            outcome = f"{type(error).__name__}: {error}"
        with store.writing() as db:
            db.execute("UPDATE outbox SET handed_over = ? WHERE letter_id = ?", (outcome, letter_id))
