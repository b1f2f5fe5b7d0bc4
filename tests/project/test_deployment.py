"""The image and the Compose file: linted, hardened, and speaking of the same settings as the code."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url
from tests.promtool import needs_promtool, promtool

from jsm_sla_bot.settings.environment import read_settings

TOOLS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    """The Dockerfile's text."""
    return (root / "Dockerfile").read_text("utf-8")


@pytest.fixture(scope="module")
def services(root: Path) -> dict[str, Any]:
    """The Compose file's services by name, anchors resolved."""
    loaded: dict[str, Any] = yaml.safe_load(
        (root / "deploy" / "compose.yaml").read_text("utf-8")
    )["services"]
    return loaded


def tool(name: str) -> str:
    """Find a checker beside the interpreter, where make installs it."""
    if not (TOOLS / name).exists():
        pytest.skip(f"{name} is not installed")
    return str(TOOLS / name)


def final_stage(dockerfile: str) -> str:
    """What the image is made of, in contrast to what it is built with."""
    return dockerfile[dockerfile.rindex("\nFROM ") :]


def instruction(dockerfile: str, name: str) -> str:
    """The last use of an instruction in the final stage, without its name."""
    return str(
        re.findall(rf"^{name} (.*)$", final_stage(dockerfile), re.MULTILINE)[
            -1
        ]
    )


def test_the_dockerfile_has_no_lint(root: Path) -> None:
    """Hadolint knows the mistakes that a build does not mind."""
    found = subprocess.run(
        [tool("hadolint"), str(root / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.slow
def test_the_compose_file_keeps_to_the_specification(root: Path) -> None:
    """A key that Compose does not know is a key that does nothing."""
    found = subprocess.run(
        [
            tool("check-jsonschema"),
            "--builtin-schema",
            "vendor.compose-spec",
            str(root / "deploy" / "compose.yaml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_the_image_runs_as_a_numeric_user_that_is_not_root(
    dockerfile: str,
) -> None:
    """Kubernetes' runAsNonRoot can only see it in a number."""
    user, _, group = instruction(dockerfile, "USER").partition(":")
    assert min(int(user), int(group)) >= 1000


def test_the_image_for_a_real_site_holds_no_sandbox(
    root: Path, dockerfile: str
) -> None:
    """Unless a build asks for it, the fake JSM and what serves it are taken out of what the image is copied from."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    libraries = [
        re.split(r"[<>=\[]", text)[0]
        for text in project["optional-dependencies"]["sandbox"]
    ]
    stage = dockerfile.partition("FROM build AS installed\n")[2]
    removed = stage.partition("\nFROM ")[0]
    assert "ARG SANDBOX=without\n" in removed
    assert "      without) /opt/build/bin/pip" in removed
    assert "--from=build /opt" not in final_stage(dockerfile)
    for name in (*libraries, "site-packages/jsm_sandbox"):
        assert name in removed


def test_the_daemon_is_the_first_process(dockerfile: str) -> None:
    """In the exec form no shell stands between the daemon and SIGTERM."""
    assert json.loads(instruction(dockerfile, "ENTRYPOINT")) == ["jsm-sla-bot"]
    assert json.loads(instruction(dockerfile, "CMD")) == ["run"]


def test_the_builder_is_sent_nothing_by_default(root: Path) -> None:
    """A secret, a journal or .venv in the checkout never ends up in a layer."""
    lines = (root / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"


def test_every_service_is_hardened(services: dict[str, Any]) -> None:
    """Read-only, without capabilities or a way to gain any, stopped in time, asked whether it is well."""
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["stop_grace_period"] == "15s"
        assert service["healthcheck"]["test"][0] == "CMD"


def test_no_secret_stands_in_the_environment(services: dict[str, Any]) -> None:
    """Tokens come as files: an environment is read by `inspect`, by child processes and by crash reports."""
    names = {
        name
        for service in services.values()
        for name in service.get("environment", {})
    }
    assert {
        name
        for name in names
        if "TOKEN" in name and not name.endswith("_FILE")
    } == set()


def test_the_daemon_understands_every_setting_it_is_given(
    dockerfile: str, services: dict[str, Any], tmp_path: Path
) -> None:
    """The image's environment and the Compose file's make up one that the bot accepts as it stands."""
    given = dict(
        re.findall(r"(JSM_SLA_BOT_\w+)=(\S+)", final_stage(dockerfile))
    )
    given |= {
        name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value)
        for name, value in services["bot"]["environment"].items()
    }
    secret = tmp_path / "api_token"
    secret.write_text("sandbox\n", "utf-8")
    settings = read_settings(
        given | {"JSM_SLA_BOT_API_TOKEN_FILE": str(secret)}
    )
    assert settings.journal_url == "sqlite:///jsm-sla-bot.db"
    assert instruction(dockerfile, "WORKDIR") == instruction(
        dockerfile, "VOLUME"
    )
    assert str(settings.config_dir) == "/etc/jsm-sla-bot"
    assert str(settings.health_port) == instruction(dockerfile, "EXPOSE")


def test_the_image_takes_a_journal_of_ones_own(
    dockerfile: str, tmp_path: Path
) -> None:
    """The image sets no journal, so that a file with PostgreSQL's address is not a second one."""
    url = tmp_path / "journal_url"
    url.write_text("postgresql+psycopg://bot:p@db/bot\n", "utf-8")
    given = dict(
        re.findall(r"(JSM_SLA_BOT_\w+)=(\S+)", final_stage(dockerfile))
    )
    given |= {
        "JSM_SLA_BOT_URL": "https://example.atlassian.net",
        "JSM_SLA_BOT_EMAIL": "bot@example.com",
        "JSM_SLA_BOT_API_TOKEN": "token",
        "JSM_SLA_BOT_JOURNAL_URL_FILE": str(url),
    }
    assert read_settings(given).journal_url == url.read_text("utf-8").strip()


def test_the_night_profile_meets_its_own_database(
    root: Path, services: dict[str, Any]
) -> None:
    """What night.env says of PostgreSQL is what the service of the profile is told."""
    lines = (root / "deploy" / "night.env").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if "=" in line)
    url = make_url(given["JSM_SLA_BOT_JOURNAL_URL"])
    profile = given["COMPOSE_PROFILES"]
    database = services[str(url.host)]
    asked = database["environment"]
    assert database["profiles"] == [profile]
    assert (url.username, url.password, url.database) == (
        asked["POSTGRES_USER"],
        asked["POSTGRES_PASSWORD"],
        asked["POSTGRES_DB"],
    )


@needs_promtool
def test_prometheus_takes_its_configuration(root: Path) -> None:
    """With the rules that it names."""
    file = root / "deploy" / "prometheus" / "prometheus.yml"
    found = promtool("check", "config", str(file))
    assert found.returncode == 0, found.stderr


def test_the_bill_of_materials_names_what_is_installed(
    root: Path, dockerfile: str, tmp_path: Path
) -> None:
    """The Dockerfile's own command, here: packages with version and licence, the bot as their subject."""
    written = re.search(r"cyclonedx-py (.*?)\n\n", dockerfile, re.DOTALL)
    assert written
    bill = tmp_path / "sbom.cdx.json"
    here = {
        "pyproject.toml": str(root / "pyproject.toml"),
        "/build/sbom.cdx.json": str(bill),
        "/opt/jsm-sla-bot/bin/python": sys.executable,
    }
    words = written[1].replace("\\\n", " ").split()
    given = (here.get(word, word) for word in words)
    # Its validation against CycloneDX' schema takes twenty seconds.
    subprocess.run(
        [tool("cyclonedx-py"), *given, "--no-validate"],
        capture_output=True,
        check=True,
    )
    listed = json.loads(bill.read_text("utf-8"))
    httpx = next(
        component
        for component in listed["components"]
        if component["name"] == "httpx"
    )
    assert listed["metadata"]["component"]["name"] == "jsm-sla-bot"
    assert httpx["version"] == version("httpx")
    assert httpx["licenses"]
    assert "timestamp" not in listed["metadata"]
    assert "serialNumber" not in listed


def test_the_image_carries_its_bill_of_materials(dockerfile: str) -> None:
    """And not the tool that wrote it."""
    copied = re.findall(r"^COPY --from=sbom (.*)$", dockerfile, re.MULTILINE)
    assert copied == [
        "/build/sbom.cdx.json /usr/share/doc/jsm-sla-bot/sbom.cdx.json"
    ]
