"""What the engine refuses to guess at. Each message names what was wrong, where, and what to do."""


class ContractError(ValueError):
    """The contract gives no answer for this request; it is set aside with this message."""


class CalendarError(ContractError):
    """A question that a calendar can't answer, such as an instant outside of its snapshot (D16)."""


class SeverityError(ContractError):
    """A severity for which the policy has no target."""


class RequestError(ContractError):
    """A request or an instant that makes no sense, such as one without a time zone or an entry of another type."""
