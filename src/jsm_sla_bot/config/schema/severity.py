"""The severities: the only place in the configuration where their names are spelled (R1, R15)."""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar, get_args

from jsm_sla_bot.config.schema.base import Shape, wrong

T = TypeVar("T")

SeverityName = Literal["S1", "S2", "S3", "S4"]

SEVERITIES: Mapping[str, int] = {
    name: number for number, name in enumerate(get_args(SeverityName), start=1)
}
"""The severities' numbers by their names, the most severe first."""


def switched(value: object, shape: type[Shape]) -> object:
    """Read the short forms of what is turned on by severity: `true` for all of them, `false` for none."""
    match value:
        case True:
            return {}
        case False:
            return {"severities": []}
        case None | dict():
            return value
        case _ if isinstance(value, shape):
            return value
        case _:
            raise wrong("true, false or keys with values")


class BySeverity(Shape, Generic[T]):
    """Something for each severity."""

    S1: T
    """Critical (R15)."""
    S2: T
    """Major (R15)."""
    S3: T
    """Medium (R15)."""
    S4: T
    """Low (R15)."""

    def by_number(self) -> dict[int, T]:
        """Return what each severity has, by its number."""
        return {
            number: getattr(self, name) for name, number in SEVERITIES.items()
        }


class BySomeSeverities(Shape, Generic[T]):
    """Something for those severities that are named."""

    S1: T | None = None
    """Critical (R15)."""
    S2: T | None = None
    """Major (R15)."""
    S3: T | None = None
    """Medium (R15)."""
    S4: T | None = None
    """Low (R15)."""

    def by_number(self) -> dict[int, T]:
        """Return what those severities have that are named, by their numbers."""
        every = {
            number: getattr(self, name) for name, number in SEVERITIES.items()
        }
        return {
            number: given
            for number, given in every.items()
            if given is not None
        }
