"""The manifests under deploy/kubernetes, as files and put together by kubectl where the machine has one."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

Manifest = dict[str, Any]

KUBECTL = shutil.which("kubectl")
OLDEST = 5
"""The first release of Kustomize, as kubectl brings it, that is tried with these files."""


def overlay(root: Path, name: str) -> dict[str, Manifest]:
    """Return what an overlay comes to, by kind; a skipped test where nothing can put it together."""
    if _kustomize() < OLDEST:
        pytest.skip("no kubectl with Kustomize 5 is installed")
    folder = root / "deploy" / "kubernetes" / "overlays" / name
    built = subprocess.run(
        [str(KUBECTL), "kustomize", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    documents = yaml.load_all(built.stdout, yaml.CSafeLoader)
    return {_key(document): document for document in documents}


def whole_files(root: Path) -> list[Path]:
    """Return the files that are manifests of their own: no patch, no kustomization."""
    folder = root / "deploy" / "kubernetes"
    return sorted({*folder.rglob("*.yaml")} - _others(folder))


def _others(folder: Path) -> set[Path]:
    kustomizations = {*folder.rglob("kustomization.yaml")}
    patches = {
        file.parent / patch["path"]
        for file in kustomizations
        for patch in yaml.safe_load(file.read_text("utf-8")).get("patches", [])
    }
    return kustomizations | patches


def _key(manifest: Manifest) -> str:
    """Return a manifest's kind, or a ConfigMap's name without its hash."""
    if manifest["kind"] != "ConfigMap":
        return str(manifest["kind"])
    name = manifest["metadata"]["name"]
    return "site" if name.startswith("jsm-sla-bot-site-") else name


@cache
def _kustomize() -> int:
    """Return the major version of kubectl's Kustomize; 0 for none."""
    if KUBECTL is None:
        return 0
    asked = subprocess.run(
        [KUBECTL, "version", "--client", "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        return 0
    told = json.loads(asked.stdout).get("kustomizeVersion", "v0")
    return int(re.findall(r"\d+", told)[0])
