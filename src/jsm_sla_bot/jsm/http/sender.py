"""One call to Jira: sent as often as is right, within the limits, and read to its end."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import structlog

from jsm_sla_bot.jsm.errors import (
    ConflictError,
    DistrustError,
    GarbledError,
    NotSentError,
    RateLimitedError,
    StoppedError,
    TerminalError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http import body, unreachable
from jsm_sla_bot.jsm.http.client import client_for
from jsm_sla_bot.jsm.http.limiter import Limiter, Ticket
from jsm_sla_bot.jsm.http.options import Conduct, Exchange
from jsm_sla_bot.jsm.http.response import Answer, Call, call, payload
from jsm_sla_bot.jsm.http.retry import SHORTEST_SPREAD, Gate, lane_of
from jsm_sla_bot.jsm.http.urgency import current_urgency
from jsm_sla_bot.jsm.json_values import Json
from jsm_sla_bot.ports.sign_in import SignIn

_log = structlog.get_logger(__name__)
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it leaves: what of the library's own is passed on."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None


class Sender:
    """Sends one request as often as is right. Safe to use from several threads; `close` it at the end."""

    def __init__(self, url: str, auth: SignIn, conduct: Conduct) -> None:
        """Open nothing yet. Raises TerminalError for proxies and certificates that can't be used."""
        self._client = client_for(url, auth, conduct)
        self._conduct = conduct
        self._gate = Gate(conduct.monotonic)
        self.limiter = Limiter(conduct.rates, conduct.monotonic, conduct.chance)
        self._aborted = False

    def close(self) -> None:
        """Close the connections."""
        self._client.http.close()

    def abort(self) -> None:
        """Hang up at once, whatever is under way. Nothing can be sent any more."""
        self._aborted = True
        self._client.network.hang_up()

    def send(self, request: Outgoing) -> tuple[Answer, Json]:
        """Return a good answer with its JSON; anything else is raised, as `payload` says."""
        path = httpx.URL(request.url).path
        asked = call(request.method, path, request.content)
        started = self._conduct.monotonic()
        ticket = self.limiter.queue(asked, current_urgency())
        attempt = 0
        while True:
            self._pass_gate(asked, started)
            try:
                self._keep_pace(ticket, started)
                found = self._once(asked, request)
            except TransientError as error:
                self._consider(ticket, error, attempt, started)
            else:
                self.limiter.accepted(ticket)
                return found
            finally:
                self.limiter.leave(ticket)
            attempt += 1

    def _once(self, asked: Call, request: Outgoing) -> tuple[Answer, Json]:
        began, status = self._conduct.monotonic(), 0
        try:
            with self._client.network.due_within(self._conduct.answer):
                response = self._client.http.send(self._built(request), stream=True)
                status = response.status_code
                said = _read(asked, response, self._conduct.largest)
            answer = Answer(status, response.headers, said)
            return answer, payload(asked, answer)
        except _NOT_SENT as error:
            raise self._not_sent(asked, error) from error
        except httpx.UnsupportedProtocol as error:
            raise TerminalError(
                f"{asked.endpoint}: the site's address is none"
            ) from error
        except httpx.HTTPError as error:
            raise TransientError(
                f"{asked.endpoint}: no answer from Jira ({type(error).__name__})"
            ) from error
        finally:
            self._conduct.observe(
                Exchange(asked.endpoint, status, self._conduct.monotonic() - began)
            )

    def _not_sent(self, asked: Call, error: httpx.HTTPError) -> NotSentError:
        reason = unreachable.why(error, self._client.route)
        message = f"{asked.endpoint}: no connection to Jira: {reason}"
        return (
            DistrustError(message)
            if unreachable.is_distrust(error)
            else NotSentError(message)
        )

    def _built(self, request: Outgoing) -> httpx.Request:
        return self._client.http.build_request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.content,
        )

    def _consider(
        self, ticket: Ticket, error: TransientError, attempt: int, started: float
    ) -> None:
        """Wait until the call may be tried again, or raise what it came to; a conflict at once."""
        asked = ticket.call
        if ticket.sent_at is None or isinstance(error, ConflictError):
            raise error
        patience = self._conduct.patience
        error.retry_after = patience.asked(error)
        wait = patience.wait(attempt, error, self._conduct.chance())
        is_last = attempt >= patience.tries(error)
        if isinstance(error, RateLimitedError):
            wait = self._slow_down(ticket, error, wait)
        elif asked.has_effect and not isinstance(error, NotSentError):
            self._leave_unknown(error, wait, started)
        if is_last or self._spent(started) + wait > patience.budget:
            error.retry_after = error.retry_after or wait
            raise error
        _log.info(
            "jira_call_repeated",
            endpoint=asked.endpoint,
            attempt=attempt + 1,
            wait=round(wait, 1),
            why=str(error),
        )
        self._rest(0 if isinstance(error, RateLimitedError) else wait)

    def _slow_down(self, ticket: Ticket, error: RateLimitedError, wait: float) -> float:
        """Close what Jira wants fewer calls of; return for how long it is closed to this call."""
        lane = lane_of(ticket.call, error.scope)
        if lane is not None:
            self._gate.close(lane, wait)
            return wait
        self.limiter.refused(ticket, error.retry_after)
        return self.limiter.closed_for(ticket.call)

    def _leave_unknown(
        self, error: TransientError, wait: float, started: float
    ) -> None:
        """Raise what a call with an effect came to: after Jira's advice, so that the look-up honours it too.

        Where that is longer than anybody waits inside a call the look-up is left to a later pass as well.
        """
        why = f"{error}; whether it was carried out is unknown"
        if error.retry_after:
            if self._spent(started) + wait > self._conduct.patience.budget:
                raise TransientError(why, error.retry_after) from error
            self._rest(wait)
        raise UnknownOutcomeError(why, error.retry_after) from error

    def _pass_gate(self, asked: Call, started: float) -> None:
        while (wait := self._gate.wait_for(asked)) > 0:
            self._check_budget(asked, wait, started)
            apart = SHORTEST_SPREAD * self._conduct.chance()
            self._rest(wait + apart)

    def _keep_pace(self, ticket: Ticket, started: float) -> None:
        """Wait for the call's turn. While we shut down a write under way is finished out of turn."""
        while (wait := self.limiter.wait_for(ticket)) > 0 and not self._aborted:
            closed = self.limiter.closed_for(ticket.call)
            if self._conduct.cancel.is_set():
                if closed:
                    raise StoppedError("stopped while Jira wants fewer calls")
                self.limiter.go_out_of_turn(ticket)
                return
            self._check_budget(ticket.call, closed, started)
            (self._conduct.sleep or self._conduct.cancel.wait)(wait)
        if self._aborted:
            raise StoppedError("hung up on Jira")

    def _check_budget(self, asked: Call, wait: float, started: float) -> None:
        patience = self._conduct.patience
        if wait and self._spent(started) + wait > patience.budget:
            at_most = min(wait, patience.longest_asked)
            raise RateLimitedError(f"{asked.endpoint}: Jira wants fewer calls", at_most)

    def _spent(self, started: float) -> float:
        return self._conduct.monotonic() - started

    def _rest(self, seconds: float) -> None:
        """Wait; raise StoppedError where the program stops meanwhile."""
        if seconds:
            (self._conduct.sleep or self._conduct.cancel.wait)(seconds)
        if self._conduct.cancel.is_set():
            raise StoppedError("stopped while waiting for Jira")


def _read(asked: Call, response: httpx.Response, largest: int) -> bytes:
    """Read an answer to its end; one that breaks off is as good as one that cannot be read."""
    try:
        return body.read(response, largest)
    except GarbledError as error:
        raise GarbledError(f"{asked.endpoint}: {error}") from error
    except httpx.HTTPError as error:
        raise GarbledError(
            f"{asked.endpoint}: the answer broke off ({type(error).__name__})"
        ) from error
    finally:
        response.close()
