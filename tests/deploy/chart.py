"""deploy/helm/onrecord as helm renders it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.images import ROOT

CHART = ROOT / "deploy" / "helm" / "onrecord"
KUBERNETES = "1.34.0"


def template(helm: str, values: tuple[Path, ...], settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    options = [part for path in values for part in ("-f", str(path))]
    options += [part for name, value in settings.items() for part in ("--set", f"{name.replace('__', '.')}={value}")]
    command = [helm, "template", "news", str(CHART), "--kube-version", KUBERNETES, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def of(documents: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"].removeprefix("news-"): document for document in documents if document["kind"] == kind}


def pods(documents: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for kind in ("Deployment", "Job"):
        for name, document in of(documents, kind).items():
            pod = document["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            yield name, pod, container
