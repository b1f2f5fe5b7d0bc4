"""An environment that works, to spoil."""

SITE = "https://example.atlassian.net"
GATEWAY = "https://api.atlassian.com/ex/jira/0a1b"
SECRET = "s3cr3t-t0k3n"
INTERVAL = "expected a duration from 1 s to 24 h, such as 30, 30s or '2 min'"


def env(**given: str | None) -> dict[str, str]:
    """Return an environment that works, with changes; None takes a variable out."""
    values = {
        "URL": SITE,
        "EMAIL": "bot@example.com",
        "API_TOKEN": SECRET,
        "CONFIG_DIR": "conf",
    } | given
    return {
        f"JSM_SLA_BOT_{name}": value
        for name, value in values.items()
        if value is not None
    }


BEARER = {"EMAIL": None, "API_TOKEN": None, "BEARER_TOKEN": SECRET}
