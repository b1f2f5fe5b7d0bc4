"""The story of five days of everyday work, one function a day."""

from __future__ import annotations

from jsm_sandbox.play.story import Desk, Request

NX = "Outscan NX"
EASM = "EASM"


def ordinary_week(desk: Desk) -> None:
    """Five days of everyday work: answered in time, answered late, withdrawn, never measured."""
    in_time, withdrawn = _monday(desk)
    late = _tuesday(desk, in_time, withdrawn)
    raised = _wednesday(desk, late, withdrawn)
    _thursday(desk, late, raised)
    _friday(desk, late, in_time, raised)


def _monday(desk: Desk) -> tuple[Request, Request]:
    """One request is answered in time, one is a wish, and one will be withdrawn."""
    acme = desk.customer("Acme")
    fjord = desk.customer("Fjord")
    in_time = acme.raises("Report export is empty", severity=3, product=NX)
    wish = fjord.raises(
        "Dark mode, please", request_type="Feature request", product=NX
    )
    desk.wait(hours=3)
    mia = desk.agent("Mia")
    mia.notes(in_time)
    desk.shows(
        in_time,
        response_sla="Running",
        response_due="2026-03-04T17:00+01:00",
        support_tier="Knowledge",
    )
    desk.shows(wish, response_sla="Not applicable")
    mia.comments_publicly(in_time)
    borealis = desk.customer("Borealis")
    withdrawn = borealis.raises("Login loops", severity=2, product=EASM)
    return in_time, withdrawn


def _tuesday(desk: Desk, in_time: Request, withdrawn: Request) -> Request:
    """The customer withdraws a request; another is raised that nobody will answer in time."""
    desk.until("2026-03-03T09:30+01:00")
    desk.shows(in_time, response_sla="Met")
    withdrawn.closes()
    nordbank = desk.customer("Nordbank")
    return nordbank.raises("Crawler stops", severity=3, product=EASM)


def _wednesday(desk: Desk, late: Request, withdrawn: Request) -> Request:
    """A request is raised whose severity is set too low."""
    desk.until("2026-03-04T10:00+01:00")
    desk.shows(withdrawn, response_sla="Not applicable")
    desk.shows(
        late, response_due="2026-03-05T09:30+01:00", support_tier="Expert"
    )
    lighthouse = desk.customer("Lighthouse")
    return lighthouse.raises("Scans are slow", severity=4, product=NX)


def _thursday(desk: Desk, late: Request, raised: Request) -> None:
    """The late request is breached and taken; the other's severity is raised."""
    desk.until("2026-03-05T10:00+01:00")
    desk.shows(
        late,
        response_sla="Breached",
        priority="P1 Urgent",
        status="Escalated",
        public_notes=0,
    )
    jonas = desk.agent("Jonas")
    jonas.takes(late)
    jonas.sets_severity(raised, 3)


def _friday(
    desk: Desk, late: Request, in_time: Request, raised: Request
) -> None:
    """Two requests are resolved, and a customer reopens one of them."""
    desk.until("2026-03-06T16:00+01:00")
    desk.shows(late, response_sla="Met late")
    mia = desk.agent("Mia")
    mia.resolves(in_time)
    in_time.reopens()
    mia.resolves(raised)
    desk.wait(hours=1)
    desk.shows(in_time, response_sla="Met", status="Waiting for support")
    desk.shows(raised, response_sla="Met")
