"""Mail by SMTP: one thread for each story, marked as written by a machine so that no absence notice answers it.

A notice that is sent twice has the same Message-ID: most mailboxes keep it once, none has to.
"""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.ports.notify import (
    Before,
    NotDeliveredError,
    Notice,
    NoticeRefusedError,
    Receipt,
)
from jsm_sla_bot.text.outside import outside

_PERMANENT = 500
_SECONDS = 20.0


class Sealing(StrEnum):
    """How the connection is sealed."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `user` and `password` come together or not at all."""

    host: str
    port: int
    sealing: Sealing = Sealing.STARTTLS
    user: str | None = None
    password: SecretFile | None = None
    context: ssl.SSLContext | None = None
    seconds: float = _SECONDS


@dataclass(frozen=True, slots=True)
class Mail:
    """People by mail."""

    server: Server
    sender: str
    to: Sequence[str]

    @property
    def has_key(self) -> bool:
        """Whether a notice arrives once: a mailbox may keep both."""
        return False

    def deliver(self, notice: Notice, before: Before) -> Receipt:  # noqa: ARG002 - the story's thread has a fixed name
        """Send it."""
        letter = self._letter(notice)
        is_sent = False
        try:
            with _opened(self.server) as smtp:
                is_sent = True
                smtp.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refusal(min(codes)) from None
        except smtplib.SMTPResponseException as error:
            if is_sent and error.smtp_code >= _PERMANENT:
                raise _refusal(error.smtp_code) from None
            why = f"the mail server answered {error.smtp_code}"
            raise NotDeliveredError(why) from None
        except (smtplib.SMTPException, OSError) as error:
            why = f"the mail server did not answer ({type(error).__name__})"
            raise NotDeliveredError(why, is_unknown=is_sent) from None
        return Receipt(str(letter["Message-ID"]))

    def _letter(self, notice: Notice) -> EmailMessage:
        domain = self.sender.rpartition("@")[2]
        thread = f"<{notice.thread}@{domain}>"
        letter = EmailMessage()
        letter["From"] = self.sender
        letter["To"] = ", ".join(self.to)
        letter["Subject"] = outside(notice.title)
        letter["Message-ID"] = f"<{notice.id}.notice@{domain}>"
        letter["References"] = thread
        letter["In-Reply-To"] = thread
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(notice.text)
        return letter


def _refusal(code: int) -> NotDeliveredError | NoticeRefusedError:
    why = f"the mail server refuses it ({code})"
    return (
        NoticeRefusedError(why)
        if code >= _PERMANENT
        else NotDeliveredError(why)
    )


@contextmanager
def _opened(server: Server) -> Iterator[smtplib.SMTP]:
    """Open a connection and sign in. Raises OSError, SMTPException, NotDeliveredError."""
    context = server.context or ssl.create_default_context()
    where = (server.host, server.port)
    if server.sealing is Sealing.TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            *where, timeout=server.seconds, context=context
        )
    else:
        smtp = smtplib.SMTP(*where, timeout=server.seconds)
    with smtp:
        if server.sealing is Sealing.STARTTLS:
            smtp.starttls(context=context)
        if server.user and server.password:
            smtp.login(server.user, server.password.read())
        yield smtp
