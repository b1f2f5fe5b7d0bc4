"""The manifests: valid to the letter, hardened, and speaking of the same settings, files and pages as the code."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from jsm_sla_bot.settings.environment import read_settings
from tests.deploy.kustomize import Manifest, overlay, whole_files

OVERLAYS = ("single", "postgres")


@pytest.fixture(scope="module", params=OVERLAYS)
def built(request: pytest.FixtureRequest, root: Path) -> dict[str, Manifest]:
    """Each overlay's manifests by kind."""
    return overlay(root, request.param)


def container(manifests: dict[str, Manifest]) -> dict[str, Any]:
    """The daemon's container."""
    (only,) = pod(manifests)["containers"]
    return dict(only)


def pod(manifests: dict[str, Manifest]) -> dict[str, Any]:
    """The pod's specification."""
    return dict(manifests["Deployment"]["spec"]["template"]["spec"])


def valid(manifest: Manifest) -> bool:
    """Whether Kubernetes would take it, with no key that it does not know; raises where not."""
    version = kubernetes_validate.latest_version()
    kubernetes_validate.validate(manifest, version, strict=True)
    return True


def test_each_file_is_valid_to_the_letter(root: Path) -> None:
    """A key that Kubernetes does not know is a key that does nothing."""
    for file in whole_files(root):
        manifest = yaml.safe_load(file.read_text("utf-8"))
        if manifest["kind"] == "Deployment":
            selected = {"matchLabels": {"added": "by the kustomization"}}
            manifest["spec"]["selector"] = selected
        assert valid(manifest), file


def test_each_overlay_is_valid_to_the_letter(
    built: dict[str, Manifest],
) -> None:
    """So is what patches and generators make of the files."""
    assert all(valid(manifest) for manifest in built.values())


def test_the_daemon_has_no_power_it_does_not_need(
    built: dict[str, Manifest],
) -> None:
    """Not root, read-only, no capability, no token of Kubernetes', and a namespace that insists on it."""
    inside = container(built)["securityContext"]
    assert inside["readOnlyRootFilesystem"] is True
    assert inside["allowPrivilegeEscalation"] is False
    assert inside["capabilities"] == {"drop": ["ALL"]}
    assert pod(built)["securityContext"]["runAsNonRoot"] is True
    assert pod(built)["automountServiceAccountToken"] is False
    labels = built["Namespace"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_probes_ask_the_pages_that_answer_them(
    built: dict[str, Manifest],
) -> None:
    """A daemon that waits for a person is not killed: liveness asks whether the process works, no more."""
    asked = {
        name: container(built)[f"{name}Probe"]["httpGet"]["path"]
        for name in ("liveness", "readiness", "startup")
    }
    assert asked == {
        "liveness": "/livez",
        "readiness": "/readyz",
        "startup": "/livez",
    }


def test_the_bot_accepts_the_environment(
    built: dict[str, Manifest], tmp_path: Path
) -> None:
    """Every variable is a setting, secrets come as files, and Kubernetes adds no variable of its own."""
    site = built["site"]["data"]
    given = {}
    for variable in container(built)["env"]:
        name, value = variable["name"], variable.get("value", "")
        if name.endswith("_FILE"):
            secret = tmp_path / Path(value).name
            secret.write_text("postgresql+psycopg://u:p@db/bot", "utf-8")
            value = str(secret)
        elif not value:
            value = site[variable["valueFrom"]["configMapKeyRef"]["key"]]
        given[name] = value
    given["JSM_SLA_BOT_CONFIG_DIR"] = "/etc/jsm-sla-bot"
    assert read_settings(given).url == "https://example.atlassian.net"
    assert pod(built)["enableServiceLinks"] is False
    assert not {name for name in given if name.endswith(("TOKEN", "_URL"))} - {
        "JSM_SLA_BOT_URL"
    }


def test_every_file_of_the_configuration_is_mounted(
    root: Path, built: dict[str, Manifest]
) -> None:
    """A calendar that is added to the folder and not to the lists would be missing in the pod alone."""
    config = root / "config"
    files = {
        file.relative_to(config).as_posix() for file in config.rglob("*.yaml")
    } - {"kustomization.yaml"}
    (volume,) = (
        volume["configMap"]
        for volume in pod(built)["volumes"]
        if volume["name"] == "config"
    )
    assert {item["path"] for item in volume["items"]} == files
    assert {item["key"] for item in volume["items"]} == set(
        built["jsm-sla-bot"]["data"]
    )


def test_an_edit_of_the_configuration_starts_no_pod_again(
    built: dict[str, Manifest],
) -> None:
    """The ConfigMap keeps its name, so the daemon takes the edit at a poll, with its checks and its budget."""
    (volume,) = (
        volume["configMap"]
        for volume in pod(built)["volumes"]
        if volume["name"] == "config"
    )
    assert volume["name"] == built["jsm-sla-bot"]["metadata"]["name"]


def test_two_daemons_never_share_a_file(root: Path) -> None:
    """SQLite on a volume: no second pod can mount it."""
    single = overlay(root, "single")
    claim = single["PersistentVolumeClaim"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOncePod"]
    (journal,) = (
        volume
        for volume in pod(single)["volumes"]
        if volume["name"] == "journal"
    )
    name = journal["persistentVolumeClaim"]["claimName"]
    assert name == claim["metadata"]["name"]


def test_one_daemon_serves_a_site(built: dict[str, Manifest]) -> None:
    """There is no standby: a second daemon would write what the first one writes."""
    asked = built["Deployment"]["spec"]
    assert asked["replicas"] == 1
    assert asked["strategy"] == {"type": "Recreate"}


def test_the_database_can_be_reached(root: Path) -> None:
    """PostgreSQL's port is open, where it is used."""
    rules = overlay(root, "postgres")["NetworkPolicy"]["spec"]["egress"]
    reachable = {port["port"] for rule in rules for port in rule["ports"]}
    assert reachable == {53, 443, 5432}
