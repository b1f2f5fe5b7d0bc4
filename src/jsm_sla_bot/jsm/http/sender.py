"""One call to Jira: sent as often as is right, within the limits, until it is answered or patience ends.

Only what a call waits for itself counts: its attempts, and the pauses after them. To wait for one's turn costs no
patience, however many others are in front, for as long as Jira takes any of them.
"""

from dataclasses import dataclass

import structlog

from jsm_sla_bot.jsm.errors import (
    ConflictError,
    NotSentError,
    RateLimitedError,
    StoppedError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http.answers import Answers
from jsm_sla_bot.jsm.http.client import client_for
from jsm_sla_bot.jsm.http.exchange import Bounds, Outgoing, exchange
from jsm_sla_bot.jsm.http.limiter import Limiter, Ticket
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.response import Answer, Call, call
from jsm_sla_bot.jsm.http.retry import SHORTEST_SPREAD, Gate, lane_of
from jsm_sla_bot.jsm.http.urgency import current_urgency
from jsm_sla_bot.jsm.json_values import Json
from jsm_sla_bot.ports.sign_in import SignIn

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Effort:
    """What one call has cost so far: attempts, and seconds of its own."""

    ticket: Ticket
    attempt: int = 0
    """The running number of the attempt; 0 is the first."""
    spent: float = 0.0

    @property
    def call(self) -> Call:
        return self.ticket.call


class Sender:
    """Sends one request as often as is right. Safe to use from several threads; `close` it at the end."""

    def __init__(self, url: str, auth: SignIn, options: HttpOptions) -> None:
        """Open nothing yet. Raises TerminalError for proxies and certificates that can't be used."""
        self._client = client_for(url, auth, options)
        self._bounds = Bounds(options.answer, options.largest)
        self._options = options
        self._gate = Gate(options.monotonic)
        self.limiter = Limiter(
            options.rates, options.monotonic, options.chance
        )
        self.answers = Answers()
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
        asked = call(request.method, request.path, request.content)
        effort = _Effort(self.limiter.queue(asked, current_urgency()))
        while True:
            self._pass_gate(effort)
            try:
                self._keep_pace(effort)
                found = self._attempt(effort, request)
            except TransientError as error:
                self._consider(effort, error)
            else:
                self.limiter.accepted(effort.ticket)
                return found
            finally:
                self.limiter.leave(effort.ticket)
            effort.attempt += 1

    def _attempt(
        self, effort: _Effort, request: Outgoing
    ) -> tuple[Answer, Json]:
        began = self._options.monotonic()
        try:
            return exchange(
                self._client, effort.call, request, self._bounds, self.answers
            )
        finally:
            effort.spent += self._options.monotonic() - began

    def _consider(self, effort: _Effort, error: TransientError) -> None:
        """Wait until the call may be tried again, or raise what it came to; a conflict at once."""
        was_sent = effort.ticket.sent_at is not None
        if not was_sent or isinstance(error, ConflictError):
            raise error
        patience = self._options.patience
        error.retry_after = patience.asked(error)
        wait = patience.wait(effort.attempt, error, self._options.chance())
        if isinstance(error, RateLimitedError):
            wait = self._slow_down(effort.ticket, error, wait)
        elif effort.call.has_effect and not isinstance(error, NotSentError):
            self._leave_unknown(effort, error, wait)
        is_last = effort.attempt >= patience.tries(error)
        if is_last or self._is_too_long(effort, wait):
            error.retry_after = error.retry_after or wait
            raise error
        _log_repeated(effort, error, wait)
        if isinstance(error, RateLimitedError):
            effort.spent += self.limiter.closed_for(effort.call)
        else:
            self._rest(effort, wait)

    def _slow_down(
        self, ticket: Ticket, error: RateLimitedError, wait: float
    ) -> float:
        """Close what Jira wants fewer calls of; return for how long it is closed to this call."""
        lane = lane_of(ticket.call, error.scope)
        if lane is not None:
            self._gate.close(lane, wait)
            return wait
        self.limiter.refused(ticket, error.retry_after)
        return self.limiter.closed_for(ticket.call)

    def _leave_unknown(
        self, effort: _Effort, error: TransientError, wait: float
    ) -> None:
        """Raise what a call with an effect came to: after Jira's advice, so that the look-up honours it too.

        Where that is longer than anybody waits inside a call the look-up is left to a later pass as well.
        """
        why = f"{error}; whether it was carried out is unknown"
        if error.retry_after:
            if self._is_too_long(effort, wait):
                raise TransientError(why, error.retry_after) from error
            self._rest(effort, wait)
        raise UnknownOutcomeError(why, error.retry_after) from error

    def _pass_gate(self, effort: _Effort) -> None:
        while (wait := self._gate.wait_for(effort.call)) > 0:
            if self._is_too_long(effort, wait):
                raise self._refused_for(effort.call, wait)
            apart = SHORTEST_SPREAD * self._options.chance()
            self._rest(effort, wait + apart)

    def _keep_pace(self, effort: _Effort) -> None:
        """Wait for the call's turn. While we shut down a write under way is finished out of turn."""
        ticket = effort.ticket
        while (
            wait := self.limiter.wait_for(ticket)
        ) > 0 and not self._aborted:
            closed = self.limiter.closed_for(ticket.call)
            if self._options.cancel.is_set():
                if closed:
                    raise StoppedError("stopped while Jira wants fewer calls")
                self.limiter.go_out_of_turn(ticket)
                return
            self._check_closure(ticket.call, closed)
            self._sleep(wait)
        if self._aborted:
            raise StoppedError("hung up on Jira")

    def _check_closure(self, asked: Call, closed: float) -> None:
        """Raise RateLimitedError where Jira has taken nobody's calls for longer than anybody waits, or will not."""
        stuck = self.limiter.stuck_for(asked)
        if closed and stuck + closed > self._options.patience.budget:
            raise self._refused_for(asked, closed)

    def _refused_for(self, asked: Call, seconds: float) -> RateLimitedError:
        at_most = min(seconds, self._options.patience.longest_asked)
        return RateLimitedError(
            f"{asked.endpoint}: Jira wants fewer calls", at_most
        )

    def _is_too_long(self, effort: _Effort, wait: float) -> bool:
        return effort.spent + wait > self._options.patience.budget

    def _rest(self, effort: _Effort, seconds: float) -> None:
        """Wait; raise StoppedError where the program stops meanwhile."""
        effort.spent += seconds
        if seconds:
            self._sleep(seconds)
        if self._options.cancel.is_set():
            raise StoppedError("stopped while waiting for Jira")

    def _sleep(self, seconds: float) -> None:
        wait = self._options.sleep or self._options.cancel.wait
        wait(seconds)


def _log_repeated(effort: _Effort, error: TransientError, wait: float) -> None:
    _log.info(
        "jira_call_repeated",
        endpoint=effort.call.endpoint,
        attempt=effort.attempt + 1,
        wait=round(wait, 1),
        why=str(error),
    )
