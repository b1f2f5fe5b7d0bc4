"""What is written to requests that can't be judged: the answer to an agent who asks why, and nothing else.

Stands at the edge of a pass: such a request is set aside and looked at again later, whether or not the answer could be
written. Runs in the pass's own thread; what goes wrong with one request keeps no other from its answer.
"""

from collections.abc import Callable, Sequence

import structlog

from jsm_sla_bot.passes.one_pass import Chunk
from jsm_sla_bot.passes.write_locks import WriteLocks
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.errors import (
    IdentityError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.ports.site import SetAside

log = structlog.get_logger()


def answer_unjudged(
    asides: Sequence[SetAside],
    chunk: Chunk,
    locks: WriteLocks,
    is_halted: Callable[[], bool],
) -> int:
    """Tell agents who ask why that their requests can't be judged; return how much was written.

    Raises IdentityError; whatever else goes wrong is tried again when the request is looked at again.
    """
    written = 0
    for one in asides:
        if one.answer is not None and not is_halted():
            written += _answered(one.id, one.answer, chunk, locks)
    return written


def _answered(
    identity: str, plan: Plan, chunk: Chunk, locks: WriteLocks
) -> int:
    """Write one answer, unless somebody has written to the request since it was read."""
    with locks.writing(identity, chunk.version) as is_fresh:
        if not is_fresh:
            return 0
        try:
            return chunk.edition.sink.apply(plan).writes
        except IdentityError:
            raise
        except (TransientError, TerminalError) as error:
            log.warning("request_not_answered", key=plan.key, why=str(error))
            return 0
