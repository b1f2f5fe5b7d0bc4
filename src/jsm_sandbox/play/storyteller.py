"""A story played for people to watch: at its own pace, told line by line, while the page shows it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from jsm_sandbox.play.stories import Story
from jsm_sandbox.play.story import Desk
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.virtual_clock import VirtualClock


class _EndedError(Exception):
    """Whoever watched has left."""


@dataclass(frozen=True, slots=True)
class Storyteller:
    """Tells a story on a tracker whose clock is ``clock``; ``pace`` story seconds pass in one second."""

    tracker: Tracker
    clock: VirtualClock
    story: Story
    tell: Callable[[str], None]
    pace: float

    def run(self, stop: threading.Event) -> None:
        """Tell it to the end or until told to stop; what the desk should show is told, not insisted on."""

        def pass_time(span: timedelta) -> None:
            end = self.clock.now() + span
            if stop.wait(span.total_seconds() / self.pace):
                raise _EndedError
            self.clock.set(max(end, self.clock.now()))

        try:
            self.story.play(
                Desk(self.tracker, pass_time, self.tell, checks=False)
            )
        except _EndedError:
            return
        self.clock.set(speed=1)
        self.tell("That was the story.")
