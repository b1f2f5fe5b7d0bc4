"""What the suite says to the sandbox and hears from it, held against the descriptions pair by pair."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from jsm_sandbox.http.exchanges import Exchange
from tests.contract.descriptions import Descriptions, Operation
from tests.contract.overlay import (
    EMPTY,
    GATEWAY,
    MORE_STATUSES,
    is_undescribed,
)

DAEMON = "jsm-sla-bot"
GARBLED = ("html", "cut-json", "broken-issue")
"""Troubles that are meant to break the contract."""

REFUSALS = range(400, 600)


@dataclass
class Ledger:
    """Counts the pairs and keeps the violations: by the daemon in what it sends, by the sandbox in what it answers."""

    descriptions: Descriptions | None
    """Nothing where others observe, whose ledgers are added."""
    pairs: int = 0
    seconds: float = 0.0
    excused: set[str] = field(default_factory=set)
    daemon: dict[str, str] = field(default_factory=dict)
    sandbox: dict[str, str] = field(default_factory=dict)
    _judged: dict[tuple[int, bytes], list[str]] = field(default_factory=dict)
    """What was wrong with a body, by its validator and its bytes: many are the same."""

    def to_json(self) -> dict[str, Any]:
        """Return what was found, in values that another process can be handed."""
        return {
            "pairs": self.pairs,
            "seconds": self.seconds,
            "daemon": self.daemon,
            "sandbox": self.sandbox,
        }

    def add(self, other: Mapping[str, Any]) -> None:
        """Add what another ledger found; of a violation that both have seen, ours says where."""
        self.pairs += other["pairs"]
        self.seconds += other["seconds"]
        self.daemon = {**other["daemon"], **self.daemon}
        self.sandbox = {**other["sandbox"], **self.sandbox}

    def observe(self, exchange: Exchange) -> None:
        """Check one pair. A test's own client may send nonsense, as long as the sandbox refuses it."""
        where = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if where in self.excused:
            return
        started = time.perf_counter()
        by_daemon = exchange.agent.startswith(DAEMON)
        found = [
            (each, self.daemon if by_daemon else self.sandbox)
            for each in self._sent(exchange)
        ]
        if not by_daemon and exchange.status in REFUSALS:
            found = []
        found += [(each, self.sandbox) for each in self._answered(exchange)]
        for text, side in found:
            side.setdefault(
                f"{exchange.method} {exchange.path}: {exchange.status or 'no answer'}: {text}",
                where,
            )
        self.pairs += 1
        self.seconds += time.perf_counter() - started

    def _operation(self, exchange: Exchange) -> Operation | None:
        if self.descriptions is None:
            message = "a ledger without descriptions observes nothing"
            raise ValueError(message)
        return self.descriptions.find(exchange.method, exchange.path)

    def _sent(self, exchange: Exchange) -> list[str]:
        operation = self._operation(exchange)
        if operation is None:
            known = (
                is_undescribed(exchange.method, exchange.path)
                or exchange.status in GATEWAY
            )
            return [] if known else ["no such operation is described"]
        odd = [
            f"no parameter {name!r} is described"
            for name in exchange.query
            if name not in operation.parameters
        ]
        if operation.request is None:
            return [*odd, "no body is described"] if exchange.sent else odd
        return odd + self._complaints(operation.request, exchange.sent)

    def _answered(self, exchange: Exchange) -> list[str]:
        operation, status = self._operation(exchange), exchange.status
        garbled = (exchange.trouble or "").partition(" ")[0] in GARBLED
        if operation is None or status == 0 or garbled or status in GATEWAY:
            return []
        more = MORE_STATUSES.get((operation.method, operation.path), ())
        if status not in operation.answers and status not in more:
            return ["no such status is described"]
        if status in EMPTY:
            return ["a body where there is none"] if exchange.answered else []
        validator = operation.answers.get(status)
        return (
            []
            if validator is None
            else self._complaints(validator, exchange.answered)
        )

    def _complaints(self, validator: Any, body: bytes) -> list[str]:
        """Return what a validator, which lives as long as the descriptions, finds wrong with a body."""
        key = id(validator), blake2b(body, digest_size=16).digest()
        if key not in self._judged:
            self._judged[key] = _complaints(validator, _decoded(body))
        return self._judged[key]


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace")


def _complaints(validator: Any, value: Any) -> list[str]:
    return [
        f"{each.json_path}: {each.message[:160]}"
        for each in validator.iter_errors(value)
    ]
