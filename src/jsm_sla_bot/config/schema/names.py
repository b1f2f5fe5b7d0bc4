"""What things are called on the site: the words that several parts of `jira.yaml` share."""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from jsm_sla_bot.config.schema.base import Text, wrong

ProjectKey = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]


def _one_word(label: str) -> str:
    if any(sign.isspace() for sign in label):
        meant = "-".join(label.split())
        raise wrong("a label, which has no spaces", suggestion=meant)
    return label


Label = Annotated[
    Text,
    AfterValidator(_one_word),
    WithJsonSchema({"type": "string", "pattern": r"^\S+$"}),
]
"""A label as Jira takes one."""
