"""Mail: one message to one address, verified, timed and never twice under another id."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from activities.contacts import ContactsError, Mail, trusted
from activities.letters import Letter
from domain.delivery import Failed, Outcome, Sent, Trouble

# Seven bits pass every relay; the text is encoded, never changed.
_FORM = policy.SMTP.clone(cte_type="7bit", max_line_length=76)


def send(mail: Mail, to: str, letter: Letter, message_id: str, real: datetime) -> Outcome:
    """Hand one letter to the server; what it means by its answer is the outcome."""
    message = written(mail, to, letter, message_id, real)
    try:
        with _server(mail) as server:
            server.send_message(message, mail.sender, [to])
    except smtplib.SMTPRecipientsRefused as refused:
        code, _ = refused.recipients.get(to, (450, b""))
        return _answered(code)
    except smtplib.SMTPDataError as refused:
        return _answered(refused.smtp_code)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, ContactsError):
        return Failed(trouble=Trouble.CREDENTIALS)
    except (ssl.SSLError, smtplib.SMTPNotSupportedError):
        # No STARTTLS, no name we trust: nothing goes out in the clear instead.
        return Failed(trouble=Trouble.TLS)
    except TimeoutError:
        return Failed(trouble=Trouble.TIMEOUT)
    except smtplib.SMTPServerDisconnected:
        return Failed(trouble=Trouble.UNREACHABLE)
    except smtplib.SMTPException:
        return Failed(trouble=Trouble.SERVER)
    except OSError:
        return Failed(trouble=Trouble.UNREACHABLE)
    return Sent()


def written(mail: Mail, to: str, letter: Letter, message_id: str, real: datetime) -> EmailMessage:
    """The message as it goes out. A header with a line break cannot be built: it raises."""
    message = EmailMessage(policy=_FORM)
    message["From"] = Address("NTM", addr_spec=mail.sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(real)
    message["Message-ID"] = f"<{message_id}@{mail.sender.partition('@')[2]}>"
    # Nobody's holiday reply is wanted, and it must not come back as one.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


@contextmanager
def _server(mail: Mail) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted and logged in, and closed whatever happens."""
    named = os.uname().nodename
    context = None if mail.security == "none" else trusted(mail.ca_file)
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, named, timeout=mail.timeout_seconds, context=context
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, named, timeout=mail.timeout_seconds)
    try:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user is not None and mail.password is not None:
            server.login(mail.user, mail.password.read())
        yield server
        with suppress(smtplib.SMTPException, OSError):
            # It has the message already: a bad farewell must not send it again.
            server.quit()
    finally:
        server.close()


def _answered(code: int) -> Failed:
    """4xx is for now, 5xx is for good (RFC 5321, 4.2.1)."""
    if code < 500:
        return Failed(trouble=Trouble.SERVER)
    return Failed(trouble=Trouble.REFUSED, for_good=True)
