"""Webhooks: signed as Standard Webhooks says, so that any library for it verifies them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from activities.contacts import ContactsError, Webhook, trusted
from domain.delivery import Failed, Outcome, Sent, Trouble

_LONGEST_WAIT: Final = timedelta(days=1)
_TRY_AGAIN: Final = (408, 429)


def send(hook: Webhook, content: Mapping[str, object], message_id: str, real: datetime) -> Outcome:
    """Post one message. Only 2xx means that the receiver has it; it is never led elsewhere."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        headers = signed(message_id, int(real.timestamp()), body, _keys(hook))
        with urllib3.PoolManager(ssl_context=trusted(hook.ca_file)) as pool:
            response = pool.request(
                "POST",
                hook.url,
                body=body,
                headers=headers,
                timeout=urllib3.Timeout(total=hook.timeout_seconds),
                retries=False,
                redirect=False,
                # What a receiver says is not read: it may be long, or slow, or private.
                preload_content=False,
            )
            response.close()
    except ContactsError:
        return Failed(trouble=Trouble.CREDENTIALS)
    except SSLError:
        return Failed(trouble=Trouble.TLS)
    except NewConnectionError:
        return Failed(trouble=Trouble.UNREACHABLE)
    except (ConnectTimeoutError, ReadTimeoutError):
        return Failed(trouble=Trouble.TIMEOUT)
    except (HTTPError, OSError):
        return Failed(trouble=Trouble.UNREACHABLE)
    return _answered(response.status, response.headers.get("Retry-After"), real)


def signed(message_id: str, timestamp: int, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers; every key signs, so that old and new ones verify while they change."""
    content = f"{message_id}.{timestamp}.".encode() + body
    marks = (base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": message_id,
        "User-Agent": "ntm",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }


def _keys(hook: Webhook) -> tuple[bytes, ...]:
    return tuple(secret.key() for secret in hook.secrets)


def _answered(status: int, retry_after: str | None, real: datetime) -> Outcome:
    if 200 <= status < 300:
        return Sent()
    if status >= 500 or status in _TRY_AGAIN:
        return Failed(trouble=Trouble.SERVER, wait=_wait(retry_after, real))
    return Failed(trouble=Trouble.REFUSED, for_good=True)


def _wait(retry_after: str | None, real: datetime) -> timedelta:
    """How long the receiver asked for: seconds or a date (RFC 9110, 10.2.3); a day at most."""
    if not retry_after:
        return timedelta(0)
    if retry_after.isascii() and retry_after.isdigit():
        wanted = timedelta(seconds=min(int(retry_after[:9]), 86_400))
    else:
        try:
            until = parsedate_to_datetime(retry_after)
        except ValueError:
            return timedelta(0)
        wanted = (until if until.tzinfo else until.replace(tzinfo=UTC)) - real
    return min(max(wanted, timedelta(0)), _LONGEST_WAIT)
